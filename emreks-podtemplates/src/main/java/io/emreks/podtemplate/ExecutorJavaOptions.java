package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options with which Spark starts the JVM of an executor: those of the settings, split as a shell would, and the
 * settings that an executor needs before it can ask the driver for the others ({@code SparkConf.isExecutorStartupConf}).
 */
final class ExecutorJavaOptions {
    private final JobContext job;
    private final Map<String, String> driverPorts;

    /** The ports are known to executors, whether they were set or not. */
    ExecutorJavaOptions(JobContext job, String driverPort, String driverBlockManagerPort) {
        this.job = job;
        this.driverPorts =
                Map.of("spark.driver.port", driverPort, "spark.driver.blockManager.port", driverBlockManagerPort);
    }

    /** Spark gives the settings in no order; here they are sorted. */
    List<String> all() {
        List<String> options = new ArrayList<>();
        String own = (job.setting("spark.executor.defaultJavaOptions").orElse("") + " "
                + job.setting("spark.executor.extraJavaOptions").orElse(""));
        for (String option : words(own)) {
            int begin = option.startsWith("-D") ? 2 : 0;
            int equals = option.indexOf('=', begin);
            options.add(
                    equals < 0
                            ? option
                            : option.substring(0, equals + 1)
                                    + Secrets.shown(option.substring(begin, equals), option.substring(equals + 1)));
        }
        job.with(driverPorts).settingsUnder("spark.").forEach((name, value) -> {
            if (isForStart("spark." + name)) {
                options.add("-Dspark." + name + "=" + Secrets.shown(name, value));
            }
        });
        return options;
    }

    private boolean isForStart(String name) {
        return (name.startsWith("spark.auth") && !name.equals("spark.authenticate.secret"))
                || name.startsWith("spark.rpc")
                || name.startsWith("spark.network")
                || (job.sparkVersion() == SparkVersion.V4_1
                        && name.startsWith("spark.ssl")
                        && !name.contains("Password"))
                || name.endsWith(".port")
                || name.startsWith("spark.port.");
    }

    /** The words of a command line, with quotes and backslashes carried out. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean escapes = c == '\\' && quote != '\'' && i + 1 < line.length();
            if (escapes) {
                word.append(line.charAt(++i));
                begun = true;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                begun = true;
            } else if (quote == 0 && " \t\r\n".indexOf(c) >= 0) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
