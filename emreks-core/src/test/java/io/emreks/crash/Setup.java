package io.emreks.crash;

import io.emreks.client.EmrEksClient;
import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunRequest;
import io.emreks.retry.Resubmission;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a killed process and its successor both know: where the service is, and which jobs there are to run.
 *
 * @param claims whether the start of a run is claimed in S3
 * @param submitsAll whether a process submits all keys after its recovery, or only those that were not recovered
 * @param tries how often a call is tried
 */
record Setup(URI endpoint, String region, String virtualCluster, boolean claims, boolean submitsAll, int tries) {
    static final int KEYS = 200;

    /** Keys of one name stand for the days of one job; where lists tell nothing, few of a name are looked at. */
    static final int KEYS_OF_A_NAME = 2;

    static final int MAX_ATTEMPTS = 3;
    static final Duration MIN_PAUSE = Duration.ofMillis(50);
    static final Duration MAX_PAUSE = Duration.ofMillis(250);
    static final Duration CLAIM_EXPIRY = Duration.ofSeconds(10);

    static final List<String> ALL_KEYS =
            IntStream.range(0, KEYS).mapToObj("job/%03d"::formatted).toList();

    List<String> arguments() {
        return List.of(
                endpoint.toString(),
                region,
                virtualCluster,
                Boolean.toString(claims),
                Boolean.toString(submitsAll),
                Integer.toString(tries));
    }

    static Setup of(String[] arguments) {
        return new Setup(
                URI.create(arguments[0]),
                arguments[1],
                arguments[2],
                Boolean.parseBoolean(arguments[3]),
                Boolean.parseBoolean(arguments[4]),
                Integer.parseInt(arguments[5]));
    }

    static JobRunRequest request(EmrEksClient client, String key) {
        return client.request(job -> job.name("name-" + ALL_KEYS.indexOf(key) / KEYS_OF_A_NAME)
                .key(key)
                .jar("s3://jobs/job.jar", "com.acme.Job", key)
                .ifKeyIsOver(IfKeyIsOver.RETURN_RESULT)
                .resubmission(Resubmission.upTo(MAX_ATTEMPTS)
                        .onInfrastructureFailure()
                        .pausing(Duration.ofMillis(100), Duration.ofMillis(300))));
    }

    /** How many runs of a key fail before one completes. */
    static int failures(long seed, String key) {
        return Math.max(0, new SplittableRandom(seed * 1_000 + ALL_KEYS.indexOf(key)).nextInt(MAX_ATTEMPTS + 2) - 2);
    }
}
