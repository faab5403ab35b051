package io.emreks.podtemplate;

import io.emreks.podtemplate.PodPreview.PodEdits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What Spark does to a template, in the order of its feature steps ({@code KubernetesDriverBuilder},
 * {@code KubernetesExecutorBuilder}); tests hold it to those of Spark 3.5 and 4.1.
 */
final class SparkSteps {
    static final String APP_ID = "<application id>";
    static final String EXECUTOR_ID = "<executor id>";
    static final String USER = "<user>";
    static final String LOCAL_DIRECTORY = "/var/data/spark-<uuid>";
    static final String POD_NAME = "<pod name>";
    static final String DRIVER_URL = "<driver url>";
    static final String IMAGE = "<image of the release>";
    static final String CONFIG_MAP = "<config map>";
    static final String CLAIM = "<claim of the pod>";

    private static final String CONF_DIRECTORY = "/opt/spark/conf";
    private static final Pattern EXECUTOR_VARIABLE = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final FieldPath METADATA = PodEditor.METADATA;
    private static final FieldPath SPEC = PodEditor.SPEC;

    private final PodRole role;
    private final PodSizing sizing;
    private final JobContext job;
    private final PodEdits pod;
    private final FieldPath container;
    private final String prefix;

    SparkSteps(PodRole role, PodSizing sizing, JobContext job, PodEdits pod) {
        this.role = role;
        this.sizing = sizing;
        this.job = job;
        this.pod = pod;
        this.container = pod.container();
        this.prefix = "spark.kubernetes." + role.word() + ".";
    }

    void featureSteps() {
        image();
        if (role == PodRole.DRIVER) {
            driver();
        } else {
            executor();
        }
        resources();
        metadata();
        placement();
        serviceAccount();
        secrets();
        volumes();
        if (role == PodRole.DRIVER) {
            command();
            executorTemplate();
        }
        localDirectories();
        unknowns();
    }

    /** What comes after the feature steps, when the pod is made. */
    void submission() {
        pod.set(
                METADATA.child("namespace"),
                job.setting("spark.kubernetes.namespace").orElse("<namespace>"));
        if (role == PodRole.DRIVER) {
            env("SPARK_CONF_DIR", CONF_DIRECTORY);
            mount("spark-conf-volume-driver", CONF_DIRECTORY);
            configMapVolume("spark-conf-volume-driver", Map.of("name", CONFIG_MAP));
        }
    }

    private void image() {
        if (pod.at(container.child("name")) == null) {
            pod.set(container.child("name"), role.containerName());
        }
        pod.set(
                container.child("image"),
                job.setting(prefix + "container.image")
                        .or(() -> job.setting("spark.kubernetes.container.image"))
                        .orElse(IMAGE));
        // EMR sets it, and does not let it be changed
        pod.set(
                container.child("imagePullPolicy"),
                job.setting("spark.kubernetes.container.image.pullPolicy").orElse("Always"));
    }

    private void driver() {
        port("driver-rpc-port", driverPort(), true);
        port("blockmanager", driverBlockManagerPort(), true);
        port("spark-ui", port("spark.ui.port").orElse("4040"), true);
        if (job.sparkVersion() == SparkVersion.V4_1) {
            port("spark-connect", port("spark.connect.grpc.binding.port").orElse("15002"), true);
        }
        env("SPARK_USER", USER);
        env("SPARK_APPLICATION_ID", APP_ID);
        job.settingsUnder("spark.kubernetes.driverEnv.").forEach(this::userEnv);
        envFromField("SPARK_DRIVER_BIND_ADDRESS", "status.podIP");
    }

    private void executor() {
        String blockManager = port("spark.blockManager.port").orElse("7079");
        if (!blockManager.equals("0")) {
            port("blockmanager", blockManager, false);
        }
        env("SPARK_USER", USER);
        env("SPARK_DRIVER_URL", DRIVER_URL);
        env("SPARK_EXECUTOR_CORES", String.valueOf(sizing.cores()));
        env("SPARK_EXECUTOR_MEMORY", sizing.heapMebibytes() + "m");
        env("SPARK_APPLICATION_ID", APP_ID);
        env("SPARK_CONF_DIR", CONF_DIRECTORY);
        env("SPARK_EXECUTOR_ID", EXECUTOR_ID);
        env("SPARK_RESOURCE_PROFILE_ID", "0");
        job.settingsUnder("spark.executorEnv.").forEach((name, value) -> {
            if (EXECUTOR_VARIABLE.matcher(name).matches()) {
                userEnv(
                        name,
                        name.equals("SPARK_EXECUTOR_DIRS")
                                ? value.replace("SPARK_APPLICATION_ID", APP_ID)
                                        .replace("SPARK_EXECUTOR_ID", EXECUTOR_ID)
                                : value);
            }
        });
        if (job.enabled("spark.authenticate")
                && job.setting("spark.authenticate.secret.file").isEmpty()
                && job.setting("spark.authenticate.secret.executor.file").isEmpty()) {
            env("_SPARK_AUTH_SECRET", Secrets.REDACTED);
        }
        job.setting("spark.executor.extraClassPath").ifPresent(path -> env("SPARK_CLASSPATH", path));
        int option = 0;
        for (String text : new ExecutorJavaOptions(job, driverPort(), driverBlockManagerPort()).all()) {
            env("SPARK_JAVA_OPT_" + option++, substituted(text));
        }
        envFromField("SPARK_EXECUTOR_POD_IP", "status.podIP");
        envFromField("SPARK_EXECUTOR_POD_NAME", "metadata.name");
        pod.append(container.child("args"), "executor");
        if (!job.enabled("spark.kubernetes.executor.disableConfigMap")) {
            mount("spark-conf-volume-exec", CONF_DIRECTORY);
            configMapVolume("spark-conf-volume-exec", Map.of("name", CONFIG_MAP));
        }
        if (job.enabled("spark.decommission.enabled")) {
            pod.set(
                    container.child("lifecycle"),
                    Map.of(
                            "preStop",
                            Map.of(
                                    "exec",
                                    Map.of(
                                            "command",
                                            List.of(job.setting("spark.kubernetes.decommission.script")
                                                    .orElse("/opt/decom.sh"))))));
        }
        pod.set(SPEC.child("hostname"), POD_NAME);
        if (job.sparkVersion() == SparkVersion.V4_1) {
            long seconds = job.setting(PodRules.GRACE_PERIOD_SETTING)
                    .flatMap(PodRules::seconds)
                    .orElse(30L);
            pod.set(SPEC.child("terminationGracePeriodSeconds"), seconds);
        }
    }

    private String driverPort() {
        return port("spark.driver.port").orElse("7078");
    }

    private String driverBlockManagerPort() {
        return port("spark.driver.blockManager.port")
                .or(() -> port("spark.blockManager.port"))
                .orElse("7079");
    }

    private Optional<String> port(String setting) {
        return job.setting(setting);
    }

    /** What Spark knows when it makes the pod stands in place of its two placeholders. */
    private String substituted(String text) {
        return text.replace("{{APP_ID}}", APP_ID)
                .replace("{{EXECUTOR_ID}}", role == PodRole.EXECUTOR ? EXECUTOR_ID : "");
    }

    private Map<String, String> substituted(Map<String, String> texts) {
        Map<String, String> all = new LinkedHashMap<>();
        texts.forEach((key, text) -> all.put(key, substituted(text)));
        return all;
    }

    private void port(String name, String number, boolean tcp) {
        Map<String, Object> port = new LinkedHashMap<>();
        port.put("name", name);
        port.put("containerPort", Long.valueOf(number));
        if (tcp) {
            port.put("protocol", "TCP");
        }
        pod.insert(container.child("ports"), port);
    }

    private void resources() {
        FieldPath resources = container.child("resources");
        String memory = sizing.podMebibytes() + "Mi";
        pod.set(resources.child("requests").child("memory"), memory);
        pod.set(resources.child("limits").child("memory"), memory);
        pod.set(resources.child("requests").child("cpu"), sizing.requestCores().orElse(String.valueOf(sizing.cores())));
        sizing.limitCores().ifPresent(cores -> pod.set(resources.child("limits").child("cpu"), cores));
        devices(resources.child("limits"));
    }

    /** GPUs and the like, by the vendor's name for them. */
    private void devices(FieldPath limits) {
        String start = "spark." + role.word() + ".resource.";
        Map<String, String> settings = job.settingsUnder(start);
        Set<String> names = new TreeSet<>();
        settings.keySet().forEach(key -> names.add(key.substring(0, Math.max(0, key.indexOf('.')))));
        for (String name : names) {
            String amount = settings.getOrDefault(name + ".amount", "");
            String vendor = settings.get(name + ".vendor");
            if (!amount.matches("[0-9]{1,9}") || (vendor == null && !amount.matches("0+"))) {
                pod.unknown("the devices of " + start + name + ".*: Spark makes no pod without a whole number as their"
                        + " amount and their vendor");
            } else if (!amount.matches("0+")) {
                pod.set(limits.child(vendor + "/" + name), String.valueOf(Integer.parseInt(amount)));
            }
        }
    }

    private void metadata() {
        pod.set(METADATA.child("name"), POD_NAME);
        Map<String, String> labels = job.settingsUnder(prefix + "label.");
        pod.setAll(PodEditor.LABELS, job.sparkVersion() == SparkVersion.V4_1 ? substituted(labels) : labels);
        Map<String, String> own = new LinkedHashMap<>();
        own.put("spark-version", "<spark version>");
        own.put("spark-app-selector", APP_ID);
        own.put("spark-app-name", "<application name>");
        own.put("spark-role", role.word());
        if (role == PodRole.EXECUTOR) {
            own.put("spark-exec-id", EXECUTOR_ID);
            own.put("spark-exec-resourceprofile-id", "0");
        }
        pod.setAll(PodEditor.LABELS, own);
        pod.setAll(PodEditor.ANNOTATIONS, substituted(job.settingsUnder(prefix + "annotation.")));
    }

    private void placement() {
        boolean restarted = role == PodRole.EXECUTOR
                && job.setting("spark.kubernetes.allocation.pods.allocator")
                        .filter("statefulset"::equals)
                        .isPresent();
        pod.set(SPEC.child("restartPolicy"), restarted ? "Always" : "Never");
        pod.setAll(PodEditor.NODE_SELECTOR, PodRules.selectors(role, job));
        for (String secret : list("spark.kubernetes.container.image.pullSecrets")) {
            pod.insert(SPEC.child("imagePullSecrets"), Map.of("name", secret));
        }
        job.setting(prefix + "scheduler.name")
                .or(() -> job.setting("spark.kubernetes.scheduler.name"))
                .ifPresent(name -> pod.set(SPEC.child("schedulerName"), name));
    }

    private List<String> list(String setting) {
        List<String> entries = new ArrayList<>();
        for (String entry : job.setting(setting).orElse("").split(",")) {
            if (!entry.isBlank()) {
                entries.add(entry.trim());
            }
        }
        return entries;
    }

    private void serviceAccount() {
        Optional<String> driver = job.setting("spark.kubernetes.authenticate.driver.serviceAccountName");
        if (role == PodRole.DRIVER) {
            driver.ifPresent(this::serviceAccount);
        } else if (pod.at(SPEC.child("serviceAccount")) == null) {
            job.setting("spark.kubernetes.authenticate.executor.serviceAccountName")
                    .or(() -> driver)
                    .ifPresent(this::serviceAccount);
        }
    }

    private void serviceAccount(String name) {
        pod.set(SPEC.child("serviceAccount"), name);
        pod.set(SPEC.child("serviceAccountName"), name);
    }

    private void secrets() {
        job.settingsUnder(prefix + "secrets.").forEach((secret, path) -> {
            pod.insert(PodEditor.VOLUMES, Map.of("name", secret + "-volume", "secret", Map.of("secretName", secret)));
            mount(secret + "-volume", path);
        });
        job.settingsUnder(prefix + "secretKeyRef.").forEach((name, reference) -> {
            int colon = reference.indexOf(':');
            if (colon > 0) {
                pod.insert(
                        container.child("env"),
                        Map.of(
                                "name",
                                name,
                                "valueFrom",
                                Map.of(
                                        "secretKeyRef",
                                        Map.of(
                                                "name",
                                                reference.substring(0, colon),
                                                "key",
                                                reference.substring(colon + 1)))));
            }
        });
    }

    private void volumes() {
        Map<String, String> settings = job.settingsUnder(prefix + "volumes.");
        TreeSet<String> names = new TreeSet<>();
        settings.keySet().forEach(key -> {
            String[] words = key.split("\\.", 3);
            if (words.length == 3) {
                names.add(words[0] + "." + words[1]);
            }
        });
        for (String name : names) {
            volume(name.substring(0, name.indexOf('.')), name.substring(name.indexOf('.') + 1), settings);
        }
    }

    private void volume(String type, String name, Map<String, String> settings) {
        String start = type + "." + name + ".";
        boolean readOnly = Boolean.parseBoolean(settings.get(start + "mount.readOnly"));
        Map<String, Object> mount = new TreeMap<>();
        mount.put("name", name);
        mount.put("mountPath", settings.getOrDefault(start + "mount.path", "<mount path>"));
        mount.put("readOnly", readOnly);
        Optional.ofNullable(settings.get(start + "mount.subPath")).ifPresent(path -> mount.put("subPath", path));
        if (job.sparkVersion() == SparkVersion.V4_1) {
            Optional.ofNullable(settings.get(start + "mount.subPathExpr"))
                    .ifPresent(path -> mount.put("subPathExpr", path));
        }
        pod.insert(container.child("volumeMounts"), mount);
        String options = start + "options.";
        Map<String, Object> source = new TreeMap<>();
        switch (type) {
            case "hostPath" -> {
                source.put("path", settings.getOrDefault(options + "path", ""));
                source.put("type", settings.getOrDefault(options + "type", ""));
            }
            case "persistentVolumeClaim" -> {
                String claim = settings.getOrDefault(options + "claimName", "");
                source.put("claimName", claim(claim));
                source.put("readOnly", readOnly);
            }
            case "nfs" -> {
                source.put("path", settings.getOrDefault(options + "path", ""));
                source.put("server", settings.getOrDefault(options + "server", ""));
            }
            default -> {
                source.put("medium", settings.getOrDefault(options + "medium", ""));
                Optional.ofNullable(settings.get(options + "sizeLimit"))
                        .ifPresent(size -> source.put("sizeLimit", size));
            }
        }
        pod.insert(PodEditor.VOLUMES, Map.of("name", name, type, source));
    }

    private String claim(String name) {
        String made = name.replace("OnDemand", CLAIM);
        return role == PodRole.EXECUTOR ? made.replace("SPARK_EXECUTOR_ID", EXECUTOR_ID) : made;
    }

    private void command() {
        for (String argument : List.of(
                "driver",
                "--properties-file",
                "/opt/spark/conf/spark.properties",
                "--class",
                "<main class>",
                "<application>")) {
            pod.append(container.child("args"), argument);
        }
    }

    private void executorTemplate() {
        if (job.setting("spark.kubernetes.executor.podTemplateFile").isPresent()) {
            configMapVolume(
                    "pod-template-volume",
                    Map.of(
                            "name",
                            CONFIG_MAP,
                            "items",
                            List.of(Map.of("key", "podspec-configmap-key", "path", "pod-spec-template.yml"))));
            mount("pod-template-volume", "/opt/spark/pod-template");
        }
    }

    /** Mounts of volumes named for it, or empty directories. */
    private void localDirectories() {
        List<String> directories = new ArrayList<>();
        for (Object entry : pod.entries(container.child("volumeMounts"))) {
            if (entry instanceof Map<?, ?> mount
                    && mount.get("name") instanceof String name
                    && name.startsWith("spark-local-dir-")
                    && mount.get("mountPath") instanceof String path) {
                directories.add(path);
            }
        }
        if (directories.isEmpty()) {
            directories.addAll(list("spark.local.dir"));
            if (directories.isEmpty()) {
                directories.add(LOCAL_DIRECTORY);
            }
            Map<String, String> source =
                    job.enabled("spark.kubernetes.local.dirs.tmpfs") ? Map.of("medium", "Memory") : Map.of();
            for (int i = 1; i <= directories.size(); i++) {
                pod.insert(PodEditor.VOLUMES, Map.of("name", "spark-local-dir-" + i, "emptyDir", source));
                mount("spark-local-dir-" + i, directories.get(i - 1));
            }
        }
        env("SPARK_LOCAL_DIRS", String.join(",", directories));
    }

    private void configMapVolume(String name, Map<String, ?> source) {
        pod.insert(PodEditor.VOLUMES, Map.of("name", name, "configMap", source));
    }

    private void mount(String volume, String path) {
        pod.insert(container.child("volumeMounts"), Map.of("name", volume, "mountPath", path));
    }

    /** Says of which settings it is not known here what they do to the pod. */
    private void unknowns() {
        List<String> steps = list(prefix + "pod.featureSteps");
        if (!steps.isEmpty()) {
            pod.unknown("what the feature steps of " + prefix + "pod.featureSteps do: " + String.join(", ", steps));
        }
        for (String start : List.of(
                "spark.kubernetes.hadoop.configMapName",
                "spark.kubernetes.kerberos.",
                "spark.kerberos.",
                "spark.ssl.rpc.",
                "spark.pyspark.")) {
            if (!job.settingsUnder(start).isEmpty()) {
                pod.unknown("what Spark adds for the settings " + start + (start.endsWith(".") ? "*" : ""));
            }
        }
        if (role == PodRole.EXECUTOR) {
            pod.unknown(
                    "the options for Java's modules that the running driver puts before the SPARK_JAVA_OPT_… shown");
            pod.unknown("executors of a resource profile of their own: Spark drops the template's resources from them");
        }
    }

    /** A variable of the user's, whose value may be secret. */
    private void userEnv(String name, String value) {
        env(name, Secrets.shown(name, value));
    }

    private void env(String name, String value) {
        pod.insert(container.child("env"), Map.of("name", name, "value", value));
    }

    private void envFromField(String name, String field) {
        pod.insert(
                container.child("env"),
                Map.of("name", name, "valueFrom", Map.of("fieldRef", Map.of("apiVersion", "v1", "fieldPath", field))));
    }
}
