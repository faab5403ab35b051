package io.emreks.retry;

import io.emreks.spark.MemorySize;
import java.util.Objects;

/** What a new attempt does otherwise than the one that failed. */
public sealed interface JobChange {
    /**
     * The executors get more heap: {@code factor} times as much with every such failure, up to {@code cap}.
     *
     * @param factor more than 1, at most 10
     * @param cap the most they get
     */
    record MoreExecutorMemory(double factor, MemorySize cap) implements JobChange {
        /**
         * Checks the factor.
         *
         * @throws IllegalArgumentException if the factor is out of range
         */
        public MoreExecutorMemory {
            if (!(factor > 1 && factor <= 10)) {
                throw new IllegalArgumentException(
                        "MoreExecutorMemory: factor is " + factor + ", must be more than 1 and at most 10");
            }
            Objects.requireNonNull(cap, "cap");
        }
    }

    /** The executors' pod template asks for on-demand capacity; without a template one is made. */
    record OnDemandExecutors() implements JobChange {}

    /**
     * The job goes to another virtual cluster. A keyed job is looked for in all virtual clusters it may go to.
     *
     * @param idOrName its id, or its name
     */
    record OtherVirtualCluster(String idOrName) implements JobChange {
        /** The id or name is required. */
        public OtherVirtualCluster {
            Objects.requireNonNull(idOrName, "idOrName");
        }
    }

    /**
     * More heap for the executors.
     *
     * @param cap such as {@code 32g}
     */
    static JobChange moreExecutorMemory(double factor, String cap) {
        return new MoreExecutorMemory(factor, MemorySize.parse(cap));
    }

    /** Executors on on-demand capacity. */
    static JobChange onDemandExecutors() {
        return new OnDemandExecutors();
    }

    /** Another virtual cluster. */
    static JobChange virtualCluster(String idOrName) {
        return new OtherVirtualCluster(idOrName);
    }
}
