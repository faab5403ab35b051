package io.emreks.internal.launch;

import io.emreks.internal.outcome.History;
import io.emreks.internal.outcome.History.Failure;
import io.emreks.retry.FailureClass;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tags of a keyed run: they help people to see whose it is, and a later process to go on where this one stood. A wire
 * contract between versions of this library, as {@link ClientTokens} is.
 */
public final class RunTags {
    /** How many tags of a run are this library's. */
    public static final int COUNT = 6;

    /** A tag has room for no more; how many there were before is kept with the oldest of these, so that all count. */
    private static final int FAILURES_KEPT = 20;

    private static final Pattern FAILURE = Pattern.compile("([a-z])([0-9]{1,11})(?:x([1-9][0-9]{0,2}))?");

    private static final int SPECIFICATION_BYTES = 8;
    private static final Map<FailureClass, Character> CODES = Map.of(
            FailureClass.CLUSTER_UNAVAILABLE, 'c',
            FailureClass.INTERNAL_ERROR, 'i',
            FailureClass.START_TIMEOUT, 's',
            FailureClass.RUN_TIMEOUT, 'r',
            FailureClass.SPOT_LOSS, 'l',
            FailureClass.OUT_OF_MEMORY, 'o',
            FailureClass.APPLICATION, 'a',
            FailureClass.MONITORING_LOST, 'm');

    private final String prefix;

    /**
     * Tags of one naming.
     *
     * @param prefix what the names of the tags start with
     */
    public RunTags(String prefix) {
        this.prefix = prefix;
    }

    /** The tags of a run that is about to be started. */
    public Map<String, String> of(
            Lineage lineage, History history, Optional<String> predecessorId, String specification) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(prefix + "owner", lineage.owner());
        tags.put(prefix + "key", lineage.key());
        tags.put(prefix + "attempt", Integer.toString(history.attempts() + 1));
        tags.put(prefix + "spec", specification);
        predecessorId.ifPresent(id -> tags.put(prefix + "follows", id));
        if (!history.failures().isEmpty()) {
            tags.put(prefix + "history", written(history.failures()));
        }
        return tags;
    }

    /** A short hash of what is asked for, out of a canonical text of it. */
    public static String specification(String text) {
        byte[] hash = ClientTokens.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, SPECIFICATION_BYTES);
    }

    /** Whether a run with these tags is of this lineage. */
    boolean areOf(Lineage lineage, Map<String, String> tags) {
        return lineage.owner().equals(tags.get(prefix + "owner"))
                && lineage.key().equals(tags.get(prefix + "key"));
    }

    /** The key, if the tags are of a keyed run of the owner. */
    Optional<String> key(String owner, Map<String, String> tags) {
        return owner.equals(tags.get(prefix + "owner"))
                ? Optional.ofNullable(tags.get(prefix + "key"))
                : Optional.empty();
    }

    /** The id of the run that this one follows. */
    public Optional<String> predecessor(Map<String, String> tags) {
        return Optional.ofNullable(tags.get(prefix + "follows"));
    }

    /** The hash of what was asked for. */
    public Optional<String> specification(Map<String, String> tags) {
        return Optional.ofNullable(tags.get(prefix + "spec"));
    }

    /** What happened before the run; empty if the tags do not say. */
    public Optional<History> history(Map<String, String> tags) {
        if (!tags.containsKey(prefix + "attempt")) {
            return Optional.empty();
        }
        List<Failure> failures = new ArrayList<>();
        for (String entry : tags.getOrDefault(prefix + "history", "").split("\\.", -1)) {
            failures.addAll(read(entry));
        }
        return Optional.of(new History(Math.max(failures.size(), number(tags) - 1), failures));
    }

    private int number(Map<String, String> tags) {
        String attempt = tags.getOrDefault(prefix + "attempt", "");
        return attempt.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(attempt) : 1;
    }

    private static String written(List<Failure> failures) {
        int left = Math.max(0, failures.size() - FAILURES_KEPT);
        StringBuilder text = new StringBuilder();
        for (Failure failure : failures.subList(left, failures.size())) {
            boolean oldest = text.isEmpty();
            text.append(oldest ? "" : ".")
                    .append(CODES.get(failure.failure()))
                    .append(failure.at().getEpochSecond())
                    .append(oldest && left > 0 ? "x" + (left + 1) : "");
        }
        return text.toString();
    }

    private static List<Failure> read(String entry) {
        Matcher failure = FAILURE.matcher(entry);
        if (!failure.matches()) {
            return List.of();
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(failure.group(2)));
        int times = failure.group(3) == null ? 1 : Integer.parseInt(failure.group(3));
        return CODES.entrySet().stream()
                .filter(code -> code.getValue() == failure.group(1).charAt(0))
                .findFirst()
                .map(code -> Collections.nCopies(times, new Failure(code.getKey(), at)))
                .orElse(List.of());
    }
}
