package io.emreks.event;

import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows runs to a person: add it to a client, a group or a handle. On a terminal each live run has one line at the bottom of
 * the screen, which changes in place, and a run that ends is printed above them for good; where the screen is too low, the
 * last line says how many runs are not shown. Elsewhere each event is one plain line.
 *
 * <p>Never coloured. Times are those of the events, in UTC. Control characters, and others that would not show as
 * themselves, are shown as {@code ?}. Keeps one short entry for each live run. Safe for use by several threads at once; what
 * others print to the same terminal meanwhile disturbs the picture until the next event.
 */
public final class ConsoleProgress implements JobRunListener {
    private static final String LINE_UP_AND_CLEAR_BELOW = "\u001b[%dF\u001b[J";
    private static final int NAME_AT_MOST = 48;
    private static final int COLUMNS_AT_LEAST = 20;
    private static final int ROWS_AT_LEAST = 3;

    private final PrintStream out;
    private final Optional<Screen> screen;
    private final Map<JobRunRef, Row> live = new LinkedHashMap<>();
    private List<String> shown = List.of();

    /** How much room there is. */
    private record Screen(int columns, int rows) {}

    /** What is shown of a live run. */
    private record Row(String name, String id, String state, Instant since, String remark) {
        Row in(String newState, Instant at, String newRemark) {
            return new Row(name, id, newState, at, newRemark);
        }

        Row with(String newRemark) {
            return new Row(name, id, state, since, newRemark);
        }
    }

    private ConsoleProgress(PrintStream out, Optional<Screen> screen) {
        this.out = out;
        this.screen = screen;
    }

    /**
     * On the standard output as it is now: as a terminal if it is one that can move its cursor, and otherwise plainly. The
     * size of the terminal is taken from the variables COLUMNS and LINES, 80 by 24 where they say nothing.
     */
    public static ConsoleProgress onStandardOutput() {
        Map<String, String> environment = System.getenv();
        return canMoveCursor(environment, isTerminal(System.console()))
                ? onTerminal(
                        System.out,
                        size(environment.get("COLUMNS"), COLUMNS_AT_LEAST, 80),
                        size(environment.get("LINES"), ROWS_AT_LEAST, 24))
                : plain(System.out);
    }

    /**
     * On a terminal that understands the ANSI sequences to move the cursor up and to clear the screen from there on.
     *
     * @param columns its width, 20 or more; a line that would be longer is cut off
     * @param rows its height, 3 or more
     */
    public static ConsoleProgress onTerminal(PrintStream out, int columns, int rows) {
        if (columns < COLUMNS_AT_LEAST || rows < ROWS_AT_LEAST) {
            throw new IllegalArgumentException("A terminal of " + columns + " columns and " + rows
                    + " rows is too small; it needs 20 columns and 3 rows");
        }
        return new ConsoleProgress(out, Optional.of(new Screen(columns, rows)));
    }

    /** As plain lines, one for each event. */
    public static ConsoleProgress plain(PrintStream out) {
        return new ConsoleProgress(out, Optional.empty());
    }

    static boolean canMoveCursor(Map<String, String> environment, boolean terminal) {
        String term = environment.getOrDefault("TERM", "");
        boolean known = !term.isEmpty() || environment.containsKey("WT_SESSION");
        return terminal && known && !term.equals("dumb");
    }

    /** Since Java 22 there is a console where there is no terminal as well, and a method that tells. */
    static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    static int size(@Nullable String said, int atLeast, int otherwise) {
        int size = said != null && said.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(said) : 0;
        return size >= atLeast ? size : otherwise;
    }

    @Override
    public synchronized void onEvent(JobRunEvent event) {
        if (screen.isPresent()) {
            draw(screen.get(), event);
        } else {
            String run = event.ref().map(ref -> " " + ref.id()).orElse("");
            out.print(event.at().truncatedTo(ChronoUnit.SECONDS) + " " + shown(event.jobName()) + run + " "
                    + shown(words(event)) + System.lineSeparator());
            out.flush();
        }
    }

    // ---- words

    private static String words(JobRunEvent event) {
        if (event instanceof JobRunEvent.Accepted) {
            return "accepted";
        } else if (event instanceof JobRunEvent.Joined) {
            return "was there already and is followed";
        } else if (event instanceof JobRunEvent.StateChanged changed) {
            return changed.snapshot().serviceState() + details(changed.snapshot());
        } else if (event instanceof JobRunEvent.DriverRestarted restarted) {
            return "driver started again"
                    + (restarted.attempt().isPresent()
                            ? ", attempt " + restarted.attempt().getAsInt()
                            : "")
                    + restarted.reason().map(reason -> ": " + reason).orElse("");
        } else if (event instanceof JobRunEvent.PollFailed failed) {
            return "could not be looked at: " + failed.reason();
        } else if (event instanceof JobRunEvent.CancelRequested) {
            return "cancel requested";
        } else if (event instanceof JobRunEvent.AttemptEnded ended) {
            return ended.snapshot().serviceState() + took(ended.snapshot()) + " [" + ended.failure()
                    + "], submitted again in " + length(ended.pause()) + details(ended.snapshot());
        } else if (event instanceof JobRunEvent.TimeLimitPassed passed) {
            return passed.which() + " " + length(passed.limit().limit()) + " has passed: " + passed.reason();
        } else if (event instanceof JobRunEvent.DuplicateCancelled duplicate) {
            return "a second live run of its key is cancelled: " + duplicate.cancelled();
        } else if (event instanceof JobRunEvent.Ended ended) {
            return ended.snapshot()
                            .map(snapshot -> snapshot.serviceState() + took(snapshot))
                            .orElse("not started")
                    + ended.failure()
                            .map(failure -> ": " + failure.getMessage())
                            .orElse("");
        } else if (event instanceof JobRunEvent.WatchStopped stopped) {
            return "no longer followed: " + stopped.reason().getMessage();
        }
        return event.getClass().getSimpleName();
    }

    private static String details(JobRunSnapshot snapshot) {
        return snapshot.stateDetails().map(details -> ": " + details).orElse("");
    }

    private static String took(JobRunSnapshot snapshot) {
        return snapshot.createdAt()
                .flatMap(from -> snapshot.finishedAt().map(to -> Duration.between(from, to)))
                .filter(took -> !took.isNegative())
                .map(took -> " after " + length(took))
                .orElse("");
    }

    /** Such as {@code 1h 2m 3s}. */
    private static String length(Duration duration) {
        long seconds = duration.toSeconds();
        String rest = seconds % 60 + "s";
        if (seconds < 60) {
            return rest;
        }
        String minutes = seconds / 60 % 60 + "m " + rest;
        return seconds < 3600 ? minutes : seconds / 3600 + "h " + minutes;
    }

    /** Without what could move the cursor, colour the screen or turn the text around. */
    private static String shown(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(isShown(c) ? c : '?'));
        return safe.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    // ---- the terminal

    private void draw(Screen on, JobRunEvent event) {
        String forGood = "";
        if (event instanceof JobRunEvent.Ended
                || event instanceof JobRunEvent.WatchStopped
                || event instanceof JobRunEvent.AttemptEnded) {
            event.ref().ifPresent(live::remove);
            String run = event.ref().map(ref -> "  " + ref.id()).orElse("");
            forGood = shown(event.jobName()) + run + "  " + shown(words(event)) + "\n";
        } else {
            event.ref().ifPresent(run -> live.put(run, row(run, event)));
        }
        List<String> next = lines(on);
        if (forGood.isEmpty() && next.equals(shown)) {
            return;
        }
        StringBuilder frame = new StringBuilder();
        if (!shown.isEmpty()) {
            frame.append(LINE_UP_AND_CLEAR_BELOW.formatted(shown.size()));
        }
        frame.append(forGood);
        next.forEach(line -> frame.append(line).append('\n'));
        out.print(frame);
        out.flush();
        shown = next;
    }

    private Row row(JobRunRef run, JobRunEvent event) {
        Row before = live.getOrDefault(run, new Row(shown(event.jobName()), run.id(), "accepted", event.at(), ""));
        if (event instanceof JobRunEvent.StateChanged changed) {
            JobRunSnapshot snapshot = changed.snapshot();
            return before.in(
                    shown(snapshot.serviceState()),
                    event.at(),
                    shown(snapshot.stateDetails().orElse("")));
        }
        boolean isNews = !(event instanceof JobRunEvent.Accepted || event instanceof JobRunEvent.Joined);
        return before.with(isNews ? shown(words(event)) : "");
    }

    /** One row stays free for the cursor, and one is needed to say what is not shown. */
    private List<String> lines(Screen on) {
        int room = on.rows() - 1;
        boolean all = live.size() <= room;
        int nameWidth = live.values().stream()
                .limit(room)
                .mapToInt(row -> width(row.name()))
                .max()
                .orElse(0);
        int names = Math.min(Math.min(nameWidth, NAME_AT_MOST), on.columns() / 2);
        List<String> lines = live.values().stream()
                .limit(all ? room : room - 1)
                .map(row -> line(row, names, on.columns()))
                .collect(Collectors.toList());
        if (!all) {
            lines.add(cut(rest(room - 1), on.columns() - 1));
        }
        return List.copyOf(lines);
    }

    private static String line(Row row, int names, int columns) {
        String name = cut(row.name(), names);
        String remark = row.remark().isEmpty() ? "" : "  " + row.remark();
        return cut(
                name + " ".repeat(names - width(name)) + "  " + row.state() + " since "
                        + row.since().truncatedTo(ChronoUnit.SECONDS).toString().substring(11) + "  " + row.id()
                        + remark,
                columns - 1);
    }

    /** How many are not shown, by state. */
    private String rest(int from) {
        Map<String, Long> states = live.values().stream()
                .skip(from)
                .collect(Collectors.groupingBy(Row::state, TreeMap::new, Collectors.counting()));
        return "and " + (live.size() - from) + " more: "
                + states.entrySet().stream()
                        .map(state -> state.getValue() + " " + state.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** How many columns a text takes at most: who is not sure counts two for a character, so that no line wraps. */
    private static int width(String text) {
        return text.codePoints().map(ConsoleProgress::width).sum();
    }

    private static int width(int c) {
        return c < 0x80 ? 1 : 2;
    }

    private static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int room = columns - 2;
        for (int c : text.codePoints().toArray()) {
            room -= width(c);
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept + "..";
    }
}
