package io.emreks.testing;

import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeRequest;
import java.time.Duration;
import java.util.List;

/** What a fake saw, as lines for people. */
final class Timeline {
    private static final int LIMIT = 20;

    private Timeline() {}

    static String of(FakeEmrEks fake) {
        List<FakeJobRun> runs = fake.jobRuns();
        List<FakeRequest> requests = fake.requests();
        StringBuilder text = new StringBuilder("The fake service at " + fake.clock().instant() + "\n");
        text.append(heading("Job runs", runs.size()));
        last(runs).forEach(run -> append(text, run));
        text.append(heading("Requests", requests.size()));
        last(requests).forEach(request -> text.append("    ").append(request).append('\n'));
        return text.toString();
    }

    private static String heading(String what, int size) {
        return "  " + what + ": " + (size > LIMIT ? "the last " + LIMIT + " of " + size : size == 0 ? "none" : size) + "\n";
    }

    private static <T> List<T> last(List<T> all) {
        return all.subList(Math.max(0, all.size() - LIMIT), all.size());
    }

    private static void append(StringBuilder text, FakeJobRun run) {
        text.append("    ").append(run.id());
        run.name().ifPresent(name -> text.append(' ').append(name));
        text.append(", accepted ").append(run.createdAt()).append('\n');
        for (FakeJobRun.Change change : run.history()) {
            text.append("      +").append(Duration.between(run.createdAt(), change.at()));
            text.append(' ').append(change.state()).append('\n');
        }
        run.failureReason().ifPresent(reason -> text.append("      ").append(reason).append('\n'));
        run.stateDetails().ifPresent(details -> text.append("      ").append(details).append('\n'));
    }
}
