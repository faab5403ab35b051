package io.emreks.testing;

import static io.emreks.model.JobRunState.COMPLETED;
import static io.emreks.model.JobRunState.RUNNING;
import static io.emreks.model.JobRunState.SUBMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunRef;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RecordingJobRunListenerTest {
    private final RecordingJobRunListener listener = new RecordingJobRunListener();

    @Test
    void keepsWhatItHears() throws InterruptedException {
        try (EmrEksTestBed bed = EmrEksTestBed.create()) {
            bed.fake().script(JobRunScript.completes());
            var run = bed.client().submit(job -> job.jar("s3://bucket/orders.jar", "com.acme.Orders"));
            run.addListener(listener);
            run.await(Duration.ofHours(1));
            bed.time().runUntilIdle();
        }

        assertThat(listener.states()).containsExactly(SUBMITTED, RUNNING, COMPLETED);
        assertThat(listener.events(JobRunEvent.Accepted.class)).hasSize(1);
        assertThat(listener.events()).hasSize(5).first().isInstanceOf(JobRunEvent.Accepted.class);
        assertThat(listener.last()).get().isInstanceOf(JobRunEvent.Ended.class);
    }

    @Test
    void startsEmpty() {
        assertThat(listener.events()).isEmpty();
        assertThat(listener.states()).isEmpty();
        assertThat(listener.last()).isEmpty();
    }

    @Test
    void givesCopies() {
        listener.onEvent(event(0));
        List<JobRunEvent> before = listener.events();
        listener.onEvent(event(1));

        assertThat(before).hasSize(1);
        assertThatThrownBy(() -> before.add(event(2))).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void hearsManyThreads() throws Exception {
        int threads = 4;
        int each = 500;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> told = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                told.add(pool.submit(() -> {
                    for (int i = first; i < first + each; i++) {
                        listener.onEvent(event(i));
                        listener.last();
                    }
                }));
            }
            for (Future<?> future : told) {
                future.get();
            }
        } finally {
            pool.shutdown();
        }

        assertThat(listener.events()).doesNotHaveDuplicates().hasSize(threads * each);
    }

    private static JobRunEvent event(int number) {
        return new JobRunEvent.Accepted(Instant.EPOCH, "job", new JobRunRef("cluster", "run-" + number));
    }
}
