package io.emreks.model;

import java.util.Objects;

/**
 * Where a job run is found: the ids the service gave it.
 *
 * @param virtualClusterId the id of the virtual cluster the run belongs to
 * @param id the id of the run
 */
public record JobRunRef(String virtualClusterId, String id) {
    /** Both ids are required. */
    public JobRunRef {
        Objects.requireNonNull(virtualClusterId, "virtualClusterId");
        Objects.requireNonNull(id, "id");
    }

    /** {@code virtualClusterId/id}. */
    @Override
    public String toString() {
        return virtualClusterId + "/" + id;
    }
}
