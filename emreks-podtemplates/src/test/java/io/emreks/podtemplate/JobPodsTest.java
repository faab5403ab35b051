package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JobPodsTest {
    private static final JobContext NOTHING = JobContext.builder().build();

    private static List<Preset> presets() {
        return List.of(
                Preset.critical(),
                Preset.shared(),
                Preset.spotExecutors(),
                Preset.graviton(),
                Preset.nvmeShuffle("/mnt/k8s-disks/0"),
                Preset.singleZone("us-east-1a"));
    }

    @Test
    void everyPresetAloneHasNoFindings() {
        for (Preset preset : presets()) {
            for (CapacityDialect dialect : CapacityDialect.known()) {
                JobPods pods = JobPods.builder().dialect(dialect).preset(preset).build();
                assertThat(pods.check(NOTHING)).as(preset.name()).isEmpty();
            }
        }
    }

    /** Only 'critical' and a preset with spot executors contradict each other. */
    @Property
    void presetsComposeInAnyOrder(@ForAll Set<Integer> choice, @ForAll long order) {
        List<Preset> chosen = new ArrayList<>();
        for (int i : choice) {
            chosen.add(presets().get(Math.floorMod(i, presets().size())));
        }
        Collections.shuffle(chosen, new Random(order));
        JobPods.Builder builder = JobPods.builder();
        chosen.forEach(builder::preset);
        Set<String> names = Set.copyOf(chosen.stream().map(Preset::name).toList());
        if (names.contains("critical") && (names.contains("shared") || names.contains("spotExecutors"))) {
            assertThatThrownBy(builder::build).hasMessageContaining("preset critical");
        } else {
            assertThat(builder.build().check(NOTHING)).isEmpty();
        }
    }

    @Test
    void sharedIsADriverOnDemandAndExecutorsOnSpot() {
        JobPods pods = JobPods.builder()
                .preset(Preset.shared())
                .preset(Preset.graviton())
                .preset(Preset.nvmeShuffle("/mnt/k8s-disks/0"))
                .preset(Preset.singleZone("us-east-1a"))
                .costLabels(Map.of("team", "data"))
                .build();
        assertThat(pods.driver())
                .isEqualTo(PodTemplate.driver()
                        .onDemand()
                        .doNotDisrupt()
                        .arm64()
                        .zone("us-east-1a")
                        .label("team", "data")
                        .build());
        assertThat(pods.executor())
                .isEqualTo(PodTemplate.executor()
                        .spot()
                        .arm64()
                        .zone("us-east-1a")
                        .terminationGracePeriod(Duration.ofSeconds(110))
                        .hostPathVolume("spark-local-dir-1", "/mnt/k8s-disks/0", "/data1")
                        .label("team", "data")
                        .build());
        assertThat(pods.submitter())
                .containsExactly(
                        Map.entry("jobsubmitter.annotation.karpenter.sh/do-not-disrupt", "true"),
                        Map.entry("jobsubmitter.label.team", "data"),
                        Map.entry("jobsubmitter.node.selector.karpenter.sh/capacity-type", "on-demand"),
                        Map.entry("jobsubmitter.node.selector.topology.kubernetes.io/zone", "us-east-1a"));
        assertThat(pods.sparkSettings())
                .containsExactly(Map.entry("spark.kubernetes.executor.terminationGracePeriodSeconds", "110s"));
    }

    @Test
    void aConflictNamesBothPresets() {
        JobPods.Builder builder = JobPods.builder()
                .preset(Preset.critical())
                .preset(Preset.spotExecutors())
                .preset(Preset.singleZone("a"))
                .preset(Preset.singleZone("b"))
                .preset(Preset.nvmeShuffle("/x"))
                .preset(Preset.nvmeShuffle("/y"));
        InvalidPodTemplateException e = catchThrowableOfType(InvalidPodTemplateException.class, builder::build);
        assertThat(e.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("executor: ", "preset critical (onDemand())", "preset spotExecutors (spot())"))
                .anySatisfy(problem ->
                        assertThat(problem).contains("driver: ", "preset singleZone (zone(\"a\"))", "zone(\"b\")"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("preset singleZone and preset singleZone", "the submitter", "a and b"))
                .anySatisfy(problem ->
                        assertThat(problem).contains("preset nvmeShuffle (localDisks([/x]))", "localDisks([/y])"));
    }

    @Test
    void aCallByHandContradictsAPresetsPlacementAndReplacesTheRest() {
        PodTemplate.Builder placed =
                PodTemplate.executor().preset(Preset.shared()).onDemand();
        assertThatThrownBy(placed::build).hasMessageContainingAll("preset shared (spot())", "onDemand()");

        assertThat(PodTemplate.executor()
                        .preset(Preset.shared())
                        .terminationGracePeriod(Duration.ofSeconds(60))
                        .build()
                        .toYaml())
                .contains("terminationGracePeriodSeconds: 60");
    }

    @Test
    void presetsOfYourOwn() {
        Preset ours = Preset.of("ours", pod -> pod.amd64(), pod -> pod.spot().amd64());
        assertThatThrownBy(() ->
                        JobPods.builder().preset(ours).preset(Preset.graviton()).build())
                .hasMessageContainingAll("preset ours (amd64())", "preset graviton (arm64())");
        assertThatThrownBy(Preset::nvmeShuffle).hasMessageContaining("no directory");
    }

    @Test
    void costTagsThatCannotBeLabelsAreAllNamed() {
        JobPods.Builder builder =
                JobPods.builder().costLabels(Map.of("cost center", "a", "owner", "Ann Doe", "ok", "b"));
        InvalidPodTemplateException e = catchThrowableOfType(InvalidPodTemplateException.class, builder::build);
        assertThat(e.problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("'cost center'", "change the key"))
                .anySatisfy(problem -> assertThat(problem).contains("'owner'", "change the value"));
    }

    @Test
    void reusableDisksAreSettings() {
        JobPods pods = JobPods.builder()
                .reusableDisk("gp3", "100Gi")
                .reusableDisk("gp3", "50Gi")
                .build();
        String disk = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-2.";
        assertThat(pods.sparkSettings())
                .hasSize(12)
                .containsEntry(disk + "options.claimName", "OnDemand")
                .containsEntry(disk + "options.sizeLimit", "50Gi")
                .containsEntry(disk + "mount.path", "/data2")
                .containsEntry("spark.kubernetes.driver.reusePersistentVolumeClaim", "true");
    }

    @Test
    void templatesOfYourOwnArePartOfTheJob() {
        PodTemplate driver = PodTemplate.driver().spot().label("a", "b").build();
        PodTemplate executor = PodTemplate.executor().priorityClass("batch").build();
        JobPods pods = JobPods.builder(driver, executor)
                .preset(Preset.shared())
                .preset(Preset.singleZone("z"))
                .build();
        assertThat(pods.driver())
                .isEqualTo(PodTemplate.driver()
                        .onDemand()
                        .doNotDisrupt()
                        .zone("z")
                        .label("a", "b")
                        .build());
        assertThat(pods.executor().toYaml()).contains("priorityClassName: batch", "capacity-type: spot");
        assertThat(pods.check(NOTHING)).isEmpty();
        assertThatThrownBy(() -> JobPods.builder(executor, driver)).hasMessageContaining("executor and driver");
    }

    @Test
    void disksOfTheNodeAndReusableDisksContradictEachOther() {
        JobPods.Builder builder =
                JobPods.builder().reusableDisk("gp3", "100Gi").preset(Preset.nvmeShuffle("/mnt/k8s-disks/0"));
        assertThatThrownBy(builder::build).hasMessageContainingAll("reusableDisk", "nvmeShuffle", "keep one");
        assertThat(JobPods.builder()
                        .reusableDisk("gp3", "100Gi")
                        .executor(pod -> pod.memoryVolume("cache", "1Gi", "/cache"))
                        .build()
                        .check(NOTHING))
                .isEmpty();
    }

    @Test
    void aPresetDoesNotMoveASubmitterThatWasPlaced() {
        JobPods.Builder builder = JobPods.builder()
                .submitterNodeSelector("karpenter.sh/capacity-type", "spot")
                .preset(Preset.shared());
        assertThatThrownBy(builder::build)
                .hasMessageContainingAll("submitterNodeSelector", "preset shared", "spot and on-demand", "keep one");
        assertThat(JobPods.builder()
                        .submitterNodeSelector("karpenter.sh/capacity-type", "on-demand")
                        .preset(Preset.shared())
                        .build()
                        .check(NOTHING))
                .isEmpty();
    }

    @Test
    void theSubmitterIsPartOfTheJob() {
        JobPods pods = JobPods.builder()
                .driver(driver -> driver.zone("a").spot())
                .executor(executor -> executor.zone("a"))
                .submitterNodeSelector("karpenter.sh/capacity-type", "spot")
                .submitterToleration("dedicated", "spark", TaintEffect.NO_SCHEDULE)
                .build();
        assertThat(pods.check(NOTHING))
                .extracting(Finding::rule, Finding::path)
                .containsExactly(
                        tuple(Rule.DRIVER_ON_SPOT, "driver.spec.nodeSelector[\"karpenter.sh/capacity-type\"]"),
                        tuple(Rule.ZONES_DIFFER, ""),
                        tuple(
                                Rule.SUBMITTER_ON_SPOT,
                                "submitter[\"jobsubmitter.node.selector.karpenter.sh/capacity-type\"]"));
        assertThat(pods.submitter())
                .containsEntry("jobsubmitter.node.toleration.dedicated", "spark")
                .containsEntry("jobsubmitter.node.toleration.dedicated.effect", "NoSchedule");
    }

    @Test
    void equalPodsAreEqual() {
        assertThat(JobPods.builder().preset(Preset.shared()).build())
                .isEqualTo(JobPods.builder().preset(Preset.shared()).build())
                .hasSameHashCodeAs(JobPods.builder().preset(Preset.shared()).build())
                .isNotEqualTo(JobPods.builder().preset(Preset.critical()).build());
    }
}
