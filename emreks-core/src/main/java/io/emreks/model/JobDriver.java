package io.emreks.model;

import java.util.List;
import java.util.Objects;

/** What a job run executes. */
public sealed interface JobDriver {
    /** The application: an {@code s3://} or {@code local:///} URI of 1 to 256 characters. */
    String entryPoint();

    /**
     * A Spark application given to spark-submit: a jar or a Python file. Its main class, jars and settings are in {@link
     * JobRunRequest#spark()}.
     *
     * @param entryPoint the jar or the Python file
     * @param arguments what the application is called with, in order
     */
    record SparkSubmit(String entryPoint, List<Argument> arguments) implements JobDriver {
        /** Copies the list. */
        public SparkSubmit {
            Objects.requireNonNull(entryPoint, "entryPoint");
            arguments = List.copyOf(arguments);
        }
    }
}
