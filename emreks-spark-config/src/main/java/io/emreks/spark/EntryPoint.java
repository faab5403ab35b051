package io.emreks.spark;

import java.util.List;

/**
 * What a job runs, and with which arguments. A URI without a scheme is not possible: EMR reads a bare path as
 * {@code file://}, which Spark would have to upload.
 */
public sealed interface EntryPoint {
    /** Where the program is: {@code s3://bucket/key}, or {@code local:///path} for a file inside the image. */
    String uri();

    /** The arguments of the program in order; none for SQL. */
    List<String> arguments();

    /**
     * A jar, whose class {@link SparkJob#mainClass()} runs.
     *
     * @param uri where the jar is
     * @param arguments the arguments of {@code main}
     */
    record Jar(String uri, List<String> arguments) implements EntryPoint {
        /** Keeps a copy of the arguments. */
        public Jar {
            arguments = List.copyOf(arguments);
        }

        /** The URI and the number of arguments, which may be secret. */
        @Override
        public String toString() {
            return shown("jar", this);
        }
    }

    /**
     * A Python program, whose file ends in {@code .py}.
     *
     * @param uri where the file is
     * @param arguments the arguments of the program
     */
    record Python(String uri, List<String> arguments) implements EntryPoint {
        /** Keeps a copy of the arguments. */
        public Python {
            arguments = List.copyOf(arguments);
        }

        /** The URI and the number of arguments, which may be secret. */
        @Override
        public String toString() {
            return shown("python", this);
        }
    }

    /**
     * A script for Spark SQL, from release 6.7.0. The text that {@link SparkJob#render()} makes then is for
     * {@code sparkSqlParameters}.
     *
     * @param uri where the script is
     */
    record Sql(String uri) implements EntryPoint {
        @Override
        public List<String> arguments() {
            return List.of();
        }

        /** The URI. */
        @Override
        public String toString() {
            return shown("sql", this);
        }
    }

    /** A jar and the arguments of its main class. */
    static EntryPoint jar(String uri, String... arguments) {
        return new Jar(uri, List.of(arguments));
    }

    /** A Python program and its arguments. */
    static EntryPoint python(String uri, String... arguments) {
        return new Python(uri, List.of(arguments));
    }

    /** A script for Spark SQL. */
    static EntryPoint sql(String uri) {
        return new Sql(uri);
    }

    private static String shown(String kind, EntryPoint entryPoint) {
        int count = entryPoint.arguments().size();
        return kind + " " + DependencyUris.shown(entryPoint.uri())
                + (count == 0 ? "" : " with " + count + " arguments");
    }
}
