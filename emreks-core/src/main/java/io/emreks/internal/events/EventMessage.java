package io.emreks.internal.events;

import io.emreks.internal.watch.DriverRestart;
import io.emreks.model.JobRunRef;
import java.time.Instant;

/** What a message of the queue says. */
sealed interface EventMessage {
    /** A run came into a state, in the service's word. */
    record StateChange(JobRunRef run, String state, Instant at) implements EventMessage {}

    /** The driver of a run was started again. */
    record NewDriver(JobRunRef run, DriverRestart restart, Instant at) implements EventMessage {}

    /** An event about something else. */
    record Foreign() implements EventMessage {}

    /** No event, or one that lacks what is needed. */
    record NotUnderstood(String why) implements EventMessage {}
}
