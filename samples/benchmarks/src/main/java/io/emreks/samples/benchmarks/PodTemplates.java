package io.emreks.samples.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.emreks.podtemplate.Finding;
import io.emreks.podtemplate.JobPods;
import io.emreks.podtemplate.PodTemplate;
import io.emreks.podtemplate.Preset;
import io.emreks.samples.benchmarks.Measurement.Better;
import io.emreks.samples.benchmarks.Measurement.Goal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The templates of driver and executors as the preset {@code shared} makes them: built, checked and rendered, again and
 * again and once in a fresh process. fabric8's model builds and renders the same pods, and checks nothing.
 */
@State(Scope.Thread)
public class PodTemplates implements Yardstick {
    private static final int PROCESSES = 15;
    /** Less than both templates have. */
    private static final int LENGTH = 100;

    private final YAMLMapper mapper = new YAMLMapper();

    @Override
    public String name() {
        return "pod-templates";
    }

    @Override
    public List<Measurement> measure() throws Exception {
        List<Measurement> all = new ArrayList<>(
                Jmh.compare(PodTemplates.class, "A pair of pod templates", new Goal.AtMost(150), new Goal.None()));
        Forks.Program emreks = new Forks.Program(WithEmreks.class, List.of());
        Forks.Program nothing = new Forks.Program(Nothing.class, List.of());
        Forks.Program fabric8 = new Forks.Program(WithFabric8.class, List.of());
        double warmUp = emreks.millis() + nothing.millis() + fabric8.millis();
        double[] beside = Forks.alternate(PROCESSES, emreks, nothing);
        double[] against = Forks.alternate(PROCESSES, emreks, fabric8);
        if (warmUp <= 0) {
            throw new IllegalStateException("The processes took no time");
        }
        all.add(new Measurement(
                "A process that makes a pair, beside one that does nothing",
                "ms",
                beside[0],
                beside[1],
                Better.LESS,
                new Goal.Excess(250)));
        all.add(new Measurement(
                "A process that makes a pair, beside fabric8's model",
                "ms",
                against[0],
                against[1],
                Better.LESS,
                new Goal.Ratio(1)));
        return all;
    }

    /** With emreks. */
    @Benchmark
    public int emreks() {
        return WithEmreks.pair();
    }

    /** With fabric8's model. */
    @Benchmark
    public int baseline() throws JsonProcessingException {
        return WithFabric8.pair(mapper);
    }

    /** With emreks. In a class of its own, so that a process loads nothing of the benchmarks and of JMH. */
    static final class WithEmreks {
        private WithEmreks() {}

        static int pair() {
            JobPods pods = JobPods.builder().preset(Preset.shared()).build();
            int length = 0;
            for (PodTemplate template : List.of(pods.driver(), pods.executor())) {
                List<Finding> findings = template.check();
                if (!findings.isEmpty()) {
                    throw new IllegalStateException("The preset has findings: " + findings);
                }
                length += template.toYaml().length();
            }
            return length;
        }

        public static void main(String[] args) {
            if (pair() < LENGTH) {
                throw new IllegalStateException("There is no pair of templates");
            }
        }
    }

    /** With fabric8's model; for the same reason in a class of its own. */
    static final class WithFabric8 {
        private WithFabric8() {}

        static int pair(YAMLMapper mapper) throws JsonProcessingException {
            Pod driver = new PodBuilder()
                    .withNewMetadata()
                    .addToAnnotations("karpenter.sh/do-not-disrupt", "true")
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("spark-kubernetes-driver")
                    .endContainer()
                    .addToNodeSelector("karpenter.sh/capacity-type", "on-demand")
                    .endSpec()
                    .build();
            Pod executor = new PodBuilder()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("spark-kubernetes-executor")
                    .endContainer()
                    .addToNodeSelector("karpenter.sh/capacity-type", "spot")
                    .withTerminationGracePeriodSeconds(110L)
                    .endSpec()
                    .build();
            return mapper.writeValueAsString(driver).length()
                    + mapper.writeValueAsString(executor).length();
        }

        public static void main(String[] args) throws JsonProcessingException {
            if (pair(new YAMLMapper()) < LENGTH) {
                throw new IllegalStateException("There is no pair of templates");
            }
        }
    }

    /** An empty main. */
    static final class Nothing {
        private Nothing() {}

        public static void main(String[] args) {}
    }
}
