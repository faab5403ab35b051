package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** For each operation a request that a service takes, as far as what it names is there. */
final class Requests {
    private static final String UNKNOWN = "0000000000000000000";

    private final ContractTarget target;

    Requests(ContractTarget target) {
        this.target = target;
    }

    /** With everything that the operation needs and nothing else; what it names besides the virtual cluster is not there. */
    ObjectNode of(String operation) {
        String cluster = target.virtualClusterId();
        ObjectNode request = switch (operation) {
            case "StartJobRun" ->
                json(
                        "{'virtualClusterId':'%s','executionRoleArn':'%s','releaseLabel':'%s','jobDriver':"
                                + "{'sparkSubmitJobDriver':{'entryPoint':'local:///contract.jar'}},"
                                + "'tags':{'emreks-contract':'smoke'}}",
                        cluster, role(), target.releaseLabel());
            case "CreateJobTemplate" ->
                json(
                        "{'name':'contract','jobTemplateData':{'executionRoleArn':'%s','releaseLabel':'%s',"
                                + "'jobDriver':{'sparkSubmitJobDriver':{'entryPoint':'local:///contract.jar'}}}}",
                        role(), target.releaseLabel());
            case "CreateManagedEndpoint" ->
                json(
                        "{'name':'contract','virtualClusterId':'%s','type':'JUPYTER_ENTERPRISE_GATEWAY',"
                                + "'releaseLabel':'%s','executionRoleArn':'%s'}",
                        cluster, target.releaseLabel(), role());
            case "CreateSecurityConfiguration" ->
                json("{'name':'contract','securityConfigurationData':{'authorizationConfiguration':"
                        + "{'encryptionConfiguration':{}}}}");
            case "CreateVirtualCluster" ->
                json(
                        "{'name':'contract','containerProvider':{'type':'EKS','id':'contract','info':"
                                + "{'eksInfo':{'namespace':'%s'}}}}",
                        target.fresh("contract"));
            case "CancelJobRun", "DescribeJobRun", "DescribeManagedEndpoint", "DeleteManagedEndpoint" ->
                json("{'id':'%s','virtualClusterId':'%s'}", UNKNOWN, cluster);
            case "DeleteJobTemplate",
                    "DescribeJobTemplate",
                    "DescribeSecurityConfiguration",
                    "DeleteSecurityConfiguration",
                    "DeleteVirtualCluster" -> json("{'id':'%s'}", UNKNOWN);
            case "DescribeVirtualCluster", "UpdateVirtualCluster" -> json("{'id':'%s'}", cluster);
            case "GetManagedEndpointSessionCredentials" ->
                json(
                        "{'endpointIdentifier':'%s','virtualClusterIdentifier':'%s','executionRoleArn':'%s',"
                                + "'credentialType':'TOKEN'}",
                        UNKNOWN, cluster, role());
            case "ListJobRuns", "ListManagedEndpoints" -> json("{'virtualClusterId':'%s'}", cluster);
            case "ListTagsForResource" -> json("{'resourceArn':'%s'}", arn());
            case "TagResource" -> json("{'resourceArn':'%s','tags':{'a':'b'}}", arn());
            case "UntagResource" -> json("{'resourceArn':'%s','tagKeys':['a']}", arn());
            default -> json("{}");
        };
        JsonNode members = ServiceDefinition.INSTANCE
                .shape(ServiceDefinition.INSTANCE.input(operation))
                .path("members");
        return members.has("clientToken") ? request.put("clientToken", target.fresh("token")) : request;
    }

    private String role() {
        return target.executionRoleArn();
    }

    private String arn() {
        String[] role = target.executionRoleArn().split(":", -1);
        return "arn:" + role[1] + ":emr-containers:us-east-1:" + role[4] + ":/virtualclusters/" + UNKNOWN;
    }

    static ObjectNode json(String text, Object... values) {
        try {
            return (ObjectNode)
                    ServiceDefinition.JSON.readTree(text.replace('\'', '"').formatted(values));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
