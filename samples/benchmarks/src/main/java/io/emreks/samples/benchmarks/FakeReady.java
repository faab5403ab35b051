package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.emreks.testing.service.FakeEmrEks;
import java.util.List;

/** A process that starts the fake's server and ends, beside one that starts the JDK's. */
final class FakeReady implements Yardstick {
    private static final int PROCESSES = 9;

    @Override
    public String name() {
        return "fake-ready";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        double[] millis = Forks.alternate(
                PROCESSES,
                new Forks.Program(WithFake.class, List.of()),
                new Forks.Program(WithFixedAnswer.class, List.of()));
        return List.of(new Measurement(
                "A process whose fake is ready over HTTP", "ms", millis[0], millis[1], Better.LESS, new Goal.None()));
    }

    /** The fake. */
    static final class WithFake {
        private WithFake() {}

        public static void main(String[] args) {
            FakeEmrEks fake = FakeEmrEks.builder().realTime().build();
            var unused = fake.startServer().endpoint();
            Runtime.getRuntime().halt(0);
        }
    }

    /** The JDK's server. */
    static final class WithFixedAnswer {
        private WithFixedAnswer() {}

        public static void main(String[] args) {
            FixedAnswer.Server server = new FixedAnswer.Server();
            var unused = server.endpoint();
            Runtime.getRuntime().halt(0);
        }
    }
}
