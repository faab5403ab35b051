package io.emreks.podtemplate;

import java.util.List;
import java.util.OptionalInt;

/**
 * A text that is not a usable pod template, or builder calls that cannot all be carried out. Lists every problem that was
 * found. Values of the template are not repeated in the message, as they may be secret.
 */
public final class InvalidPodTemplateException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;
    private final int line;
    private final int column;

    private InvalidPodTemplateException(String message, List<String> problems, int line, int column) {
        super(message);
        this.problems = problems;
        this.line = line;
        this.column = column;
    }

    static InvalidPodTemplateException of(List<String> problems) {
        return new InvalidPodTemplateException(
                "Invalid pod template: " + String.join("; ", problems), List.copyOf(problems), 0, 0);
    }

    static InvalidPodTemplateException of(String problem) {
        return of(List.of(problem));
    }

    /** Counts lines and columns from one. */
    static InvalidPodTemplateException at(int line, int column, String problem) {
        return new InvalidPodTemplateException(
                "Invalid pod template: line " + line + ", column " + column + ": " + problem,
                List.of(problem),
                line,
                column);
    }

    /**
     * Everything that is wrong, one sentence each, with the fix.
     *
     * @return the problems; never empty, immutable
     */
    public List<String> problems() {
        return problems;
    }

    /**
     * The line of the YAML text the problem was found in.
     *
     * @return the line, counted from 1; empty if it is not known or there is no text
     */
    public OptionalInt line() {
        return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    /**
     * The column of the YAML text the problem was found at.
     *
     * @return the column, counted from 1; empty if it is not known or there is no text
     */
    public OptionalInt column() {
        return column == 0 ? OptionalInt.empty() : OptionalInt.of(column);
    }
}
