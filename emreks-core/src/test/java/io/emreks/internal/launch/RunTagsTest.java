package io.emreks.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.outcome.History;
import io.emreks.internal.outcome.History.Failure;
import io.emreks.retry.FailureClass;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class RunTagsTest {
    private static final RunTags TAGS = new RunTags("emreks:");
    private static final Lineage ORDERS = new Lineage("orders-service", "orders/2026-11-22", true);
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    /** Other versions read these very tags; they must never change. */
    @Test
    void tagsAreAWireContract() {
        History history = new History(3, List.of(new Failure(FailureClass.CLUSTER_UNAVAILABLE, AT)))
                .with(FailureClass.OUT_OF_MEMORY, AT.plusSeconds(60));
        assertThat(TAGS.of(ORDERS, history, Optional.of("0000000378nc2aque5r"), "0123456789abcdef"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "emreks:owner", "orders-service",
                        "emreks:key", "orders/2026-11-22",
                        "emreks:attempt", "5",
                        "emreks:spec", "0123456789abcdef",
                        "emreks:follows", "0000000378nc2aque5r",
                        "emreks:history", "c1795341600.o1795341660"));
        assertThat(TAGS.of(ORDERS, History.NONE, Optional.empty(), "0123456789abcdef"))
                .containsOnlyKeys("emreks:owner", "emreks:key", "emreks:attempt", "emreks:spec")
                .containsEntry("emreks:attempt", "1");
        assertThat(RunTags.specification("{\"name\":\"orders\"}")).isEqualTo("7295b599c16d19e3");
    }

    @Test
    void everyFailureThatCanBeFollowedHasALetter() {
        Map<FailureClass, String> letters = Map.of(
                FailureClass.CLUSTER_UNAVAILABLE, "c",
                FailureClass.INTERNAL_ERROR, "i",
                FailureClass.START_TIMEOUT, "s",
                FailureClass.RUN_TIMEOUT, "r",
                FailureClass.SPOT_LOSS, "l",
                FailureClass.OUT_OF_MEMORY, "o",
                FailureClass.APPLICATION, "a",
                FailureClass.MONITORING_LOST, "m");
        Set<FailureClass> never = EnumSet.of(FailureClass.VALIDATION, FailureClass.UNKNOWN);
        assertThat(letters.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(never)));
        letters.forEach(
                (failure, letter) -> assertThat(TAGS.of(ORDERS, History.NONE.with(failure, AT), Optional.empty(), "x"))
                        .containsEntry("emreks:history", letter + "1795341600"));
    }

    @Test
    void aLongHistoryKeepsItsLengthAndItsNewestFailures() {
        History history = History.NONE;
        for (int i = 0; i < 30; i++) {
            history = history.with(i % 2 == 0 ? FailureClass.APPLICATION : FailureClass.SPOT_LOSS, AT.plusSeconds(i));
        }
        Map<String, String> tags = TAGS.of(ORDERS, history, Optional.empty(), "x");
        assertThat(tags.get("emreks:history")).startsWith("a1795341610x11.l1795341611.a1795341612");
        History read = TAGS.history(tags).orElseThrow();
        assertThat(read.attempts()).isEqualTo(30);
        assertThat(read.failures()).hasSize(30);
        assertThat(read.failures().subList(10, 30)).isEqualTo(history.failures().subList(10, 30));
        assertThat(read.failures().subList(0, 10))
                .containsOnly(new Failure(FailureClass.APPLICATION, AT.plusSeconds(10)));
    }

    @Provide
    Arbitrary<History> histories() {
        Arbitrary<FailureClass> classes = Arbitraries.of(FailureClass.values())
                .filter(failure -> failure != FailureClass.VALIDATION && failure != FailureClass.UNKNOWN);
        // whole seconds that have ten digits, from 2001 to 2286
        Arbitrary<Instant> instants =
                Arbitraries.longs().between(1_000_000_000L, 9_999_999_999L).map(Instant::ofEpochSecond);
        Arbitrary<List<Failure>> failures =
                Combinators.combine(classes, instants).as(Failure::new).list().ofMaxSize(60);
        return Combinators.combine(failures, Arbitraries.integers().between(0, 900))
                .as((all, forgotten) -> new History(all.size() + forgotten, all));
    }

    @Property
    void historiesComeBack(@ForAll("histories") History history) {
        Map<String, String> tags = TAGS.of(ORDERS, history, Optional.empty(), "x");
        History read = TAGS.history(tags).orElseThrow();
        assertThat(read.attempts()).isEqualTo(history.attempts());
        assertThat(read.failures()).hasSameSizeAs(history.failures());
        int kept = Math.min(20, history.failures().size());
        int size = history.failures().size();
        assertThat(read.failures().subList(size - kept, size))
                .isEqualTo(history.failures().subList(size - kept, size));
    }

    /** Service model: at most 256 characters in the value of a tag; what a request may bring is limited by validation. */
    @Property
    void tagsFitTheService(
            @ForAll @StringLength(max = 128) String owner,
            @ForAll @StringLength(max = 256) String key,
            @ForAll("histories") History history,
            @ForAll boolean follows) {
        Map<String, String> tags = TAGS.of(
                new Lineage(owner, key, true),
                history,
                follows ? Optional.of("0".repeat(64)) : Optional.empty(),
                RunTags.specification(key));
        assertThat(tags).hasSizeLessThanOrEqualTo(RunTags.COUNT);
        assertThat(tags.keySet()).allMatch(name -> name.startsWith("emreks:"));
        assertThat(tags.values()).allMatch(value -> value.length() <= 256);
        assertThat(tags.get("emreks:history") == null
                        || tags.get("emreks:history").matches("[0-9a-z.]+"))
                .isTrue();
    }

    @Property
    void whoseARunIsComesBack(
            @ForAll @StringLength(max = 20) String owner,
            @ForAll @StringLength(max = 20) String key,
            @ForAll @StringLength(max = 3) String otherOwner,
            @ForAll @StringLength(max = 3) String otherKey) {
        Map<String, String> tags = TAGS.of(new Lineage(owner, key, true), History.NONE, Optional.of("before"), "spec");
        assertThat(TAGS.areOf(new Lineage(owner, key, true), tags)).isTrue();
        assertThat(TAGS.areOf(new Lineage(otherOwner, key, true), tags)).isEqualTo(otherOwner.equals(owner));
        assertThat(TAGS.areOf(new Lineage(owner, otherKey, true), tags)).isEqualTo(otherKey.equals(key));
        assertThat(TAGS.key(owner, tags)).contains(key);
        assertThat(TAGS.key(otherOwner, tags).isPresent()).isEqualTo(otherOwner.equals(owner));
        assertThat(TAGS.predecessor(tags)).contains("before");
        assertThat(TAGS.specification(tags)).contains("spec");
        assertThat(new RunTags("mine:").key(owner, tags)).isEmpty();
        assertThat(new RunTags("mine:").history(tags)).isEmpty();
    }

    /** Anybody who may tag can write anything. */
    @Property
    void hostileTagsAreReadWithoutFailing(@ForAll("hostile") String attempt, @ForAll("hostile") String written) {
        Map<String, String> tags = Map.of("emreks:attempt", attempt, "emreks:history", written);
        History read = TAGS.history(tags).orElseThrow();
        assertThat(read.attempts()).isGreaterThanOrEqualTo(read.failures().size());
        assertThat(read.failures()).hasSizeLessThanOrEqualTo(256 / 7 * 999 + 999);
        assertThat(TAGS.key("owner", tags)).isEmpty();
        assertThat(TAGS.areOf(ORDERS, tags)).isFalse();
        assertThat(TAGS.predecessor(tags)).isEmpty();
        assertThat(TAGS.specification(tags)).isEmpty();
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(256),
                Arbitraries.strings().withChars("aciz.x019-+ ").ofMaxLength(256),
                Arbitraries.of(
                        "",
                        "0",
                        "-1",
                        "1e9",
                        "99999999999999999999",
                        "2147483648",
                        "999999999",
                        "٣",
                        "a",
                        "a1x",
                        "a1x0"));
    }

    @Test
    void whatCannotBeReadIsLeftOut() {
        Map<String, String> tags = Map.of(
                "emreks:attempt", "7", "emreks:history", "z1795341600.a1795341600..a.c1795341600x0.1795341600.A1.o-5");
        assertThat(TAGS.history(tags)).contains(new History(6, List.of(new Failure(FailureClass.APPLICATION, AT))));
        assertThat(TAGS.history(Map.of("emreks:attempt", "007"))).contains(History.NONE);
        assertThat(TAGS.history(Map.of("emreks:attempt", "1", "emreks:history", "a1795341600")))
                .contains(new History(1, List.of(new Failure(FailureClass.APPLICATION, AT))));
        assertThat(TAGS.history(Map.of())).isEmpty();
    }
}
