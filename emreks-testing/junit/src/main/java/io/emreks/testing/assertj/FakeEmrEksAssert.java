package io.emreks.testing.assertj;

import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeLog;
import io.emreks.testing.service.FakeRequest;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;

/** Assertions about what a fake saw. */
public final class FakeEmrEksAssert extends AbstractAssert<FakeEmrEksAssert, FakeEmrEks> {
    FakeEmrEksAssert(FakeEmrEks actual) {
        super(actual, FakeEmrEksAssert.class);
    }

    /** So many job runs were accepted. */
    public FakeEmrEksAssert hasJobRuns(int count) {
        List<FakeJobRun> runs = runs();
        if (runs.size() != count) {
            failWithMessage("Expected %s job runs, but there are %s: %s", count, runs.size(), lines(runs));
        }
        return this;
    }

    /** Every job run has ended. */
    public FakeEmrEksAssert hasNoLiveJobRuns() {
        List<FakeJobRun> live =
                runs().stream().filter(run -> run.finishedAt().isEmpty()).toList();
        if (!live.isEmpty()) {
            failWithMessage("Expected no live job runs, but there are %s: %s", live.size(), lines(live));
        }
        return this;
    }

    /** Goes on with the only job run of this name; fails if there is none or more than one. */
    public FakeJobRunAssert jobRun(String name) {
        return new FakeJobRunAssert(only(name));
    }

    /** Goes on with the only job run; fails if there is none or more than one. */
    public FakeJobRunAssert onlyJobRun() {
        hasJobRuns(1);
        return new FakeJobRunAssert(runs().get(0));
    }

    /**
     * Goes on with what the last driver of the only job run of this name wrote to standard error; fails if there is no such
     * log. The log is in S3 or CloudWatch, where the run's monitoring configuration says.
     */
    public AbstractStringAssert<?> driverStderr(String name) {
        return log(name, "stderr");
    }

    /** As {@link #driverStderr}, for standard output. */
    public AbstractStringAssert<?> driverStdout(String name) {
        return log(name, "stdout");
    }

    /** The service got so many calls of an operation, such as {@code StartJobRun} or {@code PutObject}, answered or not. */
    public FakeEmrEksAssert received(String operation, int times) {
        isNotNull();
        List<FakeRequest> calls = actual.requests().stream()
                .filter(call -> call.operation().equals(operation))
                .toList();
        if (calls.size() != times) {
            failWithMessage(
                    "Expected %s calls of %s, but there were %s: %s", times, operation, calls.size(), lines(calls));
        }
        return this;
    }

    /** The fake knows and implements every call that it got. */
    public FakeEmrEksAssert receivedNoUnexpectedCalls() {
        isNotNull();
        List<FakeRequest> calls =
                actual.requests().stream().filter(FakeRequest::notImplemented).toList();
        if (!calls.isEmpty()) {
            failWithMessage("Expected no calls that the fake does not implement, but got: %s", lines(calls));
        }
        return this;
    }

    private AbstractStringAssert<?> log(String name, String file) {
        List<FakeLog> logs = actual.logs(only(name).id());
        List<FakeLog> drivers = logs.stream()
                .filter(log -> log.ofDriver() && log.file().equals(file))
                .toList();
        if (drivers.isEmpty()) {
            failWithMessage("Expected a driver's %s of job run %s, but its logs are: %s", file, name, lines(logs));
        }
        return Assertions.assertThat(drivers.get(drivers.size() - 1).text())
                .as("%s of the driver of job run %s", file, name);
    }

    private FakeJobRun only(String name) {
        List<FakeJobRun> all = runs();
        List<FakeJobRun> named =
                all.stream().filter(run -> run.name().orElse("").equals(name)).toList();
        if (named.size() != 1) {
            failWithMessage("Expected one job run named %s, but there are %s of: %s", name, named.size(), lines(all));
        }
        return named.get(0);
    }

    private List<FakeJobRun> runs() {
        isNotNull();
        return actual.jobRuns();
    }

    private static String lines(List<?> items) {
        return items.isEmpty()
                ? "none"
                : items.stream().map(FakeEmrEksAssert::line).collect(Collectors.joining("\n  ", "\n  ", ""));
    }

    private static String line(Object item) {
        return item instanceof FakeJobRun run ? FakeJobRunAssert.line(run) : item.toString();
    }
}
