package io.emreks.event;

/**
 * A listener with a method for each kind of event; those that are not overridden do nothing. Whoever overrides {@link
 * #onEvent} as well calls {@code JobRunCallbacks.super.onEvent(event)} from it.
 */
public interface JobRunCallbacks extends JobRunListener {
    @Override
    default void onEvent(JobRunEvent event) {
        if (event instanceof JobRunEvent.Accepted accepted) {
            onAccepted(accepted);
        } else if (event instanceof JobRunEvent.Joined joined) {
            onJoined(joined);
        } else if (event instanceof JobRunEvent.StateChanged changed) {
            onStateChanged(changed);
        } else if (event instanceof JobRunEvent.DriverRestarted restarted) {
            onDriverRestarted(restarted);
        } else if (event instanceof JobRunEvent.PollFailed failed) {
            onPollFailed(failed);
        } else if (event instanceof JobRunEvent.CancelRequested requested) {
            onCancelRequested(requested);
        } else if (event instanceof JobRunEvent.AttemptEnded ended) {
            onAttemptEnded(ended);
        } else if (event instanceof JobRunEvent.TimeLimitPassed passed) {
            onTimeLimitPassed(passed);
        } else if (event instanceof JobRunEvent.DuplicateCancelled cancelled) {
            onDuplicateCancelled(cancelled);
        } else if (event instanceof JobRunEvent.Ended ended) {
            onEnded(ended);
        } else if (event instanceof JobRunEvent.WatchStopped stopped) {
            onWatchStopped(stopped);
        }
    }

    /** See {@link JobRunEvent.Accepted}. */
    default void onAccepted(JobRunEvent.Accepted event) {}

    /** See {@link JobRunEvent.Joined}. */
    default void onJoined(JobRunEvent.Joined event) {}

    /** See {@link JobRunEvent.StateChanged}. */
    default void onStateChanged(JobRunEvent.StateChanged event) {}

    /** See {@link JobRunEvent.DriverRestarted}. */
    default void onDriverRestarted(JobRunEvent.DriverRestarted event) {}

    /** See {@link JobRunEvent.PollFailed}. */
    default void onPollFailed(JobRunEvent.PollFailed event) {}

    /** See {@link JobRunEvent.CancelRequested}. */
    default void onCancelRequested(JobRunEvent.CancelRequested event) {}

    /** See {@link JobRunEvent.AttemptEnded}. */
    default void onAttemptEnded(JobRunEvent.AttemptEnded event) {}

    /** See {@link JobRunEvent.TimeLimitPassed}. */
    default void onTimeLimitPassed(JobRunEvent.TimeLimitPassed event) {}

    /** See {@link JobRunEvent.DuplicateCancelled}. */
    default void onDuplicateCancelled(JobRunEvent.DuplicateCancelled event) {}

    /** See {@link JobRunEvent.Ended}: the last event, if {@link #onWatchStopped} is not. */
    default void onEnded(JobRunEvent.Ended event) {}

    /** See {@link JobRunEvent.WatchStopped}: the last event, if {@link #onEnded} is not. */
    default void onWatchStopped(JobRunEvent.WatchStopped event) {}
}
