package io.emreks.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the 25 operations do, and that their answers are as the service model describes them. */
public abstract class OperationContract extends Contract {
    private static final List<String> READING = List.of(
            "DescribeVirtualCluster",
            "ListJobRuns",
            "ListJobTemplates",
            "ListManagedEndpoints",
            "ListSecurityConfigurations",
            "ListVirtualClusters");

    /** For subclasses. */
    protected OperationContract() {}

    /** What can be looked at without changing anything. */
    @TestFactory
    Stream<DynamicTest> reading() {
        return READING.stream()
                .map(operation -> DynamicTest.dynamicTest(
                        operation + " (verified by the model)", () -> succeeds(operation, requests.of(operation))));
    }

    @Test
    @DisplayName("A run is started, found, and cancelled once (verified: Development Guide, job runs)")
    void smoke() throws InterruptedException {
        JsonNode started = succeeds("StartJobRun", requests.of("StartJobRun").put("name", "emreks-contract"));
        ObjectNode run =
                json("{'id':'%s','virtualClusterId':'%s'}", started.path("id").asText(), cluster());
        assertTrue(started.path("arn")
                .asText()
                .endsWith(cluster() + "/jobruns/" + run.path("id").asText()));
        try {
            JsonNode described = succeeds("DescribeJobRun", run).path("jobRun");
            assertEquals("emreks-contract", described.path("name").asText());
            assertEquals("smoke", described.path("tags").path("emreks-contract").asText());
            assertEquals(
                    1,
                    ids("ListJobRuns", "jobRuns", list().put("name", "emreks-contract"), run)
                            .size());
        } finally {
            assertEquals(run, succeeds("CancelJobRun", run));
        }
        Answer again = refused("ValidationException", "CancelJobRun", run);
        assertTrue(again.message().endsWith("is not in a cancellable state"), again::message);
        if (target.isFake()) {
            assertEquals("CANCEL_PENDING", state(run));
            target.advance(Duration.ofMinutes(1));
            assertEquals("CANCELLED", state(run));
            JsonNode end = succeeds("DescribeJobRun", run).path("jobRun");
            assertEquals(
                    "JobRun CANCELLED successfully.", end.path("stateDetails").asText());
            assertTrue(end.has("finishedAt"));
        }
    }

    @Test
    @DisplayName("A client token starts one run (verified: model; how long it is kept is not)")
    void tokens() {
        onlyFakes();
        ObjectNode request = requests.of("StartJobRun");
        JsonNode first = succeeds("StartJobRun", request);
        assertEquals(first, succeeds("StartJobRun", request));
        assertNotEquals(
                first.path("id"),
                succeeds("StartJobRun", requests.of("StartJobRun")).path("id"));
    }

    @Test
    @DisplayName("A run goes through its states to its end (verified: Development Guide, job run states)")
    void states() {
        onlyFakes();
        JsonNode started = succeeds("StartJobRun", requests.of("StartJobRun"));
        ObjectNode run =
                json("{'id':'%s','virtualClusterId':'%s'}", started.path("id").asText(), cluster());
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 3_600 && !seen.contains("COMPLETED"); i++) {
            String state = state(run);
            if (!seen.contains(state)) {
                seen.add(state);
            }
            target.advance(Duration.ofSeconds(1));
        }
        assertEquals(List.of("PENDING", "SUBMITTED", "RUNNING", "COMPLETED"), seen);
        assertEquals(
                1,
                ids(
                                "ListJobRuns",
                                "jobRuns",
                                list().set("states", json("{'a':['COMPLETED']}").path("a")),
                                run)
                        .size());
        assertEquals(
                0,
                ids(
                                "ListJobRuns",
                                "jobRuns",
                                list().set("states", json("{'a':['RUNNING']}").path("a")),
                                run)
                        .size());
    }

    @Test
    @DisplayName("Every list comes in pages (verified: model; the order is not)")
    void pages() {
        onlyFakes();
        for (int i = 0; i < 5; i++) {
            succeeds("StartJobRun", requests.of("StartJobRun"));
            succeeds("CreateJobTemplate", requests.of("CreateJobTemplate"));
            succeeds("CreateManagedEndpoint", requests.of("CreateManagedEndpoint"));
            succeeds("CreateSecurityConfiguration", requests.of("CreateSecurityConfiguration"));
            succeeds("CreateVirtualCluster", requests.of("CreateVirtualCluster"));
        }
        assertEquals(5, paged("ListJobRuns", "jobRuns"));
        assertEquals(5, paged("ListJobTemplates", "templates"));
        assertEquals(5, paged("ListManagedEndpoints", "endpoints"));
        assertEquals(5, paged("ListSecurityConfigurations", "securityConfigurations"));
        assertEquals(6, paged("ListVirtualClusters", "virtualClusters"));
    }

    private int paged(String operation, String member) {
        List<String> ids = new ArrayList<>();
        ObjectNode request = requests.of(operation).put("maxResults", 2);
        JsonNode page;
        do {
            page = succeeds(operation, request);
            assertTrue(page.path(member).size() <= 2);
            page.path(member).forEach(item -> ids.add(item.path("id").asText()));
            request.set("nextToken", page.path("nextToken"));
        } while (page.has("nextToken"));
        assertEquals(ids.size(), ids.stream().distinct().count());
        refused("ValidationException", operation, requests.of(operation).put("nextToken", "made up"));
        assertEquals(
                0,
                succeeds(operation, requests.of(operation).put("createdAfter", "2100-01-01T00:00:00Z"))
                        .path(member)
                        .size());
        assertEquals(
                0,
                succeeds(operation, requests.of(operation).put("createdBefore", "2000-01-01T00:00:00Z"))
                        .path(member)
                        .size());
        return ids.size();
    }

    @Test
    @DisplayName("A job template is made, found, used and deleted (verified: Development Guide, job templates)")
    void templates() {
        onlyFakes();
        ObjectNode create = requests.of("CreateJobTemplate");
        ((ObjectNode) create.path("jobTemplateData")).set("jobTags", json("{'from':'template'}"));
        ObjectNode template = json(
                "{'id':'%s'}", succeeds("CreateJobTemplate", create).path("id").asText());
        JsonNode found = succeeds("DescribeJobTemplate", template).path("jobTemplate");
        assertEquals(create.path("jobTemplateData"), found.path("jobTemplateData"));
        JsonNode started = succeeds(
                "StartJobRun",
                json(
                        "{'virtualClusterId':'%s','clientToken':'%s','jobTemplateId':'%s'}",
                        cluster(), target.fresh("token"), template.path("id").asText()));
        JsonNode run = succeeds(
                        "DescribeJobRun",
                        json(
                                "{'id':'%s','virtualClusterId':'%s'}",
                                started.path("id").asText(), cluster()))
                .path("jobRun");
        assertEquals(target.releaseLabel(), run.path("releaseLabel").asText());
        assertEquals("template", run.path("tags").path("from").asText());
        assertEquals(template, succeeds("DeleteJobTemplate", template));
        refused("ResourceNotFoundException", "DescribeJobTemplate", template);
        refused("ValidationException", "DeleteJobTemplate", template);
    }

    @Test
    @DisplayName("A managed endpoint is made, gives credentials and is deleted (verified: model; its times are not)")
    void endpoints() {
        onlyFakes();
        ObjectNode create = requests.of("CreateManagedEndpoint");
        create.set("tags", json("{'a':'b'}"));
        JsonNode made = succeeds("CreateManagedEndpoint", create);
        assertEquals(made, succeeds("CreateManagedEndpoint", create));
        ObjectNode endpoint =
                json("{'id':'%s','virtualClusterId':'%s'}", made.path("id").asText(), cluster());
        ObjectNode credentials = requests.of("GetManagedEndpointSessionCredentials")
                .put("endpointIdentifier", made.path("id").asText())
                .put("durationInSeconds", 60);
        assertEquals("CREATING", endpointState(endpoint));
        refused("ValidationException", "GetManagedEndpointSessionCredentials", credentials);
        target.advance(Duration.ofMinutes(10));
        assertEquals("ACTIVE", endpointState(endpoint));
        JsonNode given = succeeds("GetManagedEndpointSessionCredentials", credentials);
        assertFalse(given.path("credentials").path("token").asText().isEmpty());
        assertEquals(given, succeeds("GetManagedEndpointSessionCredentials", credentials));
        String arn = made.path("arn").asText();
        assertEquals(
                "b",
                succeeds("ListTagsForResource", json("{'resourceArn':'%s'}", arn))
                        .at("/tags/a")
                        .asText());
        assertEquals(
                1,
                succeeds(
                                "ListManagedEndpoints",
                                json(
                                        "{'virtualClusterId':'%s','states':['ACTIVE'],'types':['%s']}",
                                        cluster(), create.path("type").asText()))
                        .path("endpoints")
                        .size());
        assertEquals(endpoint, succeeds("DeleteManagedEndpoint", endpoint));
        assertEquals("TERMINATING", endpointState(endpoint));
        succeeds("DeleteManagedEndpoint", endpoint);
        target.advance(Duration.ofMinutes(10));
        assertEquals("TERMINATED", endpointState(endpoint));
        refused("ValidationException", "DeleteManagedEndpoint", endpoint);
        refused(
                "ResourceNotFoundException",
                "CreateManagedEndpoint",
                requests.of("CreateManagedEndpoint").put("releaseLabel", "spark-3"));
    }

    private String endpointState(ObjectNode endpoint) {
        return succeeds("DescribeManagedEndpoint", endpoint)
                .at("/endpoint/state")
                .asText();
    }

    @Test
    @DisplayName("A security configuration is made, found, used and deleted (verified: model)")
    void securityConfigurations() {
        onlyFakes();
        ObjectNode create = requests.of("CreateSecurityConfiguration");
        create.set("tags", json("{'a':'b'}"));
        JsonNode made = succeeds("CreateSecurityConfiguration", create);
        assertEquals(made, succeeds("CreateSecurityConfiguration", create));
        ObjectNode configuration = json("{'id':'%s'}", made.path("id").asText());
        JsonNode found =
                succeeds("DescribeSecurityConfiguration", configuration).path("securityConfiguration");
        assertEquals(create.path("securityConfigurationData"), found.path("securityConfigurationData"));
        assertEquals("b", found.at("/tags/a").asText());
        JsonNode cluster = succeeds(
                "CreateVirtualCluster",
                requests.of("CreateVirtualCluster")
                        .put("securityConfigurationId", made.path("id").asText()));
        assertEquals(
                made.path("id"),
                succeeds(
                                "DescribeVirtualCluster",
                                json("{'id':'%s'}", cluster.path("id").asText()))
                        .at("/virtualCluster/securityConfigurationId"));
        assertEquals(configuration, succeeds("DeleteSecurityConfiguration", configuration));
        refused("ResourceNotFoundException", "DescribeSecurityConfiguration", configuration);
        refused("ValidationException", "DeleteSecurityConfiguration", configuration);
    }

    @Test
    @DisplayName("A virtual cluster has a namespace of its own, limits, and an end (verified: Development Guide)")
    void virtualClusters() {
        onlyFakes();
        ObjectNode create = requests.of("CreateVirtualCluster");
        JsonNode made = succeeds("CreateVirtualCluster", create);
        assertEquals(made, succeeds("CreateVirtualCluster", create));
        refused(
                "ValidationException",
                "CreateVirtualCluster",
                create.deepCopy().put("clientToken", target.fresh("token")));
        ObjectNode id = json("{'id':'%s'}", made.path("id").asText());
        ObjectNode limits = id.deepCopy().put("clientToken", target.fresh("token"));
        limits.set("schedulerConfiguration", json("{'maxConcurrentJobRuns':2,'maxInQueueJobRuns':100}"));
        assertEquals(
                limits.path("schedulerConfiguration"),
                succeeds("UpdateVirtualCluster", limits).at("/virtualCluster/schedulerConfiguration"));
        assertEquals(id, succeeds("DeleteVirtualCluster", id));
        assertEquals(
                "TERMINATING",
                succeeds("DescribeVirtualCluster", id)
                        .at("/virtualCluster/state")
                        .asText());
        refused(
                "ValidationException",
                "StartJobRun",
                requests.of("StartJobRun")
                        .put("virtualClusterId", made.path("id").asText()));
        target.advance(Duration.ofHours(1));
        assertEquals(
                "TERMINATED",
                succeeds("DescribeVirtualCluster", id)
                        .at("/virtualCluster/state")
                        .asText());
        refused("ValidationException", "DeleteVirtualCluster", id);
        succeeds("CreateVirtualCluster", create.deepCopy().put("clientToken", target.fresh("token")));
    }

    @Test
    @DisplayName("Tags are put, listed and removed (verified: model)")
    void tags() {
        onlyFakes();
        String run =
                succeeds("StartJobRun", requests.of("StartJobRun")).path("arn").asText();
        ObjectNode resource = json("{'resourceArn':'%s'}", run);
        succeeds("TagResource", resource.deepCopy().set("tags", json("{'a':'b','c':''}")));
        assertEquals(
                json("{'emreks-contract':'smoke','a':'b','c':''}"),
                succeeds("ListTagsForResource", resource).path("tags"));
        succeeds(
                "UntagResource",
                resource.deepCopy()
                        .set("tagKeys", json("{'k':['a','emreks-contract']}").path("k")));
        assertEquals(json("{'c':''}"), succeeds("ListTagsForResource", resource).path("tags"));
    }

    private List<String> ids(String operation, String member, JsonNode request, ObjectNode wanted) {
        List<String> ids = new ArrayList<>();
        succeeds(operation, (ObjectNode) request)
                .path(member)
                .forEach(item -> ids.add(item.path("id").asText()));
        ids.removeIf(id -> !id.equals(wanted.path("id").asText()));
        return ids;
    }

    private ObjectNode list() {
        return requests.of("ListJobRuns");
    }

    private String state(ObjectNode run) {
        return succeeds("DescribeJobRun", run).at("/jobRun/state").asText();
    }

    private String cluster() {
        return target.virtualClusterId();
    }

    private void onlyFakes() {
        assumeTrue(target.isFake(), "changes more than a real account should be asked for");
    }
}
