package io.emreks.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.error.ClientClosedException;
import io.emreks.error.JobRunCancelledException;
import io.emreks.error.JobRunFailedException;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.TimeLimit;
import io.emreks.retry.FailureClass;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private static final Instant START = Instant.parse("2026-11-22T10:15:00.250Z");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Instant at(int seconds) {
        return START.plusSeconds(seconds);
    }

    private static JobRunRef run(int number) {
        return new JobRunRef("a".repeat(25), "%019d".formatted(number));
    }

    private static JobRunSnapshot snapshot(int number, JobRunState state, int seconds, String details) {
        return JobRunSnapshot.builder()
                .ref(run(number))
                .state(state)
                .serviceState(state.name())
                .stateDetails(Optional.of(details).filter(text -> !text.isEmpty()))
                .createdAt(Optional.of(START))
                .finishedAt(state.terminal() ? Optional.of(at(seconds)) : Optional.empty())
                .observedAt(at(seconds))
                .build();
    }

    private static JobRunEvent accepted(int number, String name) {
        return new JobRunEvent.Accepted(at(0), name, run(number));
    }

    private static JobRunEvent in(int number, String name, JobRunState state, int seconds, String details) {
        return new JobRunEvent.StateChanged(
                at(seconds), name, snapshot(number, state, seconds, details), Optional.empty());
    }

    private static JobRunEvent completed(int number, String name, int seconds) {
        return new JobRunEvent.Ended(
                at(seconds), name, Optional.of(snapshot(number, JobRunState.COMPLETED, seconds, "")), Optional.empty());
    }

    @Test
    void withoutATerminalEachEventIsALine() {
        ConsoleProgress progress = ConsoleProgress.plain(out);
        everyKind().forEach(progress::onEvent);
        assertThat(printed().lines())
                .containsExactly(
                        "2026-11-22T10:15:00Z orders 0000000000000000001 accepted",
                        "2026-11-22T10:15:00Z orders 0000000000000000001 was there already and is followed",
                        "2026-11-22T10:15:02Z orders 0000000000000000001 SUBMITTED: waits for room",
                        "2026-11-22T10:15:03Z orders 0000000000000000001 could not be looked at: throttled",
                        "2026-11-22T10:15:04Z orders 0000000000000000001 driver started again, attempt 2: lost node",
                        "2026-11-22T10:15:05Z orders 0000000000000000001 START_TIMEOUT 1h 1m 1s has passed: waits for room",
                        "2026-11-22T10:15:06Z orders 0000000000000000001 cancel requested",
                        "2026-11-22T10:15:07Z orders 0000000000000000001 a second live run of its key is cancelled: "
                                + run(2),
                        "2026-11-22T10:15:08Z orders 0000000000000000001 FAILED after 8s [SPOT_LOSS], submitted again in"
                                + " 1m 0s: no nodes",
                        "2026-11-22T10:16:03Z orders 0000000000000000003 COMPLETED after 1m 3s",
                        "2026-11-22T10:16:04Z orders 0000000000000000004 FAILED after 1m 4s: Job run " + run(4)
                                + " FAILED: out of luck | look there",
                        "2026-11-22T10:16:05Z orders not started: Job run orders was cancelled before it was started",
                        "2026-11-22T10:16:06Z orders 0000000000000000005 no longer followed: The client was closed");
    }

    private static List<JobRunEvent> everyKind() {
        JobRunSnapshot failed = snapshot(4, JobRunState.FAILED, 64, "out of luck");
        return List.of(
                accepted(1, "orders"),
                new JobRunEvent.Joined(at(0), "orders", run(1), Optional.of(true)),
                in(1, "orders", JobRunState.SUBMITTED, 2, "waits for room"),
                new JobRunEvent.PollFailed(at(3), "orders", run(1), "throttled", at(9)),
                new JobRunEvent.DriverRestarted(
                        at(4), "orders", run(1), OptionalInt.of(2), Optional.empty(), Optional.of("lost node")),
                new JobRunEvent.TimeLimitPassed(
                        at(5),
                        "orders",
                        run(1),
                        FailureClass.START_TIMEOUT,
                        new TimeLimit(Duration.ofSeconds(3661), TimeLimit.Then.TELL),
                        "waits for room"),
                new JobRunEvent.CancelRequested(at(6), "orders", run(1)),
                new JobRunEvent.DuplicateCancelled(at(7), "orders", run(1), run(2)),
                new JobRunEvent.AttemptEnded(
                        at(8),
                        "orders",
                        snapshot(1, JobRunState.FAILED, 8, "no nodes"),
                        FailureClass.SPOT_LOSS,
                        Duration.ofMinutes(1),
                        List.of()),
                completed(3, "orders", 63),
                new JobRunEvent.Ended(
                        at(64),
                        "orders",
                        Optional.of(failed),
                        Optional.of(new JobRunFailedException(failed, FailureClass.UNKNOWN, " | look there"))),
                new JobRunEvent.Ended(
                        at(65),
                        "orders",
                        Optional.empty(),
                        Optional.of(JobRunCancelledException.neverStarted("orders"))),
                new JobRunEvent.WatchStopped(
                        at(66),
                        "orders",
                        Optional.of(run(5)),
                        new ClientClosedException(
                                "The client was closed", ClientClosedException.Fate.STARTED, run(5))));
    }

    @Test
    void theLinesHereShowEveryKindOfEvent() {
        assertThat(everyKind().stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(JobRunEvent.class.getPermittedSubclasses()));
    }

    /** The bytes themselves: up to the first line of the picture, clear the rest, draw anew. */
    @Test
    void onATerminalALiveRunIsALineThatChangesInPlace() {
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 80, 24);
        progress.onEvent(accepted(1, "orders"));
        progress.onEvent(accepted(2, "customers"));
        progress.onEvent(in(1, "orders", JobRunState.RUNNING, 62, ""));
        progress.onEvent(completed(1, "orders", 722));
        progress.onEvent(completed(2, "customers", 723));
        assertThat(printed())
                .isEqualTo("orders  accepted since 10:15:00Z  0000000000000000001\n"
                        + "\u001b[1F\u001b[J"
                        + "orders     accepted since 10:15:00Z  0000000000000000001\n"
                        + "customers  accepted since 10:15:00Z  0000000000000000002\n"
                        + "\u001b[2F\u001b[J"
                        + "orders     RUNNING since 10:16:02Z  0000000000000000001\n"
                        + "customers  accepted since 10:15:00Z  0000000000000000002\n"
                        + "\u001b[2F\u001b[J"
                        + "orders  0000000000000000001  COMPLETED after 12m 2s\n"
                        + "customers  accepted since 10:15:00Z  0000000000000000002\n"
                        + "\u001b[1F\u001b[J"
                        + "customers  0000000000000000002  COMPLETED after 12m 3s\n");
    }

    @Test
    void anEventThatChangesNothingDrawsNothing() {
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 80, 24);
        progress.onEvent(accepted(1, "orders"));
        String before = printed();
        progress.onEvent(accepted(1, "orders"));
        assertThat(printed()).isEqualTo(before);
    }

    @Test
    void aRunThatIsSubmittedAgainGetsANewLine() {
        Terminal terminal = new Terminal(100, 10);
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 100, 10);
        progress.onEvent(accepted(1, "orders"));
        progress.onEvent(everyKind().stream()
                .filter(JobRunEvent.AttemptEnded.class::isInstance)
                .findFirst()
                .orElseThrow());
        progress.onEvent(accepted(2, "orders"));
        assertThat(terminal.shows(printed()))
                .containsExactly(
                        "orders  0000000000000000001  FAILED after 8s [SPOT_LOSS], submitted again in 1m 0s: no nodes",
                        "orders  accepted since 10:15:00Z  0000000000000000002");
    }

    @Test
    void whatDoesNotFitOnTheScreenIsCounted() {
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 60, 5);
        IntStream.rangeClosed(1, 10).forEach(i -> progress.onEvent(accepted(i, "job-" + i)));
        IntStream.rangeClosed(4, 8).forEach(i -> progress.onEvent(in(i, "job-" + i, JobRunState.RUNNING, 3, "")));
        assertThat(new Terminal(60, 5).shows(printed()))
                .containsExactly(
                        "job-1  accepted since 10:15:00Z  0000000000000000001",
                        "job-2  accepted since 10:15:00Z  0000000000000000002",
                        "job-3  accepted since 10:15:00Z  0000000000000000003",
                        "and 7 more: 5 RUNNING, 2 accepted");
    }

    @Test
    void longTextIsCutOffSoThatNoLineWraps() {
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 40, 5);
        progress.onEvent(in(1, "n".repeat(64), JobRunState.SUBMITTED, 1, "details ".repeat(32)));
        progress.onEvent(in(2, "表".repeat(64), JobRunState.RUNNING, 1, ""));
        assertThat(new Terminal(40, 5).shows(printed()))
                .containsExactly("nnnnnnnnnnnnnnnnnn..  SUBMITTED since..", "表表表表表表表表表..  RUNNING since 1..");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        String evil = "a\u001b[2Jb\nc\rd\u0007e\u202ef\u2028g\u009bh\ud800i";
        for (ConsoleProgress progress : List.of(ConsoleProgress.onTerminal(out, 120, 24), ConsoleProgress.plain(out))) {
            bytes.reset();
            progress.onEvent(in(1, evil, JobRunState.RUNNING, 1, evil));
            progress.onEvent(new JobRunEvent.PollFailed(at(2), evil, run(1), evil, at(9)));
            progress.onEvent(completed(1, evil, 3));
            assertThat(printed()
                            .replace("\u001b[1F\u001b[J", "")
                            .replace("\n", "")
                            .codePoints())
                    .allMatch(c -> c >= ' ' && c < 0x7f);
            assertThat(printed()).contains("a?[2Jb?c?d?e?f?g?h?i");
        }
    }

    /** Whatever comes in whatever order, the screen shows what lives, and nothing is kept of what is over. */
    @Test
    void theScreenIsRightAfterAnyStory() {
        SplittableRandom random = new SplittableRandom(7);
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 70, 8);
        List<Integer> live = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            if (live.size() < 12 && random.nextBoolean()) {
                live.add(i);
                progress.onEvent(accepted(i, "job-" + i));
            } else if (!live.isEmpty()) {
                int number = live.get(random.nextInt(live.size()));
                if (random.nextBoolean()) {
                    progress.onEvent(in(number, "job-" + number, JobRunState.RUNNING, i % 50, ""));
                } else {
                    live.remove((Integer) number);
                    progress.onEvent(completed(number, "job-" + number, i));
                }
            }
        }
        List<String> screen = new Terminal(70, 8).shows(printed());
        List<String> picture = screen.subList(screen.size() - Math.min(live.size(), 7), screen.size());
        int named = live.size() <= 7 ? live.size() : 6;
        for (int i = 0; i < named; i++) {
            assertThat(picture.get(i)).startsWith("job-" + live.get(i) + " ").contains(" since ");
        }
        if (live.size() > 7) {
            assertThat(picture.get(6)).startsWith("and " + (live.size() - 6) + " more: ");
        }
        live.forEach(number -> progress.onEvent(completed(number, "job-" + number, 1)));
        bytes.reset();
        progress.onEvent(accepted(9_999, "last"));
        assertThat(printed()).isEqualTo("last  accepted since 10:15:00Z  0000000000000009999\n");
    }

    @Test
    void manyThreadsDrawOnePictureAfterTheOther() throws InterruptedException {
        ConsoleProgress progress = ConsoleProgress.onTerminal(out, 80, 24);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(t -> new Thread(() -> {
                    for (int i = 1; i <= 50; i++) {
                        progress.onEvent(accepted(t * 100 + i, "job"));
                        progress.onEvent(completed(t * 100 + i, "job", i));
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        List<String> lines = new Terminal(80, 1_000).shows(printed());
        assertThat(lines).hasSize(200).allMatch(line -> line.matches("job  \\d{19}  COMPLETED after .*"));
    }

    @Test
    void aTerminalIsOneThatCanMoveItsCursor() {
        assertThat(ConsoleProgress.canMoveCursor(Map.of("TERM", "xterm-256color"), true))
                .isTrue();
        assertThat(ConsoleProgress.canMoveCursor(Map.of("TERM", "xterm", "NO_COLOR", "1"), true))
                .isTrue();
        assertThat(ConsoleProgress.canMoveCursor(Map.of("WT_SESSION", "1"), true))
                .isTrue();
        assertThat(ConsoleProgress.canMoveCursor(Map.of("TERM", "dumb"), true)).isFalse();
        assertThat(ConsoleProgress.canMoveCursor(Map.of(), true)).isFalse();
        assertThat(ConsoleProgress.canMoveCursor(Map.of("TERM", "xterm"), false))
                .isFalse();
    }

    /** On Java 22 and later there is a console here although the standard output is no terminal. */
    @Test
    void theOutputOfATestIsNoTerminal() {
        assertThat(ConsoleProgress.isTerminal(System.console())).isFalse();
        PrintStream before = System.out;
        System.setOut(out);
        try {
            ConsoleProgress.onStandardOutput().onEvent(accepted(1, "orders"));
        } finally {
            System.setOut(before);
        }
        assertThat(printed()).startsWith("2026-11-22T10:15:00Z orders ");
    }

    @Test
    void theSizeIsWhatTheVariablesSayIfItCanBe() {
        assertThat(ConsoleProgress.size("132", 20, 80)).isEqualTo(132);
        assertThat(ConsoleProgress.size("10", 3, 24)).isEqualTo(10);
        for (String wrong : new String[] {"", "0", "-4", "wide", "19", "99999", "1e2"}) {
            assertThat(ConsoleProgress.size(wrong, 20, 80)).isEqualTo(80);
        }
        assertThat(ConsoleProgress.size(null, 20, 80)).isEqualTo(80);
        assertThatThrownBy(() -> ConsoleProgress.onTerminal(out, 19, 24)).hasMessageContaining("19 columns");
        assertThatThrownBy(() -> ConsoleProgress.onTerminal(out, 80, 2)).hasMessageContaining("2 rows");
    }

    /** As much of a terminal as is needed to see what a person would see, scrolled-out lines included. */
    private static final class Terminal {
        private final int columns;
        private final int rows;

        Terminal(int columns, int rows) {
            this.columns = columns;
            this.rows = rows;
        }

        List<String> shows(String printed) {
            List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
            int i = 0;
            while (i < printed.length()) {
                if (printed.charAt(i) == '\u001b') {
                    int up = printed.indexOf("F\u001b[J", i);
                    int count = Integer.parseInt(printed.substring(i + 2, up));
                    assertThat(count).as("lines that are still on the screen").isLessThan(rows);
                    int from = lines.size() - 1 - count;
                    lines.subList(from, lines.size()).clear();
                    lines.add(new StringBuilder());
                    i = up + 4;
                } else if (printed.charAt(i) == '\n') {
                    lines.add(new StringBuilder());
                    i++;
                } else {
                    lines.get(lines.size() - 1).append(printed.charAt(i++));
                }
            }
            List<String> shown = lines.stream().map(StringBuilder::toString).toList();
            assertThat(shown.stream().filter(line -> line.contains(" since ")))
                    .allMatch(
                            line -> line.codePoints().map(c -> c < 0x80 ? 1 : 2).sum() < columns);
            return shown.subList(0, shown.size() - 1);
        }
    }
}
