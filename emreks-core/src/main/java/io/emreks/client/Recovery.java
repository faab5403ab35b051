package io.emreks.client;

import io.emreks.model.JobRunSnapshot;
import java.util.List;

/**
 * What {@link EmrEksClient#recover} found.
 *
 * @param handles one for each key whose request is known: of its live run, or of its last one
 * @param orphans live runs of this owner with a key whose request nobody knows; nothing was done about them
 */
public record Recovery(List<JobRunHandle> handles, List<Orphan> orphans) {
    /** Copies the lists. */
    public Recovery {
        handles = List.copyOf(handles);
        orphans = List.copyOf(orphans);
    }

    /**
     * A live run that nobody knows.
     *
     * @param key its key
     * @param run what is known of it
     */
    public record Orphan(String key, JobRunSnapshot run) {}
}
