package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Templates are loaded and run through all feature steps by two versions of Spark itself; the preview must agree, field by
 * field, but for what is only known at run time, the order of variables and the order of local directories, which Spark
 * shuffles.
 */
class SparkOracleTest {
    private static final SparkOracle SPARK_3_5 = new SparkOracle(Path.of("target/spark-3.5"));
    private static final SparkOracle SPARK_4_1 = new SparkOracle(Path.of("target/spark-4.1"));

    /** Fields that Spark leaves alone, to be filled with anything a pod can have there. */
    private static final List<String> KEPT = List.of(
            "spec.affinity",
            "spec.hostAliases",
            "spec.readinessGates",
            "spec.topologySpreadConstraints",
            "spec.tolerations",
            "spec.initContainers[0].env",
            "spec.initContainers[0].securityContext",
            "spec.containers[0].livenessProbe",
            "spec.containers[0].lifecycle",
            "spec.containers[0].envFrom",
            "spec.containers[0].volumeDevices",
            "spec.containers[0].workingDir",
            "spec.overhead");

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void spark35Agrees(@ForAll PodRole role, @ForAll long seed, @ForAll("kept") Map<String, Object> kept) {
        compare(SPARK_3_5, SparkVersion.V3_5, role, seed, kept);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void spark41Agrees(@ForAll PodRole role, @ForAll long seed, @ForAll("kept") Map<String, Object> kept) {
        compare(SPARK_4_1, SparkVersion.V4_1, role, seed, kept);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Tag("deep")
    void bothAgreeByTheThousand(@ForAll PodRole role, @ForAll long seed, @ForAll("kept") Map<String, Object> kept) {
        compare(SPARK_3_5, SparkVersion.V3_5, role, seed, kept);
        compare(SPARK_4_1, SparkVersion.V4_1, role, seed, kept);
    }

    @Provide
    Arbitrary<Map<String, Object>> kept() {
        Arbitrary<String> words = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6);
        return ArbitraryPods.values(words, KEPT);
    }

    private static void compare(
            SparkOracle spark, SparkVersion version, PodRole role, long seed, Map<String, Object> kept) {
        Random random = new Random(seed);
        PodTemplate template = template(role, random, kept);
        Map<String, String> settings = settings(role, random);
        PodSizing sizing = PodSizing.of(
                Integer.parseInt(settings.getOrDefault("spark." + role.word() + ".cores", "1")), 2048, 2048 + 384);
        settings.put("spark." + role.word() + ".memory", "2g");
        JobContext job = JobContext.builder()
                .sparkVersion(version)
                .sparkSettings(settings)
                .build();

        String expected = normal(spark.pod(role, template.toYaml(), settings));
        String actual = normal(template.preview(sizing, job).afterFeatureSteps().root());

        assertThat(actual).as(template.toYaml() + settings).isEqualTo(expected);
    }

    private static String normal(Map<?, ?> pod) {
        return YamlWriter.write(PodTree.copyOf((Map<?, ?>) normal(pod, new ArrayList<>())));
    }

    private static PodTemplate template(PodRole role, Random random, Map<String, Object> kept) {
        PodTemplate.Builder builder = role == PodRole.DRIVER ? PodTemplate.driver() : PodTemplate.executor();
        kept.forEach((path, value) -> {
            if (path.startsWith("spec.initContainers[0].")) {
                builder.field("spec.initContainers[0].name", "init");
            }
            builder.field(path, value);
        });
        List<Runnable> calls = List.of(
                builder::arm64,
                builder::preferSpot,
                builder::doNotDisrupt,
                () -> builder.zone("us-east-1a"),
                () -> builder.instanceFamilies("m7g", "r7g"),
                () -> builder.label("team", "data"),
                () -> builder.label("spark-role", "mine"),
                () -> builder.annotation("example.com/a", "b: #\n\"c\""),
                () -> builder.env("STAGE", "yes"),
                () -> builder.envFromSecret("TOKEN", "secrets", "token"),
                () -> builder.envFromConfigMap("config"),
                () -> builder.terminationGracePeriod(Duration.ofSeconds(110)),
                () -> builder.schedulerName("mine"),
                () -> builder.priorityClass("batch"),
                () -> builder.localDisks("/mnt/k8s-disks/0", "/mnt/k8s-disks/1"),
                () -> builder.memoryVolume("cache", "2Gi", "/cache"),
                () -> builder.ephemeralVolume("spark-local-dir-9", "gp3", "100Gi", "/data9"),
                () -> builder.secretVolume("keys", "keys", "/keys"),
                () -> builder.spread("kubernetes.io/hostname", 2, Map.of("spark-role", "executor")),
                () -> builder.toleration("dedicated", "spark", TaintEffect.NO_SCHEDULE),
                () -> builder.sidecar(
                        "logs", "fluent-bit:3", c -> c.command("fluent-bit").resources("100m", "64Mi")),
                () -> builder.initContainer(
                        "chown", "busybox:1", c -> c.command("chown", "999").env("A", "1")),
                () -> builder.field(
                        "metadata.ownerReferences",
                        List.of(Map.of("apiVersion", "v1", "kind", "Pod", "name", "a", "uid", "b"))),
                () -> builder.field("metadata.name", "mine"),
                () -> builder.field("spec.containers[0].name", random.nextBoolean() ? "wrong" : role.containerName()),
                () -> builder.field(
                        "spec.containers",
                        List.of(
                                Map.of("name", "first", "image", "first:1"),
                                Map.of("name", random.nextBoolean() ? "second" : role.containerName()),
                                Map.of("name", role.containerName(), "workingDir", "/here"))),
                () -> builder.field("metadata.namespace", "mine"),
                () -> builder.field("spec.hostname", "mine"),
                () -> builder.field("spec.restartPolicy", "Always"),
                () -> builder.field("spec.imagePullSecrets", List.of(Map.of("name", "mine"))),
                () -> builder.field("spec.serviceAccount", "mine"),
                () -> builder.field("spec.containers[0].image", "mine"),
                () -> builder.field("spec.containers[0].args", List.of("mine")),
                () -> builder.field("spec.containers[0].ports", List.of(Map.of("containerPort", 9000))),
                () -> builder.field(
                        "spec.containers[0].resources",
                        Map.of(
                                "requests",
                                Map.of("memory", "1Gi", "cpu", "7", "ephemeral-storage", "5Gi"),
                                "limits",
                                Map.of("memory", "1Gi", "cpu", "9", "nvidia.com/gpu", "1"))));
        calls.forEach(call -> {
            if (random.nextInt(4) == 0) {
                call.run();
            }
        });
        return builder.build();
    }

    private static Map<String, String> settings(PodRole role, Random random) {
        Map<String, String> all = new LinkedHashMap<>();
        String own = "spark.kubernetes." + role.word() + ".";
        all.put("spark.kubernetes.node.selector.topology.kubernetes.io/zone", "us-east-1b");
        all.put(own + "node.selector.team", "x");
        all.put(own + "label.team", "platform");
        all.put(own + "annotation.example.com/a", "setting");
        all.put(own + "scheduler.name", "volcano");
        all.put("spark.kubernetes.scheduler.name", "yunikorn");
        all.put("spark.kubernetes.container.image.pullSecrets", "one,two");
        all.put("spark.kubernetes.driverEnv.STAGE", "prod");
        all.put("spark.executorEnv.STAGE", "prod");
        all.put("spark." + role.word() + ".cores", "3");
        all.put("spark.decommission.enabled", "true");
        all.put("spark.kubernetes.decommission.script", "/usr/bin/decom.sh");
        all.put("spark.kubernetes.local.dirs.tmpfs", "true");
        all.put("spark.local.dir", "/scratch1");
        all.put("spark.blockManager.port", "7999");
        all.put("spark.kubernetes.authenticate.driver.serviceAccountName", "driver");
        all.put("spark.kubernetes.authenticate.executor.serviceAccountName", "executor");
        all.put(own + "secrets.keystore", "/etc/keystore");
        all.put(own + "secretKeyRef.PASSWORD", "db:password");
        all.put(own + "volumes.emptyDir.scratch.mount.path", "/scratch");
        all.put(own + "volumes.emptyDir.scratch.options.sizeLimit", "5Gi");
        all.put(PodRules.GRACE_PERIOD_SETTING, "2min");
        all.put(own + "label.app", "{{APP_ID}}-{{EXECUTOR_ID}}");
        all.put(own + "annotation.example.com/app", "{{APP_ID}}-{{EXECUTOR_ID}}");
        all.put("spark.kubernetes.driverEnv.APP", "{{APP_ID}}-{{EXECUTOR_ID}}");
        all.put("spark.executorEnv.APP", "{{APP_ID}}-{{EXECUTOR_ID}}");
        all.put("spark.executorEnv.9bad name", "1");
        all.put("spark.executorEnv.SPARK_EXECUTOR_DIRS", "/a/SPARK_APPLICATION_ID/SPARK_EXECUTOR_ID");
        all.put("spark.executor.defaultJavaOptions", "-XX:+UseG1GC");
        all.put(
                "spark.executor.extraJavaOptions",
                "  -Da='b \"c' -Xlog:gc:{{APP_ID}}-{{EXECUTOR_ID}}.log \"d\\\" e\" ''");
        all.put("spark.driver.extraJavaOptions", "-Ddriver=1");
        all.put("spark.rpc.askTimeout", "5min");
        all.put("spark.network.timeout", "6min");
        all.put("spark.ui.port", "4099");
        all.put("spark.port.maxRetries", "3");
        all.put("spark.driver.port", "7077");
        all.put("spark.ssl.rpc.protocol", "TLSv1.3");
        all.put("spark.ssl.keyStorePassword", "no");
        all.put("spark." + role.word() + ".resource.gpu.vendor", "nvidia.com");
        all.put("spark." + role.word() + ".resource.fpga.amount", "0");
        all.put("spark.kubernetes.allocation.pods.allocator", "statefulset");
        Map<String, String> chosen = new HashMap<>();
        all.forEach((key, value) -> {
            if (random.nextInt(4) == 0) {
                chosen.put(key, value);
            }
        });
        if (chosen.containsKey("spark." + role.word() + ".resource.gpu.vendor")) {
            chosen.put("spark." + role.word() + ".resource.gpu.amount", "2");
        }
        if (random.nextInt(4) == 0) {
            chosen.put("spark.authenticate", "true");
            chosen.put("spark.authenticate.secret", "hush");
        }
        if (chosen.containsKey(own + "volumes.emptyDir.scratch.options.sizeLimit")) {
            chosen.put(own + "volumes.emptyDir.scratch.mount.path", "/scratch");
        }
        List<BiConsumer<String, Map<String, String>>> volumes = List.of(
                (volume, map) -> {
                    map.put(volume + "persistentVolumeClaim.spark-local-dir-1.options.claimName", "OnDemand");
                    map.put(volume + "persistentVolumeClaim.spark-local-dir-1.mount.path", "/data1");
                    map.put(volume + "persistentVolumeClaim.spark-local-dir-1.mount.readOnly", "false");
                },
                (volume, map) -> {
                    map.put(volume + "persistentVolumeClaim.mine.options.claimName", "x-OnDemand-SPARK_EXECUTOR_ID");
                    map.put(volume + "persistentVolumeClaim.mine.mount.path", "/mine");
                    map.put(volume + "persistentVolumeClaim.mine.mount.subPathExpr", "$(SPARK_EXECUTOR_ID)");
                },
                (volume, map) -> {
                    map.put(volume + "hostPath.disk.options.path", "/disk");
                    map.put(volume + "hostPath.disk.mount.path", "/disk");
                },
                (volume, map) -> {
                    map.put(volume + "nfs.share.options.path", "/");
                    map.put(volume + "nfs.share.options.server", "nfs.local");
                    map.put(volume + "nfs.share.mount.path", "/share");
                    map.put(volume + "nfs.share.mount.readOnly", "true");
                });
        volumes.forEach(volume -> {
            if (random.nextInt(4) == 0) {
                volume.accept(own + "volumes.", chosen);
            }
        });
        // Spark does not make a pod without an image
        chosen.put("spark.kubernetes.container.image", "spark:1");
        chosen.put("spark.app.name", "job");
        // EMR's default is another than Spark's
        chosen.put("spark.kubernetes.container.image.pullPolicy", random.nextBoolean() ? "Always" : "Never");
        return chosen;
    }

    /** Without what differs from run to run, and without the difference between absent and empty. */
    private static Object normal(Object value, List<Object> path) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new TreeMap<>();
            map.forEach((key, child) -> {
                path.add(key);
                Object normal = normal(child, path);
                if (!Set.of(Map.of(), List.of(), "").contains(normal)) {
                    copy.put((String) key, normal);
                }
                path.remove(path.size() - 1);
            });
            if ("SPARK_LOCAL_DIRS".equals(copy.get("name"))) {
                copy.computeIfPresent("value", (key, directories) -> sorted((String) directories));
            }
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(child -> copy.add(normal(child, path)));
            inOrder(copy);
            String name = String.valueOf(path.get(path.size() - 1));
            if (Set.of("env", "volumes", "volumeMounts").contains(name)) {
                copy.sort(Comparator.comparing(Object::toString));
            }
            return copy;
        }
        String text = String.valueOf(value);
        String key = path.isEmpty() ? "" : String.valueOf(path.get(path.size() - 1));
        if (path.equals(List.of("metadata", "name")) || path.equals(List.of("spec", "hostname"))) {
            return text.matches("job-[0-9a-f]+-(driver|exec-76543)") ? SparkSteps.POD_NAME : text;
        }
        return switch (key) {
            case "spark-version" -> text.matches("[34]\\.[0-9.]+") ? "<spark version>" : text;
            case "spark-app-name" -> text.equals("job") ? "<application name>" : text;
            default -> normal(text);
        };
    }

    /** Spark gives the settings among the Java options in no order; the options of its own come before, in theirs. */
    private static void inOrder(List<Object> variables) {
        TreeMap<Integer, String> settings = new TreeMap<>();
        for (Object variable : variables) {
            if (option(variable) >= 0 && value(variable).startsWith("-Dspark.")) {
                settings.put(option(variable), value(variable));
            }
        }
        List<String> sorted = settings.values().stream().sorted().toList();
        List<Integer> places = List.copyOf(settings.keySet());
        variables.replaceAll(variable -> {
            int place = places.indexOf(option(variable));
            return place < 0
                    ? variable
                    : Map.of("name", "SPARK_JAVA_OPT_" + option(variable), "value", sorted.get(place));
        });
    }

    private static int option(Object variable) {
        String name = variable instanceof Map<?, ?> map ? String.valueOf(map.get("name")) : "";
        return name.startsWith("SPARK_JAVA_OPT_") ? Integer.parseInt(name.substring("SPARK_JAVA_OPT_".length())) : -1;
    }

    private static String value(Object variable) {
        return String.valueOf(((Map<?, ?>) variable).get("value"));
    }

    private static String normal(String text) {
        if (text.matches("spark-exec-.*-conf-map|job-.*-podspec-conf-map")) {
            return SparkSteps.CONFIG_MAP;
        }
        Map<String, String> known = Map.of(
                System.getProperty("user.name"),
                SparkSteps.USER,
                "spark://CoarseGrainedScheduler@driver.svc:7078",
                SparkSteps.DRIVER_URL,
                "spark://CoarseGrainedScheduler@driver.svc:7077",
                SparkSteps.DRIVER_URL,
                "com.acme.Main",
                "<main class>",
                "spark-internal",
                "<application>",
                "hush",
                Secrets.REDACTED);
        return known.getOrDefault(
                text,
                text.replaceAll("job-[0-9a-f]+-(driver|exec-76543)-pvc-[0-9]+", SparkSteps.CLAIM)
                        .replaceAll("/var/data/spark-[0-9a-f-]{36}", SparkSteps.LOCAL_DIRECTORY)
                        .replace(SparkOracle.APP_ID, SparkSteps.APP_ID)
                        .replace(SparkOracle.EXECUTOR_ID, SparkSteps.EXECUTOR_ID));
    }

    private static String sorted(String directories) {
        List<String> names = new ArrayList<>(List.of(directories.split(",")));
        names.sort(Comparator.naturalOrder());
        return String.join(",", names);
    }
}
