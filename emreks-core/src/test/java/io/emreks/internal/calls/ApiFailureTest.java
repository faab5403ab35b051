package io.emreks.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.calls.ApiFailure.Kind;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class ApiFailureTest {
    private final ApiFailure failure =
            new ApiFailure(Kind.THROTTLED, "Rate exceeded", new IllegalStateException("why"));

    @Test
    void isFoundInWhatFuturesWrapItIn() {
        assertThat(ApiFailure.in(new CompletionException(new CompletionException(failure))))
                .isSameAs(failure);
        assertThat(ApiFailure.in(failure)).isSameAs(failure);
    }

    @Test
    void anythingElseIsUnexpectedAndMayHaveTakenEffect() {
        IllegalStateException stranger = new IllegalStateException("stranger");
        ApiFailure found = ApiFailure.in(new CompletionException(stranger));
        assertThat(found.kind()).isEqualTo(Kind.UNEXPECTED);
        assertThat(found.mayHaveTakenEffect()).isTrue();
        assertThat(found)
                .hasMessage("java.lang.IllegalStateException: stranger")
                .hasCause(stranger);

        CompletionException empty = new CompletionException("nothing in it", null);
        assertThat(ApiFailure.in(empty)).hasCause(empty);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void beforeSendingNothingCanHaveTakenEffect(Kind kind) {
        ApiFailure before = new ApiFailure(kind, "words", null).beforeSending();
        assertThat(before.mayHaveTakenEffect()).isFalse();
        assertThat(before.kind()).isEqualTo(kind == Kind.UNEXPECTED ? Kind.OTHER : kind);
        assertThat(before).hasMessage("words");
    }

    @Test
    void whatIsAddedLeavesTheRestAsItWas() {
        assertThat(failure.mayHaveTakenEffect()).isFalse();
        assertThat(failure.tries()).isEqualTo(1);
        assertThat(failure.ofUnseenTries().mayHaveTakenEffect()).isTrue();
        assertThat(failure.afterTries(3, true).tries()).isEqualTo(3);
        assertThat(failure.afterTries(3, true).ofUnseenTries())
                .returns(Kind.THROTTLED, ApiFailure::kind)
                .returns(3, ApiFailure::tries)
                .hasMessage("Rate exceeded")
                .hasCause(failure.getCause());
    }
}
