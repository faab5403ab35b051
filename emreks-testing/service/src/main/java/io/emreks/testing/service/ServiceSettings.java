package io.emreks.testing.service;

import java.time.Duration;

/** What of the service can be set; see {@link FakeEmrEks.Builder}. */
record ServiceSettings(
        String region,
        String accountId,
        long seed,
        Duration clientTokenRetention,
        ClientTokenReuse clientTokenReuse,
        int pageSize,
        int largestPage,
        boolean listsShowTags,
        boolean listsShowClientTokens,
        Duration virtualClusterDeletionTakes,
        Duration managedEndpointCreationTakes,
        Duration managedEndpointDeletionTakes,
        Duration startTimeout,
        String queueFullMessage,
        boolean tagging,
        Duration listLag) {

    String arn(String resource) {
        return "arn:" + partition() + ":emr-containers:" + region + ":" + accountId + ":" + resource;
    }

    String callerArn() {
        return "arn:" + partition() + ":iam::" + accountId + ":user/caller";
    }

    private String partition() {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
