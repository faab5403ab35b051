package io.emreks.client;

import java.time.Instant;
import java.util.List;

/**
 * Whether a client can follow its runs.
 *
 * @param troubles what it may not do at the moment; empty when all is well
 */
public record ClientHealth(List<Trouble> troubles) {
    /** Copies the list. */
    public ClientHealth {
        troubles = List.copyOf(troubles);
    }

    /**
     * Whether runs are followed: false while DescribeJobRun is refused, so that looks pause until access returns. Without
     * ListJobRuns runs are followed one by one, without ReceiveMessage by looks alone.
     */
    public boolean healthy() {
        return troubles.stream().noneMatch(trouble -> trouble.operation().equals("DescribeJobRun"));
    }

    /**
     * A call that is refused for want of rights or of valid credentials. It ends by itself when access returns.
     *
     * @param operation the name of the service's operation
     * @param where the id of the virtual cluster, or the URL of the event queue
     * @param since by the client's clock
     * @param reason what the service said last
     */
    public record Trouble(String operation, String where, Instant since, String reason) {}
}
