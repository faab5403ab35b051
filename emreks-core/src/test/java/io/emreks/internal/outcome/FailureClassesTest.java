package io.emreks.internal.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.model.FailureReason;
import io.emreks.model.JobRunAttempt;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.model.SeenState;
import io.emreks.retry.FailureClass;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class FailureClassesTest {
    private static final JobRunRef RUN = new JobRunRef("cluster", "run");
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private static JobRunAttempt failed(Optional<FailureReason> reason, Optional<String> details, JobRunState... seen) {
        return new JobRunAttempt(
                1,
                RUN,
                false,
                Stream.of(seen)
                        .map(state -> new SeenState(state, AT, Optional.empty(), Optional.empty()))
                        .toList(),
                Optional.of(JobRunSnapshot.builder()
                        .ref(RUN)
                        .state(JobRunState.FAILED)
                        .serviceState("FAILED")
                        .failureReason(reason)
                        .stateDetails(details)
                        .observedAt(AT)
                        .build()),
                Optional.empty(),
                List.of());
    }

    private static FailureClass beforeRunning(FailureReason reason, String details) {
        return FailureClasses.of(failed(Optional.of(reason), Optional.of(details), JobRunState.SUBMITTED));
    }

    private static FailureClass afterRunning(FailureReason reason, String details) {
        return FailureClasses.of(
                failed(Optional.of(reason), Optional.of(details), JobRunState.RUNNING, JobRunState.FAILED));
    }

    /** Amazon EMR on EKS Development Guide, "Job run errors", and texts of live runs. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    VALIDATION_ERROR    | JobRun submission failed. Classification spark-env not supported. | VALIDATION
                    CLUSTER_UNAVAILABLE | Cluster eks-1 does not exist. | CLUSTER_UNAVAILABLE
                    CLUSTER_UNAVAILABLE | Cluster eks-1 does not have sufficient permissions. | CLUSTER_UNAVAILABLE
                    CLUSTER_UNAVAILABLE | Cluster eks-1 is currently not reachable. | CLUSTER_UNAVAILABLE
                    INTERNAL_ERROR      | JobRun submission failed due to an internal error. | INTERNAL_ERROR
                    USER_ERROR          | Cluster eks-1 does not have sufficient resources. | START_TIMEOUT
                    USER_ERROR          | JobRun timed out before job controller pod started running due to lack of cluster resources. Last event from default-scheduler: FailedScheduling, message: 0/2 nodes are available: 2 Insufficient cpu. | START_TIMEOUT
                    USER_ERROR          | JobRun timed out before spark driver pod started running due to lack of cluster resources. | START_TIMEOUT
                    USER_ERROR          | no nodes available to schedule pods | START_TIMEOUT
                    USER_ERROR          | JobRun failed. Please refer logs uploaded to S3/CloudWatch based on your monitoring configuration. | APPLICATION
                    USER_ERROR          | JobRun failed. Driver was OOMKilled | OUT_OF_MEMORY
                    USER_ERROR          | JobRun failed. java.lang.OutOfMemoryError: Java heap space | OUT_OF_MEMORY
                    USER_ERROR          | nobody knows | UNKNOWN
                    UNKNOWN             | JobRun failed. | UNKNOWN
                    """)
    void theServicesWordsTellTheClass(FailureReason reason, String details, FailureClass expected) {
        assertThat(beforeRunning(reason, details)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    CLUSTER_UNAVAILABLE | Trouble monitoring your JobRun. Cluster eks-1 does not exist.
                    CLUSTER_UNAVAILABLE | Trouble monitoring your JobRun. Cluster eks-1 does not have sufficient permissions.
                    CLUSTER_UNAVAILABLE | Trouble monitoring your JobRun. Cluster eks-1 is currently not reachable.
                    INTERNAL_ERROR      | Trouble monitoring your JobRun due to an internal error
                    USER_ERROR          | Trouble monitoring your JobRun in a way nobody documented
                    """)
    void lostSightDoesNotProveThatSparkIsDead(FailureReason reason, String details) {
        assertThat(beforeRunning(reason, details)).isEqualTo(FailureClass.MONITORING_LOST);
        assertThat(afterRunning(reason, details)).isEqualTo(FailureClass.MONITORING_LOST);
    }

    @Test
    void aClusterThatGoesWhileTheJobRunsMayRunItOn() {
        assertThat(afterRunning(FailureReason.CLUSTER_UNAVAILABLE, "Cluster eks-1 is currently not reachable."))
                .isEqualTo(FailureClass.MONITORING_LOST);
        assertThat(afterRunning(FailureReason.INTERNAL_ERROR, "JobRun submission failed due to an internal error."))
                .isEqualTo(FailureClass.MONITORING_LOST);
        assertThat(afterRunning(FailureReason.USER_ERROR, "JobRun failed.")).isEqualTo(FailureClass.APPLICATION);
    }

    @ParameterizedTest
    @EnumSource(FailureReason.class)
    void aReasonWithoutWordsIsEnoughOrUnknown(FailureReason reason) {
        FailureClass expected = switch (reason) {
            case VALIDATION_ERROR -> FailureClass.VALIDATION;
            case CLUSTER_UNAVAILABLE -> FailureClass.CLUSTER_UNAVAILABLE;
            case INTERNAL_ERROR -> FailureClass.INTERNAL_ERROR;
            case USER_ERROR, UNKNOWN -> FailureClass.UNKNOWN;
        };
        assertThat(FailureClasses.of(failed(Optional.of(reason), Optional.empty())))
                .isEqualTo(expected);
    }

    @Test
    void whatTheServiceDoesNotExplainIsUnknown() {
        assertThat(FailureClasses.of(failed(Optional.empty(), Optional.of("JobRun failed."))))
                .isEqualTo(FailureClass.UNKNOWN);
        assertThat(FailureClasses.of(
                        new JobRunAttempt(1, RUN, false, List.of(), Optional.empty(), Optional.empty(), List.of())))
                .isEqualTo(FailureClass.UNKNOWN);
    }
}
