package org.apache.spark.launcher;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.apache.spark.deploy.k8s.KubernetesConf;
import org.apache.spark.deploy.k8s.KubernetesDriverConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.deploy.k8s.features.BasicDriverFeatureStep;
import org.apache.spark.deploy.k8s.features.BasicExecutorFeatureStep;
import org.apache.spark.deploy.k8s.features.DriverCommandFeatureStep;
import org.apache.spark.deploy.k8s.submit.JavaMainAppResource;
import org.apache.spark.deploy.k8s.submit.MainAppResource;
import org.apache.spark.deploy.k8s.submit.PythonMainAppResource;
import org.apache.spark.internal.config.ConfigEntry;
import scala.Option;

/** What Spark itself makes of settings; compiled and loaded by the tests beside the jars of one version of Spark. */
public final class SparkOracle implements BiFunction<String, Object, Object> {
    private org.apache.spark.SecurityManager security;

    /** Talks in types of the JDK only, as the caller is in another class loader. */
    @Override
    @SuppressWarnings("unchecked")
    public Object apply(String question, Object argument) {
        switch (question) {
            case "split":
                return CommandBuilderUtils.parseOptionString((String) argument);
            case "submit":
                return submit((List<String>) argument);
            case "jvm pods":
                return pods((Map<String, String>) argument, new JavaMainAppResource(Option.apply("local:///a.jar")));
            case "python pods":
                return pods((Map<String, String>) argument, new PythonMainAppResource("local:///a.py"));
            case "executors at the start":
                return executorsAtTheStart((Map<String, String>) argument);
            case "settings":
                return settings();
            default:
                throw new IllegalArgumentException(question);
        }
    }

    private static Map<String, Object> submit(List<String> words) {
        SparkSubmitArguments read = new SparkSubmitArguments(
                scala.collection.JavaConverters.asScalaBufferConverter(words).asScala().toList(),
                scala.collection.immutable.Map$.MODULE$.empty());
        Map<String, Object> answer = new LinkedHashMap<>();
        Map<String, String> properties = new TreeMap<>();
        scala.collection.Iterator<scala.Tuple2<String, String>> each = read.sparkProperties().iterator();
        while (each.hasNext()) {
            scala.Tuple2<String, String> property = each.next();
            properties.put(property._1(), property._2());
        }
        answer.put("properties", properties);
        answer.put("class", read.mainClass());
        answer.put("jars", read.jars());
        answer.put("files", read.files());
        answer.put("pyFiles", read.pyFiles());
        answer.put("archives", read.archives());
        answer.put("packages", read.packages());
        answer.put("resource", read.primaryResource());
        List<String> arguments = new ArrayList<>();
        scala.collection.Iterator<String> child = read.childArgs().iterator();
        while (child.hasNext()) {
            arguments.add(child.next());
        }
        answer.put("arguments", arguments);
        answer.put("spark.executor.memory", read.executorMemory());
        answer.put("spark.executor.cores", read.executorCores());
        answer.put("spark.executor.instances", read.numExecutors());
        answer.put("spark.driver.memory", read.driverMemory());
        answer.put("spark.driver.cores", read.driverCores());
        answer.put("spark.driver.extraJavaOptions", read.driverExtraJavaOptions());
        answer.put("spark.driver.extraClassPath", read.driverExtraClassPath());
        answer.put("spark.app.name", read.name());
        return answer;
    }

    private Map<String, String> pods(Map<String, String> settings, MainAppResource resource) {
        SparkConf conf = new SparkConf(false)
                .set("spark.master", "k8s://https://127.0.0.1:1")
                .set("spark.app.name", "a")
                // else Spark starts a process to ask for the user's groups
                .set("spark.user.groups.mapping", "")
                .set("spark.kubernetes.container.image", "a");
        settings.forEach(conf::set);
        KubernetesDriverConf driverConf =
                KubernetesConf.createDriverConf(conf, "spark-0", resource, "a.Main", new String[0], Option.empty());
        BasicDriverFeatureStep driverStep = new BasicDriverFeatureStep(driverConf);
        Map<String, String> answer = new LinkedHashMap<>();
        add(answer, "driver", driverStep.configurePod(empty()));

        SparkConf forExecutors = conf.clone();
        copy(driverStep.getAdditionalPodSystemProperties(), forExecutors);
        copy(new DriverCommandFeatureStep(driverConf).getAdditionalPodSystemProperties(), forExecutors);
        forExecutors.set("spark.driver.host", "a.b.svc").set("spark.driver.port", "7078");
        org.apache.spark.resource.ResourceProfile$.MODULE$.clearDefaultProfile();
        BasicExecutorFeatureStep executorStep = new BasicExecutorFeatureStep(
                new KubernetesExecutorConf(forExecutors, "spark-0", "1", Option.empty(), 0),
                security(forExecutors),
                org.apache.spark.resource.ResourceProfile$.MODULE$.getOrCreateDefaultProfile(forExecutors));
        add(answer, "executor", executorStep.configurePod(empty()));
        return answer;
    }

    private static Integer executorsAtTheStart(Map<String, String> settings) {
        SparkConf conf = new SparkConf(false).set("spark.master", "k8s://https://127.0.0.1:1");
        settings.forEach(conf::set);
        return org.apache.spark.scheduler.cluster.SchedulerBackendUtils.getInitialTargetExecutorNumber(
                conf, org.apache.spark.scheduler.cluster.SchedulerBackendUtils.DEFAULT_NUMBER_EXECUTORS());
    }

    /** One for all, as each reads Hadoop's defaults anew; it has no say in what a pod requests. */
    private synchronized org.apache.spark.SecurityManager security(SparkConf conf) {
        if (security == null) {
            security = new org.apache.spark.SecurityManager(
                    conf, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
        }
        return security;
    }

    private static SparkPod empty() {
        return new SparkPod(
                new PodBuilder().withNewMetadata().endMetadata().withNewSpec().endSpec().build(),
                new ContainerBuilder().build());
    }

    private static void copy(scala.collection.immutable.Map<String, String> from, SparkConf to) {
        scala.collection.Iterator<scala.Tuple2<String, String>> each = from.iterator();
        while (each.hasNext()) {
            scala.Tuple2<String, String> property = each.next();
            to.set(property._1(), property._2());
        }
    }

    private static void add(Map<String, String> answer, String role, SparkPod pod) {
        ResourceRequirements resources = pod.container().getResources();
        resources.getRequests().forEach((name, amount) -> answer.put(role + ".request." + name, text(amount)));
        resources.getLimits().forEach((name, amount) -> answer.put(role + ".limit." + name, text(amount)));
    }

    private static String text(Quantity quantity) {
        return quantity.getAmount() + (quantity.getFormat() == null ? "" : quantity.getFormat());
    }

    /** Name and version of first appearance of every setting that Spark knows. */
    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        try {
            for (String holder : Arrays.asList(
                    "org.apache.spark.internal.config.package$",
                    "org.apache.spark.internal.config.Deploy$",
                    "org.apache.spark.internal.config.History$",
                    "org.apache.spark.internal.config.Kryo$",
                    "org.apache.spark.internal.config.Network$",
                    "org.apache.spark.internal.config.Python$",
                    "org.apache.spark.internal.config.R$",
                    "org.apache.spark.internal.config.Status$",
                    "org.apache.spark.internal.config.Streaming$",
                    "org.apache.spark.internal.config.Tests$",
                    "org.apache.spark.internal.config.UI$",
                    "org.apache.spark.internal.config.Worker$",
                    "org.apache.spark.deploy.k8s.Config$",
                    "org.apache.spark.sql.internal.StaticSQLConf$",
                    "org.apache.spark.sql.internal.SQLConf$")) {
                Class.forName(holder, true, SparkOracle.class.getClassLoader());
            }
            addAll(settings, "org.apache.spark.internal.config.ConfigEntry$", "knownConfigs");
            addAll(settings, "org.apache.spark.sql.internal.SQLConf$", "sqlConfEntries");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return settings;
    }

    private static void addAll(Map<String, String> settings, String holder, String registry)
            throws ReflectiveOperationException {
        Class<?> type = Class.forName(holder);
        java.lang.reflect.Field field = type.getDeclaredField(registry);
        field.setAccessible(true);
        Map<?, ?> entries = (Map<?, ?>) field.get(type.getField("MODULE$").get(null));
        for (Object each : entries.values()) {
            ConfigEntry<?> entry = (ConfigEntry<?>) each;
            settings.put(entry.key(), entry.version());
        }
    }
}
