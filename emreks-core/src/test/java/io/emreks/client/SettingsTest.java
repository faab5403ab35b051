package io.emreks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.retry.ApiRetry;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class SettingsTest {
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void everyWrongFieldOfTheRetryIsNamed() {
        assertThatThrownBy(() -> ApiRetry.builder()
                        .maxAttempts(0)
                        .initialDelay(Duration.ZERO)
                        .throttledDelay(Duration.ofSeconds(-1))
                        .maxDelay(FOR_EVER)
                        .tryTimeout(FOR_EVER)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxAttempts")
                .hasMessageContaining("initialDelay")
                .hasMessageContaining("throttledDelay")
                .hasMessageContaining("maxDelay")
                .hasMessageContaining("tryTimeout");
    }

    @Test
    void everyWrongFieldOfTheWatchIsNamed() {
        assertThatThrownBy(() -> WatchSettings.builder()
                        .minPause(Duration.ZERO)
                        .maxPause(FOR_EVER)
                        .giveUpAfter(FOR_EVER)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("minPause")
                .hasMessageContaining("maxPause")
                .hasMessageContaining("giveUpAfter");
    }

    @Test
    void everyWrongFieldOfTheQuotasAndTheEventsIsNamed() {
        assertThatThrownBy(() ->
                        ApiQuotas.builder().share(0).watchingShare(Double.NaN).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("share is 0.0", "watchingShare is NaN");
        assertThatThrownBy(() -> new ApiQuotas.Bucket(0.5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("burst is 0.5", "perSecond is 0.0");
        assertThatThrownBy(() -> ApiQuotas.publishedTimes(0.5)).hasMessageContaining("share(…)");
        assertThatThrownBy(() -> EventSettings.builder()
                        .queueUrl(URI.create("orders-1"))
                        .reconcileEvery(Duration.ZERO)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("queueUrl is orders-1", "reconcileEvery is PT0S");
    }

    @Test
    void aPlaceForArtifactsThatIsNoneIsRefused() {
        assertThatThrownBy(
                        () -> EmrEksClient.builder().artifacts("bucket/prefix").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("artifacts")
                .hasMessageContaining("s3://");
    }

    @Test
    void aRuntimeOfSomebodyElseIsRefused() {
        assertThatThrownBy(() -> EmrEksClient.builder().runtime(() -> {}).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EmrEksRuntime.builder()");
    }

    @Test
    void aCloseForEverCloses() {
        EmrEksClient client = EmrEksClient.builder().region("us-east-1").build();
        assertThat(client.close(FOR_EVER).leftRunning()).isEmpty();
    }
}
