package io.emreks.podtemplate;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A named set of wishes for the pods of a job, to be applied with {@link JobPods.Builder#preset} or
 * {@link PodTemplate.Builder#preset}. Presets compose in any order; if two of them contradict each other, the error names
 * both.
 */
public abstract class Preset {
    /** Leaves ten seconds of the two minutes' notice for what comes after Spark. */
    private static final Duration SPOT_GRACE_PERIOD = Duration.ofSeconds(110);

    private final String name;

    private Preset(String name) {
        this.name = name;
    }

    /** What it wants of the driver. */
    void driver(PodTemplate.Builder pod) {}

    /** What it wants of the executors. */
    void executor(PodTemplate.Builder pod) {}

    /** What it wants of the submitter. */
    void submitter(JobPods.Builder job) {}

    /**
     * A preset of your own.
     *
     * @param name for messages
     * @param driver what it wants of the driver
     * @param executor what it wants of the executors
     * @return the preset
     */
    public static Preset of(String name, Consumer<PodTemplate.Builder> driver, Consumer<PodTemplate.Builder> executor) {
        return new Preset(name) {
            @Override
            void driver(PodTemplate.Builder pod) {
                driver.accept(pod);
            }

            @Override
            void executor(PodTemplate.Builder pod) {
                executor.accept(pod);
            }
        };
    }

    /**
     * {@code critical}: driver, executors and submitter on on-demand nodes, and none of them moved to save nodes. Costs the
     * full on-demand price, and nodes that cannot be consolidated while the job runs. Nothing is lost to spot interruptions.
     *
     * @return the preset
     */
    public static Preset critical() {
        return new Preset("critical") {
            @Override
            void driver(PodTemplate.Builder pod) {
                onDemandAndKept(pod);
            }

            @Override
            void executor(PodTemplate.Builder pod) {
                onDemandAndKept(pod);
            }

            @Override
            void submitter(JobPods.Builder job) {
                job.submitterOnDemand("preset critical");
            }
        };
    }

    /**
     * {@code shared}: driver and submitter on on-demand nodes, the driver not moved; executors on spot nodes, with 110
     * seconds to hand over their data. Costs spot prices for most of the job. An interruption costs the tasks of the
     * executors it hits, and their shuffle data unless {@code spark.decommission.enabled} and
     * {@code spark.storage.decommission.enabled} are set; with no spot capacity at all, the job waits.
     *
     * @return the preset
     */
    public static Preset shared() {
        return new Preset("shared") {
            @Override
            void driver(PodTemplate.Builder pod) {
                onDemandAndKept(pod);
            }

            @Override
            void executor(PodTemplate.Builder pod) {
                onSpot(pod);
            }

            @Override
            void submitter(JobPods.Builder job) {
                job.submitterOnDemand("preset shared");
            }
        };
    }

    /**
     * {@code spotExecutors}: executors on spot nodes, as in {@link #shared}; says nothing of driver and submitter, which
     * then run wherever there is room, also on spot nodes.
     *
     * @return the preset
     */
    public static Preset spotExecutors() {
        return new Preset("spotExecutors") {
            @Override
            void executor(PodTemplate.Builder pod) {
                onSpot(pod);
            }
        };
    }

    /**
     * {@code graviton}: driver and executors on arm64 nodes only, which cost less than amd64 nodes of the same size. A custom
     * image without an arm64 variant fails with {@code exec format error}; native libraries of the job must be there for
     * arm64.
     *
     * @return the preset
     */
    public static Preset graviton() {
        return new Preset("graviton") {
            @Override
            void driver(PodTemplate.Builder pod) {
                pod.arm64();
            }

            @Override
            void executor(PodTemplate.Builder pod) {
                pod.arm64();
            }
        };
    }

    /**
     * {@code nvmeShuffle}: the executors' shuffle and spill files on disks of the node. Costs instances with disks, such as
     * {@code m7gd}, and no volumes. What is on the disks is lost with the node; on a node without the directories, pods do
     * not start.
     *
     * @param directories where the disks are mounted on the node, such as {@code /mnt/k8s-disks/0}; at least one. They
     *     must belong to user 999 and group 1000
     * @return the preset
     */
    public static Preset nvmeShuffle(String... directories) {
        if (directories.length == 0) {
            throw InvalidPodTemplateException.of(
                    "preset nvmeShuffle has no directory; name where the disks are mounted, such as /mnt/k8s-disks/0");
        }
        List<String> copy = List.of(directories);
        return new Preset("nvmeShuffle") {
            @Override
            void executor(PodTemplate.Builder pod) {
                pod.localDisks(copy.toArray(new String[0]));
            }
        };
    }

    /**
     * {@code singleZone}: driver, executors and submitter in one availability zone. Saves the price and the delay of shuffle
     * traffic between zones. If the zone fails or has no capacity, the job fails or waits.
     *
     * @param zone the zone's name, such as {@code us-east-1a}
     * @return the preset
     */
    public static Preset singleZone(String zone) {
        return new Preset("singleZone") {
            @Override
            void driver(PodTemplate.Builder pod) {
                pod.zone(zone);
            }

            @Override
            void executor(PodTemplate.Builder pod) {
                pod.zone(zone);
            }

            @Override
            void submitter(JobPods.Builder job) {
                job.submitterNodeSelector(JobPods.ZONE, zone, "preset singleZone");
            }
        };
    }

    /**
     * The preset's name, as it stands in messages.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Preset[" + name + "]";
    }

    void applyTo(PodRole role, PodTemplate.Builder pod) {
        if (role == PodRole.DRIVER) {
            driver(pod);
        } else {
            executor(pod);
        }
    }

    private static void onDemandAndKept(PodTemplate.Builder pod) {
        pod.onDemand().doNotDisrupt();
    }

    private static void onSpot(PodTemplate.Builder pod) {
        pod.spot().terminationGracePeriod(SPOT_GRACE_PERIOD);
    }
}
