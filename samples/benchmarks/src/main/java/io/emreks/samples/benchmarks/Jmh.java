package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs a JMH class whose methods {@code emreks} and {@code baseline} do the same: time and allocation of both. */
final class Jmh {
    private static final TimeValue ITERATION = TimeValue.seconds(3);

    /** The compiler needs half a minute for the SDK's deep stacks; what a cold start costs is measured by whole processes. */
    private static final int WARM_AFTER = 15;

    /** What the machine does besides then hits both alike. */
    private static final int TURNS = 2;

    private Jmh() {}

    static List<Measurement> compare(Class<?> type, String what, double timeGoal, double allocationGoal)
            throws RunnerException {
        return compare(type, what, new Goal.Ratio(timeGoal), new Goal.Ratio(allocationGoal));
    }

    static List<Measurement> compare(Class<?> type, String what, Goal timeGoal, Goal allocationGoal)
            throws RunnerException {
        List<RunResult> results = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            results.addAll(run(type));
        }
        return List.of(
                new Measurement(
                        what + ": time",
                        "µs",
                        mean(results, "emreks", Jmh::time),
                        mean(results, "baseline", Jmh::time),
                        Better.LESS,
                        timeGoal),
                new Measurement(
                        what + ": allocation",
                        "B",
                        mean(results, "emreks", Jmh::allocated),
                        mean(results, "baseline", Jmh::allocated),
                        Better.LESS,
                        allocationGoal));
    }

    private static Collection<RunResult> run(Class<?> type) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(type.getName().replace(".", "\\.") + "\\..*")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.MICROSECONDS)
                        .forks(1)
                        .jvmArgsAppend(Forks.STEADY_HEAP.toArray(String[]::new))
                        .warmupIterations(WARM_AFTER)
                        .warmupTime(ITERATION)
                        .measurementIterations(5)
                        .measurementTime(ITERATION)
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
    }

    private static double mean(List<RunResult> results, String method, ToDoubleFunction<RunResult> figure) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + method))
                .mapToDouble(figure)
                .average()
                .orElseThrow();
    }

    private static double time(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static double allocated(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
    }
}
