package io.emreks.error;

import java.util.List;
import java.util.stream.Collectors;

/** A request that the service would refuse, thrown by {@code submit} before any call, with every problem at once. */
public final class InvalidJobRunRequestException extends EmrEksException {
    private static final long serialVersionUID = 1L;

    private final transient List<RequestProblem> problems;

    /** For the problems found, at least one. */
    public InvalidJobRunRequestException(List<RequestProblem> problems) {
        super(message(problems), null, false, null);
        this.problems = List.copyOf(problems);
    }

    private static String message(List<RequestProblem> problems) {
        return problems.stream()
                .map(problem -> "\n  - " + problem)
                .collect(Collectors.joining(
                        "", problems.size() == 1 ? "1 problem:" : problems.size() + " problems:", ""));
    }

    /** Everything that is wrong with the request. */
    public List<RequestProblem> problems() {
        return problems;
    }
}
