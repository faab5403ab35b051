package io.emreks.spark.check;

import io.emreks.spark.HudiTable;
import io.emreks.spark.ReleaseLabel;
import io.emreks.spark.SparkJob;
import io.emreks.spark.size.NodeReserve;
import io.emreks.spark.size.NodeType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is known about where a job will run, and the checks of it.
 *
 * @param release the job's release; without it, what depends on a release is not checked
 * @param nodes the kinds of node that the job's pods may run on; if there are none, it is not checked whether they fit
 * @param reserve what DaemonSets take from each node
 * @param executorGracePeriod the {@code terminationGracePeriodSeconds} of the executors' pod template; empty for
 *     Kubernetes' own 30 seconds
 * @param lakeFormation whether the job runs with Lake Formation's fine-grained access
 * @param hudiTables the Hudi tables that are written; one that is written by several jobs may be in it for each
 */
public record SparkChecks(
        Optional<ReleaseLabel> release,
        List<NodeType> nodes,
        NodeReserve reserve,
        Optional<Duration> executorGracePeriod,
        boolean lakeFormation,
        List<HudiTable> hudiTables) {
    /** Keeps copies of the lists. */
    public SparkChecks {
        nodes = List.copyOf(nodes);
        hudiTables = List.copyOf(hudiTables);
    }

    /** The checks that need no release. */
    public static SparkChecks withoutRelease() {
        return new SparkChecks(Optional.empty(), List.of(), NodeReserve.typical(), Optional.empty(), false, List.of());
    }

    /** The checks for a job of that release. */
    public static SparkChecks forRelease(ReleaseLabel release) {
        return new SparkChecks(
                Optional.of(release), List.of(), NodeReserve.typical(), Optional.empty(), false, List.of());
    }

    /** The same, and whether the job's pods fit on one of those nodes. */
    public SparkChecks onNodes(List<NodeType> nodes, NodeReserve reserve) {
        return new SparkChecks(release, nodes, reserve, executorGracePeriod, lakeFormation, hudiTables);
    }

    /** The same for executors whose pod template gives them that time to end. */
    public SparkChecks withExecutorGracePeriod(Duration gracePeriod) {
        return new SparkChecks(release, nodes, reserve, Optional.of(gracePeriod), lakeFormation, hudiTables);
    }

    /** The same for a job that runs with Lake Formation's fine-grained access. */
    public SparkChecks withLakeFormation() {
        return new SparkChecks(release, nodes, reserve, executorGracePeriod, true, hudiTables);
    }

    /**
     * The same for a job that writes those Hudi tables. What {@link HudiTable#problems()} tells is found then, and
     * several writers of one path without a common lock; give a table that other jobs write too once for each job, or
     * say so with {@link HudiTable#writers()}.
     */
    public SparkChecks writing(HudiTable... tables) {
        return new SparkChecks(release, nodes, reserve, executorGracePeriod, lakeFormation, List.of(tables));
    }

    /**
     * Everything that is found, errors first; empty if nothing is. What {@link SparkJob#problems()} tells is among the
     * errors.
     */
    public List<Finding> check(SparkJob job) {
        return new Check(this, job).findings();
    }
}
