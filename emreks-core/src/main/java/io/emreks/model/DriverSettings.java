package io.emreks.model;

import io.emreks.podtemplate.PodTemplate;
import io.emreks.spark.DriverTuning;
import io.emreks.spark.MemorySize;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The driver's size and pod, while a request is being built. What is said again replaces what was said before. */
public final class DriverSettings {
    private final DriverTuning.Builder tuning;
    private PodTemplate.@Nullable Builder pod;

    DriverSettings() {
        tuning = DriverTuning.builder();
    }

    DriverSettings(DriverTuning tuning, Optional<PodTemplate> pod) {
        this.tuning = tuning.toBuilder();
        this.pod = pod.map(PodTemplate::toBuilder).orElse(null);
    }

    /** CPU cores, at least 1. Spark's default is 1. */
    public DriverSettings cores(int cores) {
        tuning.cores(cores);
        return this;
    }

    /** The heap, such as {@code 4g}. Spark's default is 1 GiB; the pod gets its overhead on top. */
    public DriverSettings memory(String memory) {
        tuning.memory(memory);
        return this;
    }

    /** The heap. */
    public DriverSettings memory(MemorySize memory) {
        tuning.memory(memory);
        return this;
    }

    /** Memory beside the heap, such as {@code 1g}. Spark's default is a tenth of the heap, at least 384 MiB. */
    public DriverSettings memoryOverhead(String memoryOverhead) {
        tuning.memoryOverhead(memoryOverhead);
        return this;
    }

    /** The pod's CPU request when it differs from the cores, such as {@code 3900m}. */
    public DriverSettings requestCores(String requestCores) {
        tuning.requestCores(requestCores);
        return this;
    }

    /** An environment variable of the driver. */
    public DriverSettings env(String name, String value) {
        tuning.putEnv(name, value);
        return this;
    }

    /** Adds to the driver's pod template. */
    public DriverSettings pod(Consumer<PodTemplate.Builder> pod) {
        if (this.pod == null) {
            this.pod = PodTemplate.driver();
        }
        pod.accept(this.pod);
        return this;
    }

    /** Replaces the driver's pod template; {@link #pod(Consumer)} can add to it. */
    public DriverSettings pod(PodTemplate template) {
        this.pod = template.toBuilder();
        return this;
    }

    DriverTuning tuning() {
        return tuning.build();
    }

    Optional<PodTemplate> pod() {
        return Optional.ofNullable(pod).map(PodTemplate.Builder::build);
    }
}
