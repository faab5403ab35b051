package io.emreks.error;

import java.util.Objects;

/**
 * One thing that is wrong with a request.
 *
 * @param field the field, in the words of the request ({@code name}, {@code executionRoleArn}, {@code entryPoint} …)
 * @param problem what is wrong, with the limit
 * @param fix what to do about it
 */
public record RequestProblem(String field, String problem, String fix) {
    /** All three are required. */
    public RequestProblem {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(fix, "fix");
    }

    /** {@code field: problem; fix}. */
    @Override
    public String toString() {
        return field + ": " + problem + "; " + fix;
    }
}
