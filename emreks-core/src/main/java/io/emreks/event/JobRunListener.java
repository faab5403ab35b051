package io.emreks.event;

/**
 * Hears what happens to a run.
 *
 * <p>Calls for one run and one listener come one after the other, in order, on shared worker threads; a listener that
 * throws is logged and keeps hearing, one that is slow delays only itself. If it falls far behind, state changes in
 * between may be left out; the last event never is. Listeners cannot slow, stop or break the following of a run.
 */
@FunctionalInterface
public interface JobRunListener {
    /** Called for every event; see {@link JobRunEvent} for the order. */
    void onEvent(JobRunEvent event);
}
