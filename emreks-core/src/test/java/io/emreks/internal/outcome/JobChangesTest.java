package io.emreks.internal.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.model.JobRunRequest;
import io.emreks.podtemplate.PodTemplate;
import io.emreks.retry.JobChange;
import io.emreks.retry.JobChange.MoreExecutorMemory;
import io.emreks.spark.MemorySize;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class JobChangesTest {
    private static final String MEMORY = "spark.executor.memory";

    private static JobRunRequest job(Consumer<JobRunRequest.Builder> more) {
        JobRunRequest.Builder job =
                JobRunRequest.builder().name("orders").jar("s3://jobs/orders.jar", "com.acme.Orders");
        more.accept(job);
        return job.build();
    }

    /** In MiB; the caps and the steps are whole ones. */
    private static long memory(JobRunRequest request) {
        return request.spark()
                .conf()
                .get(MEMORY)
                .map(MemorySize::parse)
                .or(() -> request.spark().executors().memory())
                .orElse(MemorySize.ofGibibytes(1))
                .mebibytes();
    }

    @Property
    void memoryNeverShrinksAndKeepsItsCap(
            @ForAll @LongRange(min = 1, max = 1_000_000) long before,
            @ForAll @LongRange(min = 1, max = 1_000_000) long cap,
            @ForAll @DoubleRange(min = 1, minIncluded = false, max = 10) double factor,
            @ForAll @IntRange(min = 1, max = 6) int times,
            @ForAll boolean asConf) {
        JobRunRequest request = job(job -> {
            if (asConf) {
                job.conf(MEMORY, before + "m");
            } else {
                job.executors(e -> e.memory(before + "m"));
            }
        });
        JobChange more = new MoreExecutorMemory(factor, MemorySize.ofMebibytes(cap));
        long expected = before;
        for (int i = 0; i < times; i++) {
            expected = Math.max(expected, Math.min((long) Math.ceil(expected * factor), cap));
        }
        JobRunRequest changed = JobChanges.apply(Collections.nCopies(times, more), request);
        assertThat(memory(changed)).isEqualTo(expected).isGreaterThanOrEqualTo(before);
        assertThat(changed.spark().conf().get(MEMORY).isPresent()).isEqualTo(asConf);
    }

    @Test
    void memoryStaysWhereItWasSaid() {
        JobChange more = JobChange.moreExecutorMemory(1.5, "32g");
        JobRunRequest typed = JobChanges.apply(List.of(more), job(job -> job.executors(e -> e.memory("4g"))));
        assertThat(typed.spark().executors().memory()).contains(MemorySize.ofGibibytes(6));
        assertThat(typed.spark().conf().get(MEMORY)).isEmpty();

        JobRunRequest written = JobChanges.apply(List.of(more), job(job -> job.conf(MEMORY, "4g")));
        assertThat(written.spark().conf().get(MEMORY)).contains("6g");
        assertThat(written.spark().executors().memory()).isEmpty();

        JobRunRequest silent = JobChanges.apply(List.of(more), job(job -> {}));
        assertThat(silent.spark().executors().memory()).contains(MemorySize.ofMebibytes(1_536));
    }

    @Test
    void executorsGoOnDemandWithOrWithoutATemplate() {
        List<JobChange> change = List.of(JobChange.onDemandExecutors());
        JobRunRequest without = JobChanges.apply(change, job(job -> {}));
        JobRunRequest with = JobChanges.apply(change, job(job -> job.executors(e -> e.pod(p -> p.arm64()))));
        PodTemplate expected = job(job ->
                        job.executors(e -> e.pod(p -> p.arm64().onDemand())))
                .executorPodTemplate()
                .orElseThrow();
        assertThat(with.executorPodTemplate()).contains(expected);
        assertThat(without.executorPodTemplate())
                .isEqualTo(
                        job(job -> job.executors(e -> e.pod(p -> p.onDemand()))).executorPodTemplate());
        assertThat(without.driverPodTemplate()).isEqualTo(Optional.empty());
    }

    @Test
    void theLastVirtualClusterIsTheOne() {
        JobRunRequest request = job(job -> job.virtualCluster("first"));
        assertThat(JobChanges.apply(
                                List.of(JobChange.virtualCluster("second"), JobChange.virtualCluster("third")), request)
                        .virtualCluster())
                .contains("third");
    }

    @Test
    void whatIsNotChangedStays() {
        JobRunRequest request = job(job -> job.key("k").tag("team", "data").conf("spark.a", "b"));
        assertThat(JobChanges.apply(List.of(), request)).isSameAs(request);
        JobRunRequest moved = JobChanges.apply(List.of(JobChange.virtualCluster("second")), request);
        assertThat(moved).isEqualTo(request.toBuilder().virtualCluster("second").build());
    }
}
