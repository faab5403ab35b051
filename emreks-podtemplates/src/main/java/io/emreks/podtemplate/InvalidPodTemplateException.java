package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A text that is not a usable pod template, or builder calls that cannot all be carried out. Lists every problem that was
 * found. Values of the template are not repeated in the message, as they may be secret.
 */
public final class InvalidPodTemplateException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;
    private final int line;
    private final int column;
    /** What the one problem is about; for adding the line and column of a text. */
    private final transient @Nullable FieldPath where;

    private InvalidPodTemplateException(List<String> problems, int line, int column, @Nullable FieldPath where) {
        super("Invalid pod template: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
        this.line = line;
        this.column = column;
        this.where = where;
    }

    static InvalidPodTemplateException of(List<String> problems) {
        return new InvalidPodTemplateException(problems, 0, 0, null);
    }

    static InvalidPodTemplateException of(String problem) {
        return of(List.of(problem));
    }

    /** A problem whose text begins with the path. */
    static InvalidPodTemplateException of(FieldPath where, String problem) {
        return new InvalidPodTemplateException(List.of(problem), 0, 0, where);
    }

    static InvalidPodTemplateException at(Mark mark, String problem) {
        return at(List.of(mark), List.of(problem));
    }

    /** Counts lines and columns from one. */
    static InvalidPodTemplateException at(int line, int column, String problem) {
        return new InvalidPodTemplateException(List.of(located(line, column, problem)), line, column, null);
    }

    private static String located(int line, int column, String problem) {
        return "line " + line + ", column " + column + ": " + problem;
    }

    /** As many marks as problems. */
    static InvalidPodTemplateException at(List<Mark> marks, List<String> problems) {
        List<String> located = new ArrayList<>();
        for (int i = 0; i < problems.size(); i++) {
            located.add(located(marks.get(i).getLine() + 1, marks.get(i).getColumn() + 1, problems.get(i)));
        }
        Mark first = marks.get(0);
        return new InvalidPodTemplateException(located, first.getLine() + 1, first.getColumn() + 1, null);
    }

    /** The same problems, with the name of the file they were found in. */
    InvalidPodTemplateException in(String file) {
        List<String> named = new ArrayList<>();
        for (String problem : problems) {
            named.add(file + ": " + problem);
        }
        return new InvalidPodTemplateException(named, line, column, where);
    }

    Optional<FieldPath> where() {
        return Optional.ofNullable(where);
    }

    /**
     * Everything that is wrong, one sentence each, with the fix; with line and column if a text was read.
     *
     * @return the problems; never empty, immutable
     */
    public List<String> problems() {
        return problems;
    }

    /**
     * The line of the YAML text the first problem was found in.
     *
     * @return the line, counted from 1; empty if it is not known or there is no text
     */
    public OptionalInt line() {
        return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    /**
     * The column of the YAML text the first problem was found at.
     *
     * @return the column, counted from 1; empty if it is not known or there is no text
     */
    public OptionalInt column() {
        return column == 0 ? OptionalInt.empty() : OptionalInt.of(column);
    }
}
