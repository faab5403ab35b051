package io.emreks.model;

import java.util.Objects;

/**
 * One argument of the entry point.
 *
 * @param value the argument, 1 to 10,280 characters (service model)
 * @param sensitive whether it is kept out of everything this library prints; the service still stores it and returns it
 *     to whoever may describe the run
 */
public record Argument(String value, boolean sensitive) {
    /** The value is required. */
    public Argument {
        Objects.requireNonNull(value, "value");
    }

    /** The value, or {@code ****} when it is sensitive. */
    @Override
    public String toString() {
        return sensitive ? "****" : value;
    }
}
