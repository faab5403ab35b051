package io.emreks.internal.engine;

import io.emreks.model.JobRunRef;

/**
 * Tells people where to look further: region, console and AWS CLI. The console's page of a virtual cluster lists its runs.
 */
record Whereabouts(String region) {
    /** To be put behind a message about a run. */
    String of(JobRunRef run) {
        return of(
                run.virtualClusterId(),
                "describe-job-run --virtual-cluster-id " + run.virtualClusterId() + " --id " + run.id());
    }

    /** To be put behind a message about a run whose id nobody knows; the shell takes no sign of its name for its own. */
    String ofUnknown(String virtualClusterId, String jobName) {
        return of(
                virtualClusterId,
                "list-job-runs --virtual-cluster-id " + virtualClusterId + " --name '" + jobName + "'");
    }

    private String of(String virtualClusterId, String command) {
        return " | virtual cluster " + virtualClusterId + " in " + region + ": https://" + region + "." + console()
                + "/emr/home?region=" + region + "#/eks/clusters/" + virtualClusterId + " | aws emr-containers "
                + command
                + " --region " + region;
    }

    private String console() {
        if (region.startsWith("cn-")) {
            return "console.amazonaws.cn";
        }
        return region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
    }
}
