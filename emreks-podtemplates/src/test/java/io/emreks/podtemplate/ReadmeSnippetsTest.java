package io.emreks.podtemplate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The Java of README.md, compiled and run. */
class ReadmeSnippetsTest {

    @Test
    void writeAndCheck() {
        PodTemplate driver =
                PodTemplate.driver().arm64().onDemand().doNotDisrupt().build();
        PodTemplate executor = PodTemplate.executor()
                .arm64()
                .spot()
                .toleration("dedicated", "spark", TaintEffect.NO_SCHEDULE)
                .terminationGracePeriod(Duration.ofSeconds(110))
                .hostPathVolume("spark-local-dir-1", "/mnt/k8s-disks/0", "/data1")
                .field("spec.schedulerName", "my-scheduler")
                .build();

        assertThat(driver.check()).isEmpty();
        for (Finding finding : executor.check()) {
            System.out.println(
                    finding.severity() + " " + finding.path() + ": " + finding.reason() + "; " + finding.fix());
        }
        assertThat(executor.check()).isEmpty();
    }

    @Test
    void readAndRender() {
        String yaml = PodTemplate.executor().spot().build().toYaml();

        PodTemplate yours = PodTemplate.fromYaml(PodRole.EXECUTOR, yaml);
        PodTemplate onDemand = yours.toBuilder().onDemand().build();
        String file = onDemand.toYaml();
        String name = onDemand.contentHash() + ".yaml";

        assertThat(file).contains("on-demand").doesNotContain("spot");
        assertThat(name).hasSize(69);
    }
}
