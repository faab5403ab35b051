package io.emreks.samples.benchmarks;

import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
    private static final TimeValue ITERATION = TimeValue.seconds(2);

    private Jmh() {}

    static List<Measurement> compare(Class<?> type, String what, double timeGoal, double allocationGoal)
            throws RunnerException {
        return compare(type, what, new Goal.Ratio(timeGoal), new Goal.Ratio(allocationGoal));
    }

    static List<Measurement> compare(Class<?> type, String what, Goal timeGoal, Goal allocationGoal)
            throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(type.getName().replace(".", "\\.") + "\\..*")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.MICROSECONDS)
                        .forks(2)
                        .warmupIterations(5)
                        .warmupTime(ITERATION)
                        .measurementIterations(5)
                        .measurementTime(ITERATION)
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        RunResult emreks = method(results, "emreks");
        RunResult baseline = method(results, "baseline");
        return List.of(
                new Measurement(
                        what + ": time",
                        "µs",
                        emreks.getPrimaryResult().getScore(),
                        baseline.getPrimaryResult().getScore(),
                        Better.LESS,
                        timeGoal),
                new Measurement(
                        what + ": allocation",
                        "B",
                        allocated(emreks),
                        allocated(baseline),
                        Better.LESS,
                        allocationGoal));
    }

    private static RunResult method(Collection<RunResult> results, String name) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + name))
                .findFirst()
                .orElseThrow();
    }

    private static double allocated(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
    }
}
