package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import java.nio.file.Path;
import java.util.List;

/** The fake as a program, until it says that it is ready, beside a process that starts the JDK's server. */
final class FakeReady implements Yardstick {
    private static final int PROCESSES = 9;
    private static final Path JAR = Path.of("emreks-testing/junit/target/emreks-testing-server.jar");

    @Override
    public String name() {
        return "fake-ready";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        double[] millis = Forks.alternate(
                PROCESSES,
                () -> Forks.millisToFirstLine(List.of("-jar", JAR.toString(), "--port", "0")),
                () -> Forks.millisToFirstLine(
                        List.of("-cp", System.getProperty("java.class.path"), WithFixedAnswer.class.getName())));
        return List.of(new Measurement(
                "The standalone fake: from its start to ready",
                "ms",
                millis[0],
                millis[1],
                Better.LESS,
                new Goal.AtMost(1_500)));
    }

    /** The JDK's server. */
    static final class WithFixedAnswer {
        private WithFixedAnswer() {}

        public static void main(String[] args) {
            System.out.println(new FixedAnswer.Server().endpoint());
        }
    }
}
