package io.emreks.testing;

import io.emreks.event.JobRunEvent;
import io.emreks.event.JobRunListener;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a fake saw and its client told, as lines for people. */
final class Timeline implements JobRunListener {
    private static final int LIMIT = 20;

    private final FakeEmrEks fake;
    private final Deque<JobRunEvent> heard = new ArrayDeque<>();
    private int count;

    Timeline(FakeEmrEks fake) {
        this.fake = fake;
    }

    @Override
    public synchronized void onEvent(JobRunEvent event) {
        count++;
        heard.add(event);
        if (heard.size() > LIMIT + 1) { // one more than is shown, which tells that there were more
            heard.remove();
        }
    }

    String text() {
        List<JobRunEvent> events;
        int told;
        synchronized (this) {
            events = List.copyOf(heard);
            told = count;
        }
        List<FakeJobRun> runs = fake.jobRuns();
        List<FakeRequest> requests = fake.requests();
        StringBuilder text =
                new StringBuilder("The fake service at " + fake.clock().instant() + "\n");
        section(
                text,
                "Job runs",
                runs.size(),
                runs.stream().map(Timeline::lines).toList());
        section(text, "Requests", requests.size(), lines(requests));
        section(
                text,
                "Events of the client",
                told,
                events.stream().map(Timeline::line).toList());
        return text.toString();
    }

    private static String line(JobRunEvent event) {
        String detail = "";
        if (event instanceof JobRunEvent.StateChanged change) {
            detail = " " + change.state();
        } else if (event instanceof JobRunEvent.PollFailed look) {
            detail = ": " + look.reason();
        } else if (event instanceof JobRunEvent.Ended end) {
            detail = end.failure().map(failure -> ": " + failure.getMessage()).orElse(" COMPLETED");
        } else if (event instanceof JobRunEvent.WatchStopped stopped) {
            detail = ": " + stopped.reason().getMessage();
        }
        return event.at() + " " + event.jobName()
                + event.ref().map(ref -> " " + ref.id()).orElse("") + " "
                + event.getClass().getSimpleName() + detail;
    }

    private static void section(StringBuilder text, String title, int count, List<String> entries) {
        text.append("  ").append(title).append(": ").append(count).append('\n');
        if (entries.size() > LIMIT) {
            text.append("    (earlier ones left out)\n");
        }
        entries.subList(Math.max(0, entries.size() - LIMIT), entries.size())
                .forEach(entry -> text.append("    ").append(entry).append('\n'));
    }

    private static String lines(FakeJobRun run) {
        StringBuilder text = new StringBuilder(run.id());
        run.name().ifPresent(name -> text.append(' ').append(name));
        text.append(", accepted ").append(run.createdAt());
        for (FakeJobRun.Change change : run.history()) {
            text.append("\n      +").append(Duration.between(run.createdAt(), change.at()));
            text.append(' ').append(change.state());
        }
        run.failureReason().ifPresent(reason -> text.append("\n      ").append(reason));
        run.stateDetails().ifPresent(details -> text.append("\n      ").append(details));
        return text.toString();
    }

    /** A line per call, and one for a row of equal calls. */
    private static List<String> lines(List<FakeRequest> requests) {
        List<String> lines = new ArrayList<>();
        int next;
        for (int i = 0; i < requests.size(); i = next) {
            FakeRequest first = requests.get(i);
            next = i + 1;
            while (next < requests.size() && same(first, requests.get(next))) {
                next++;
            }
            int more = next - i - 1;
            lines.add(first
                    + (more == 0
                            ? ""
                            : ", " + more + " more until "
                                    + requests.get(next - 1).at()));
        }
        return lines;
    }

    private static boolean same(FakeRequest one, FakeRequest other) {
        return one.operation().equals(other.operation())
                && one.path().equals(other.path())
                && one.query().equals(other.query())
                && one.status() == other.status();
    }
}
