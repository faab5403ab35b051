package io.emreks.client;

import io.emreks.error.EmrEksException;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import java.util.Optional;

/** What became of a {@link JobRunHandle#cancel()}. */
public sealed interface CancelResult {
    /** No run was started, and none will be. */
    record NeverStarted() implements CancelResult {}

    /** The service took the request; the run goes to CANCEL_PENDING and then ends, usually CANCELLED. */
    record Requested(JobRunRef run) implements CancelResult {}

    /** The run ended CANCELLED; only {@link JobRunHandle#cancelAndConfirm()} waits for that. */
    record Confirmed(JobRunSnapshot snapshot) implements CancelResult {}

    /** The run had already ended, in the given state, or ended so in spite of the cancel; no further one is submitted. */
    record AlreadyOver(JobRunSnapshot snapshot) implements CancelResult {}

    /** The request was refused, or did not get through to the service for certain; the run goes on. */
    record Refused(JobRunRef run, EmrEksException reason) implements CancelResult {}

    /**
     * It is not known whether the request arrived, or, if {@code run} is empty, whether there is a run at all.
     */
    record Unknown(Optional<JobRunRef> run, EmrEksException reason) implements CancelResult {}
}
