package io.emreks.behaviour;

import static io.emreks.behaviour.Bed.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.model.JobRunRequest;
import io.emreks.testing.service.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pod templates that lie in S3 already. */
class StoredPodTemplateTest {
    private static final String URI = "s3://templates/driver.yaml";
    private static final String SETTING = "spark.kubernetes.driver.podTemplateFile";

    private final Bed bed = Bed.inMemory();

    @AfterEach
    void closeBed() {
        bed.close();
    }

    private void stored(String yaml) {
        bed.fake.s3().put("templates", "driver.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static Consumer<JobRunRequest.Builder> withTemplate() {
        return job("orders").andThen(job -> job.conf(SETTING, URI));
    }

    private List<RequestProblem> problems() {
        try (EmrEksClient client = bed.client()) {
            JobRunHandle run = client.submit(withTemplate());
            List<RequestProblem> found = bed.time.await(run.accepted()
                    .handle((ref, failure) ->
                            failure instanceof InvalidJobRunRequestException invalid ? invalid.problems() : List.of()));
            assertThat(bed.runs()).hasSize(found.isEmpty() ? 1 : 0);
            return found;
        }
    }

    @Test
    void aGoodOneIsUsedAsItIs() {
        stored("apiVersion: v1\nkind: Pod\nspec:\n  nodeSelector: {kubernetes.io/arch: arm64}\n");
        assertThat(problems()).isEmpty();
        assertThat(bed.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.sparkSubmitParameters()).contains(URI));
    }

    @Test
    void aMisspeltFieldIsFoundBeforeAnythingIsStarted() {
        stored("apiVersion: v1\nkind: Pod\nspec:\n  nodeSelektor: {kubernetes.io/arch: arm64}\n");
        assertThat(problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("driver.pod(" + URI + ")");
            assertThat(problem.problem()).contains("nodeSelektor", "nodeSelector", "line 4");
        });
    }

    @Test
    void whatEmrRefusesIsFoundBeforeAnythingIsStarted() {
        stored(
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: spark-kubernetes-driver\n      image: x\n");
        assertThat(problems())
                .isNotEmpty()
                .allSatisfy(problem ->
                        assertThat(problem.field()).startsWith("driver.pod(" + URI + ").spec.containers[0]"));
    }

    @Test
    void oneThatIsNotThereIsSaid() {
        bed.fake.s3().put("templates", "other.yaml", new byte[0]);
        assertThat(problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.problem()).isEqualTo("is not there"));
    }

    @Test
    void oneThatTheCallerMayNotReadIsUsedUnchecked() {
        stored("not even YAML: [");
        bed.fake.faults().always("GetObject", Fault.accessDenied());
        assertThat(problems()).isEmpty();
        assertThat(bed.runs()).hasSize(1);
    }

    @Test
    void besideAnotherTemplateItIsRefusedAtOnce() {
        try (EmrEksClient client = bed.client()) {
            assertThatThrownBy(() ->
                            client.submit(withTemplate().andThen(job -> job.driver(d -> d.pod(p -> p.arm64())))))
                    .isInstanceOf(InvalidJobRunRequestException.class)
                    .hasMessageContaining(SETTING);
        }
    }
}
