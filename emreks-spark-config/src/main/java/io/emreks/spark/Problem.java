package io.emreks.spark;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that is wrong with a value, said in a way that its author can act on. Never contains the value of a secret
 * setting.
 *
 * @param field what is wrong, such as {@code executors.cores}, {@code jars[2]} or {@code conf[spark.master]}
 * @param message what is wrong with it, with the limit where there is one
 * @param fix what to do instead
 */
public record Problem(String field, String message, String fix) {
    /** Throws all problems in one message, each on a line of its own; nothing happens if there are none. */
    static void refuse(String headline, List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(problem -> "\n- " + problem).collect(Collectors.joining("", headline, "")));
        }
    }

    /** One line: the field, what is wrong, and the fix. */
    @Override
    public String toString() {
        return field + " " + message + "; " + fix;
    }
}
