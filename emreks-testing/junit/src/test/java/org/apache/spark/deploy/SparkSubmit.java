package org.apache.spark.deploy;

import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Stands in for Spark's class of this name, so that the engine's tests run in milliseconds. It prints what it was given
 * and does what the arguments say; {@code ready:port} connects to that port and then sleeps.
 */
public final class SparkSubmit {
    private SparkSubmit() {}

    public static void main(String[] args) throws Exception {
        List<String> all = Arrays.asList(args);
        all.forEach(arg -> System.out.println("arg=" + arg));
        System.getenv().forEach((name, value) -> System.out.println("env " + name + "=" + value));
        System.out.println("cwd=" + System.getProperty("user.dir"));
        System.out.println("tmp=" + System.getProperty("java.io.tmpdir"));
        System.out.println("greeting=" + System.getProperty("greeting"));
        System.err.println("a line on standard error");
        System.out.flush();
        for (String arg : all) {
            if (arg.startsWith("exit:")) {
                System.exit(Integer.parseInt(arg.substring("exit:".length())));
            }
        }
        if (all.contains("out-of-memory")) {
            exhaustMemoryInAThread();
        }
        if (all.contains("heap")) {
            System.out.println("heap=" + Runtime.getRuntime().maxMemory() / (1 << 20));
        }
        if (all.contains("jvm")) {
            System.out.println("jvm=" + ManagementFactory.getRuntimeMXBean().getInputArguments());
        }
        if (all.contains("ui")) {
            String file = all.stream()
                    .filter(arg -> arg.startsWith("spark.emreks.uiFile="))
                    .map(arg -> arg.substring("spark.emreks.uiFile=".length()))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(Path.of(file), "http://127.0.0.1:40123");
        }
        if (all.contains("deaf")) {
            // the shutdown that SIGTERM starts never ends
            Runtime.getRuntime().addShutdownHook(new Thread(SparkSubmit::sleep));
        }
        if (all.contains("parent")) {
            new ProcessBuilder("sleep", "1000").start();
        }
        if (all.contains("exists")) {
            Path entryPoint = Path.of(URI.create(all.get(all.size() - 2).replace("local:", "file:")));
            System.out.println(entryPoint + " exists: " + Files.exists(entryPoint));
        }
        for (String arg : all) {
            if (arg.startsWith("ready:")) {
                new Socket("127.0.0.1", Integer.parseInt(arg.substring("ready:".length()))).close();
                sleep();
            }
        }
    }

    private static void exhaustMemoryInAThread() {
        new Thread(() -> {
                    Object[] all = {};
                    while (true) {
                        all = new Object[] {all, new byte[10_000_000]};
                    }
                })
                .start();
        sleep();
    }

    private static void sleep() {
        try {
            Thread.sleep(1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
