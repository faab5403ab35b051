package io.emreks.model;

import io.emreks.podtemplate.PodTemplate;
import io.emreks.spark.ExecutorTuning;
import io.emreks.spark.MemorySize;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The number, size and pod of the executors, while a request is being built. What is said again replaces what was said before. */
public final class ExecutorSettings {
    private final ExecutorTuning.Builder tuning;
    private PodTemplate.@Nullable Builder pod;

    ExecutorSettings() {
        tuning = ExecutorTuning.builder();
    }

    ExecutorSettings(ExecutorTuning tuning, Optional<PodTemplate> pod) {
        this.tuning = tuning.toBuilder();
        this.pod = pod.map(PodTemplate::toBuilder).orElse(null);
    }

    /** How many executors. Spark's default is 2. */
    public ExecutorSettings instances(int instances) {
        tuning.instances(instances);
        return this;
    }

    /** CPU cores of each, at least 1. Spark's default is 1. */
    public ExecutorSettings cores(int cores) {
        tuning.cores(cores);
        return this;
    }

    /** The heap, such as {@code 4g}. Spark's default is 1 GiB; the pod gets its overhead on top. */
    public ExecutorSettings memory(String memory) {
        tuning.memory(memory);
        return this;
    }

    /** The heap. */
    public ExecutorSettings memory(MemorySize memory) {
        tuning.memory(memory);
        return this;
    }

    /** Memory beside the heap, such as {@code 1g}. Spark's default is a tenth of the heap, at least 384 MiB. */
    public ExecutorSettings memoryOverhead(String memoryOverhead) {
        tuning.memoryOverhead(memoryOverhead);
        return this;
    }

    /** The pod's CPU request when it differs from the cores, such as {@code 3900m}. */
    public ExecutorSettings requestCores(String requestCores) {
        tuning.requestCores(requestCores);
        return this;
    }

    /** An environment variable of the executors. */
    public ExecutorSettings env(String name, String value) {
        tuning.putEnv(name, value);
        return this;
    }

    /** Adds to the pod template of the executors. */
    public ExecutorSettings pod(Consumer<PodTemplate.Builder> pod) {
        if (this.pod == null) {
            this.pod = PodTemplate.executor();
        }
        pod.accept(this.pod);
        return this;
    }

    /** Replaces the pod template of the executors; {@link #pod(Consumer)} can add to it. */
    public ExecutorSettings pod(PodTemplate template) {
        this.pod = template.toBuilder();
        return this;
    }

    ExecutorTuning tuning() {
        return tuning.build();
    }

    Optional<PodTemplate> pod() {
        return Optional.ofNullable(pod).map(PodTemplate.Builder::build);
    }
}
