package io.emreks.samples.benchmarks;

import io.emreks.client.AwsService;
import io.emreks.client.EmrEksClient;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeServer;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;

/** A process that starts one job run over HTTP and ends, with emreks and with the AWS SDK alone. */
final class FirstSubmit implements Yardstick {
    private static final int PROCESSES = 15;

    @Override
    public String name() {
        return "first-submit";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        try (FakeEmrEks fake = FakeEmrEks.builder().realTime().build();
                FakeServer server = fake.startServer()) {
            List<String> arguments = List.of(server.endpoint().toString(), fake.createVirtualCluster("benchmarks"));
            Forks.Program emreks = new Forks.Program(WithEmreks.class, arguments);
            Forks.Program aws = new Forks.Program(WithAws.class, arguments);
            double warmUp = emreks.millis() + aws.millis();
            double[] millis = Forks.alternate(PROCESSES, emreks, aws);
            if (warmUp <= 0 || fake.jobRuns().size() != 2 * (PROCESSES + 1)) {
                throw new IllegalStateException("Not every process started a run");
            }
            return List.of(new Measurement(
                    "A process that starts one run", "ms", millis[0], millis[1], Better.LESS, new Goal.Excess(100)));
        }
    }

    /** Ends without a shutdown once the run is accepted: how long clients take to close is another matter. */
    private static void endNow() {
        Runtime.getRuntime().halt(0);
    }

    /** With emreks. */
    static final class WithEmreks {
        private WithEmreks() {}

        public static void main(String[] args) {
            EmrEksClient emr = EmrEksClient.builder()
                    .region(Jobs.REGION)
                    .credentials(Jobs.CREDENTIALS)
                    .endpoint(AwsService.EMR_CONTAINERS, URI.create(args[0]))
                    .virtualCluster(args[1])
                    .executionRole(Jobs.ROLE)
                    .build();
            var unused = emr.submit(Jobs::emreks).accepted().join();
            endNow();
        }
    }

    /** With the AWS SDK. */
    static final class WithAws {
        private WithAws() {}

        public static void main(String[] args) {
            EmrContainersAsyncClient aws =
                    Jobs.awsClient().endpointOverride(URI.create(args[0])).build();
            var unused = aws.startJobRun(Jobs.aws(args[1])).join();
            endNow();
        }
    }
}
