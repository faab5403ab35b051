package io.emreks.testing.service;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.ServiceModel.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The service: a request and the present time in, an answer out. Single-threaded, knows no clock and starts nothing; what
 * scripts bring about between two calls is worked out at the second one, with the times at which it happened.
 */
final class EmrModel {
    private static final Pattern RELEASE = Pattern.compile("emr(-spark)?-\\d+\\.\\d+\\.\\d+(-[a-z0-9][a-z0-9-]*)?");
    private static final int TAGS_LIMIT = 50;
    /** EMR on EKS Development Guide, virtual clusters. */
    private static final Duration QUEUE_LIMIT = Duration.ofMinutes(30);

    private static final Duration FIRST_DRIVER_BACKOFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_DRIVER_BACKOFF = Duration.ofMinutes(6);
    private static final String QUEUED_TOO_LONG =
            "JobRun timed out in the queue of the virtual cluster before a slot was free.";

    private final ServiceModel model;
    private final ServiceSettings settings;
    private final ServiceIds ids;
    private final RunStarter starter;
    private final Map<String, VirtualCluster> clusters = new LinkedHashMap<>();
    private final Map<String, JobRun> runs = new HashMap<>();
    private final List<JobRun> runsInOrder = new ArrayList<>();
    private final Map<String, JobTemplate> templates = new HashMap<>();
    private final List<JobTemplate> templatesInOrder = new ArrayList<>();
    private final ClientTokens tokens;
    private final PriorityQueue<Due> timeline =
            new PriorityQueue<>(comparing(Due::at).thenComparing(Due::number));
    private long dues;

    EmrModel(ServiceModel model, ServiceSettings settings, RunStarter starter) {
        this.model = model;
        this.settings = settings;
        this.ids = new ServiceIds(settings.seed());
        this.tokens = new ClientTokens(settings.clientTokenRetention(), settings.clientTokenReuse());
        this.starter = starter;
    }

    /** The name of the operation that a request asks for, or {@code Unknown}. */
    String operation(ApiRequest request) {
        return model.route(request.method(), request.path())
                .map(Route::operation)
                .orElse(FakeEmrEks.UNKNOWN_OPERATION);
    }

    ApiResponse handle(ApiRequest request, Instant now) {
        advanceTo(now);
        try {
            Route route = model.route(request.method(), request.path())
                    .orElseThrow(() -> new ApiException(
                            404,
                            "UnknownOperationException",
                            "No operation is " + request.method() + " " + request.path()));
            return answer(200, Map.of(), perform(route, model.input(route, request), request, now));
        } catch (ApiException e) {
            return error(e.answer());
        }
    }

    /** An error in the form of this service (JSON body, code in a header). */
    ApiResponse error(Fault.ErrorAnswer error) {
        ObjectNode body = ServiceModel.JSON.createObjectNode().put("message", error.message());
        return answer(error.status(), Map.of("x-amzn-ErrorType", error.code()), body);
    }

    private ApiResponse answer(int status, Map<String, String> headers, ObjectNode body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        all.put("x-amzn-RequestId", ids.request());
        return new ApiResponse(status, all, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode perform(Route route, ObjectNode input, ApiRequest request, Instant now) {
        return switch (route.operation()) {
            case "StartJobRun" -> startJobRun(input, request.text(), now);
            case "DescribeJobRun" -> wrap("jobRun", run(input).toJson(Instant.MAX));
            case "ListJobRuns" -> listJobRuns(input, listedAsOf(now));
            case "CancelJobRun" -> cancelJobRun(input, now);
            case "CreateVirtualCluster" -> createVirtualCluster(input, now);
            case "DescribeVirtualCluster" ->
                wrap("virtualCluster", cluster(text(input, "id")).toJson());
            case "UpdateVirtualCluster" -> updateVirtualCluster(input, now);
            case "ListVirtualClusters" -> listVirtualClusters(input);
            case "DeleteVirtualCluster" -> deleteVirtualCluster(text(input, "id"), now);
            case "CreateJobTemplate" -> createJobTemplate(input, now);
            case "DescribeJobTemplate" -> {
                JobTemplate template = templates.get(text(input, "id"));
                if (template == null) {
                    throw noTemplate(text(input, "id"));
                }
                yield wrap("jobTemplate", template.toJson());
            }
            case "ListJobTemplates" -> {
                Predicate<Instant> created = created(input);
                yield Pages.page(
                        input,
                        settings.pageSize(),
                        "templates",
                        templatesInOrder,
                        template -> templates.containsKey(template.id()) && created.test(template.createdAt()),
                        JobTemplate::toJson);
            }
            case "DeleteJobTemplate" -> deleteJobTemplate(text(input, "id"));
            case "TagResource" -> tag(input);
            case "UntagResource" -> {
                Map<String, String> tags = tagsOf(text(input, "resourceArn"));
                input.path("tagKeys").forEach(key -> tags.remove(key.asText()));
                yield ServiceModel.JSON.createObjectNode();
            }
            case "ListTagsForResource" -> {
                ObjectNode tags = ServiceModel.JSON.createObjectNode();
                tagsOf(text(input, "resourceArn")).forEach(tags::put);
                yield wrap("tags", tags);
            }
            default ->
                throw new ApiException(
                        501, "NotImplementedException", "This fake does not implement " + route.operation());
        };
    }

    // ---- job runs

    private ObjectNode startJobRun(ObjectNode input, String json, Instant now) {
        String clusterId = text(input, "virtualClusterId");
        String newArn = settings.arn("/virtualclusters/" + clusterId + "/jobruns/*");
        requireTagging(input, newArn);
        Optional<JobRun> made = tokens.made("StartJobRun", input, now).map(runs::get);
        if (made.isPresent()) {
            return started(made.get());
        }
        VirtualCluster cluster = cluster(clusterId);
        if (cluster.state() != VirtualCluster.State.RUNNING) {
            throw ApiException.validation(
                    "Virtual cluster state " + cluster.state() + " is not valid to create resource JobRun.");
        }
        ObjectNode settled = settled(input);
        requireTagging(settled, newArn);
        checkStart(settled);
        if (cluster.full()) {
            throw ApiException.validation(settings.queueFullMessage());
        }
        String id = ids.jobRun(now);
        String arn = settings.arn("/virtualclusters/" + clusterId + "/jobruns/" + id);
        JobRun run = new JobRun(id, arn, settings.callerArn(), settled, json, now);
        runs.put(id, run);
        runsInOrder.add(run);
        tokens.remember("StartJobRun", input, id, now);
        starter.script(run.view()).ifPresent(run::follow);
        cluster.enqueue(run);
        admit(cluster, now);
        if (cluster.waiting(run)) {
            at(now.plus(QUEUE_LIMIT), at -> {
                if (cluster.waiting(run)) {
                    fail(run, FakeFailureReason.USER_ERROR, QUEUED_TOO_LONG, at);
                }
            });
        }
        advanceTo(now);
        return started(run);
    }

    /** Lets runs that wait begin, as far as slots are free. */
    private void admit(VirtualCluster cluster, Instant at) {
        for (Optional<JobRun> next = cluster.admit(); next.isPresent(); next = cluster.admit()) {
            JobRun run = next.get();
            if (run.script().isPresent()) {
                plan(run, run.script().get(), at);
            } else {
                starter.started(run.view());
            }
        }
    }

    /** The request with what its template says filled in, if it names one. */
    private ObjectNode settled(ObjectNode input) {
        if (!input.has("jobTemplateId")) {
            if (input.has("jobTemplateParameters")) {
                throw ApiException.validation("'jobTemplateParameters' are given without 'jobTemplateId'");
            }
            return input;
        }
        JobTemplate template = templates.get(text(input, "jobTemplateId"));
        if (template == null) {
            throw noTemplate(text(input, "jobTemplateId"));
        }
        ObjectNode settled = template.fill(input);
        model.validate("StartJobRunRequest", settled);
        return settled;
    }

    private static void checkStart(ObjectNode input) {
        for (String member : List.of("executionRoleArn", "releaseLabel", "jobDriver")) {
            if (!input.has(member)) {
                throw ApiException.validation("1 validation error detected: Value null at '" + member
                        + "' failed to satisfy constraint: Member must not be null");
            }
        }
        checkDriver(input.path("jobDriver"));
        String label = text(input, "releaseLabel");
        if (!RELEASE.matcher(label).matches()) {
            throw ApiException.notFound("Release " + label + " doesn't exist.");
        }
        JsonNode logUri = input.at("/configurationOverrides/monitoringConfiguration/s3MonitoringConfiguration/logUri");
        if (logUri.isTextual() && !logUri.asText().startsWith("s3://")) {
            throw ApiException.validation(
                    "configurationOverrides.monitoringConfiguration.s3MonitoringConfiguration.logUri"
                            + " failed to satisfy constraint : Member must be a URI of the form s3://bucket/prefix");
        }
        JsonNode attempts = input.at("/retryPolicyConfiguration/maxAttempts");
        if (attempts.isInt() && attempts.asInt() < 1) {
            throw ApiException.validation("Retry policy configuration's parameter value of maxAttempts is invalid");
        }
    }

    private static void checkDriver(JsonNode driver) {
        if (driver.size() != 1) {
            throw ApiException.validation("1 validation error detected: Value at 'jobDriver' failed to satisfy"
                    + " constraint: Member must have exactly one job driver");
        }
    }

    private static ObjectNode started(JobRun run) {
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        answer.put("id", run.id()).put("arn", run.arn()).put("virtualClusterId", run.virtualClusterId());
        return run.name().isEmpty() ? answer : answer.put("name", run.name());
    }

    private ObjectNode cancelJobRun(ObjectNode input, Instant now) {
        JobRun run = run(input);
        if (!become(run, FakeJobRunState.CANCEL_PENDING, now)) {
            throw ApiException.validation("Job run " + run.id() + " is not in a cancellable state");
        }
        boolean begun = !cluster(run.virtualClusterId()).withdraw(run);
        if (begun && run.script().isEmpty()) {
            starter.cancelled(run.view());
        } else {
            // no engine has heard of a run that was still in the queue
            plan(run, run.script().orElseGet(JobRunScript::completes), now);
            advanceTo(now);
        }
        return ServiceModel.JSON.createObjectNode().put("id", run.id()).put("virtualClusterId", run.virtualClusterId());
    }

    /** Without a lag everything shows, whatever a real clock did meanwhile. */
    private Instant listedAsOf(Instant now) {
        return settings.listLag().isZero() ? Instant.MAX : now.minus(settings.listLag());
    }

    /** @param asOf the moment whose runs and states are listed */
    private ObjectNode listJobRuns(ObjectNode input, Instant asOf) {
        Set<String> states = new HashSet<>();
        input.path("states").forEach(state -> states.add(state.asText()));
        String clusterId = text(input, "virtualClusterId");
        String name = text(input, "name");
        Predicate<Instant> created = created(input);
        return Pages.page(
                input,
                settings.pageSize(),
                "jobRuns",
                runsInOrder,
                run -> run.virtualClusterId().equals(clusterId)
                        && !run.createdAt().isAfter(asOf)
                        && (states.isEmpty()
                                || states.contains(run.stateAt(asOf).name()))
                        && (name.isEmpty() || run.name().equals(name))
                        && created.test(run.createdAt()),
                run -> {
                    ObjectNode json = run.toJson(asOf);
                    json.remove("retryPolicyConfiguration");
                    if (!settings.listsShowTags()) {
                        json.remove("tags");
                    }
                    if (!settings.listsShowClientTokens()) {
                        json.remove("clientToken");
                    }
                    return json;
                });
    }

    private JobRun run(ObjectNode input) {
        JobRun run = runs.get(text(input, "id"));
        if (run == null || !run.virtualClusterId().equals(text(input, "virtualClusterId"))) {
            throw ApiException.notFound("Job run " + text(input, "id") + " doesn't exist.");
        }
        return run;
    }

    // ---- virtual clusters

    private ObjectNode createVirtualCluster(ObjectNode input, Instant now) {
        requireTagging(input, settings.arn("/virtualclusters/*"));
        VirtualCluster made = tokens.made("CreateVirtualCluster", input, now)
                .map(clusters::get)
                .orElseGet(() -> newVirtualCluster(input, now));
        return ServiceModel.JSON
                .createObjectNode()
                .put("id", made.id())
                .put("name", made.name())
                .put("arn", made.arn());
    }

    private VirtualCluster newVirtualCluster(ObjectNode input, Instant now) {
        String id = ids.virtualCluster();
        VirtualCluster cluster = new VirtualCluster(id, settings.arn("/virtualclusters/" + id), input, now);
        for (VirtualCluster other : clusters.values()) {
            if (other.state() != VirtualCluster.State.TERMINATED
                    && other.eksClusterId().equals(cluster.eksClusterId())
                    && other.namespace().equals(cluster.namespace())) {
                throw ApiException.validation("A virtual cluster already exists in the given namespace");
            }
        }
        clusters.put(id, cluster);
        tokens.remember("CreateVirtualCluster", input, id, now);
        return cluster;
    }

    private ObjectNode updateVirtualCluster(ObjectNode input, Instant now) {
        VirtualCluster cluster = cluster(text(input, "id"));
        if (tokens.made("UpdateVirtualCluster", input, now).isEmpty()) {
            if (input.has("schedulerConfiguration")) {
                cluster.limit(input.path("schedulerConfiguration"));
                admit(cluster, now);
                advanceTo(now);
            }
            tokens.remember("UpdateVirtualCluster", input, cluster.id(), now);
        }
        return wrap("virtualCluster", cluster.toJson());
    }

    private ObjectNode listVirtualClusters(ObjectNode input) {
        Set<String> states = new HashSet<>();
        input.path("states").forEach(state -> states.add(state.asText()));
        Predicate<Instant> created = created(input);
        return Pages.page(
                input,
                settings.pageSize(),
                "virtualClusters",
                List.copyOf(clusters.values()),
                cluster -> (states.isEmpty() || states.contains(cluster.state().name()))
                        && (!input.has("containerProviderId")
                                || cluster.eksClusterId().equals(text(input, "containerProviderId")))
                        && (!input.has("containerProviderType")
                                || cluster.containerProviderType().equals(text(input, "containerProviderType")))
                        && created.test(cluster.createdAt()),
                VirtualCluster::toJson);
    }

    private ObjectNode deleteVirtualCluster(String id, Instant now) {
        VirtualCluster cluster = clusters.get(id);
        if (cluster == null) {
            throw ApiException.validation("Virtual cluster " + id + " not found.");
        }
        if (cluster.state() == VirtualCluster.State.TERMINATED) {
            throw ApiException.validation("Virtual cluster " + id + " is already terminated.");
        }
        if (cluster.state() == VirtualCluster.State.RUNNING) {
            cluster.become(VirtualCluster.State.TERMINATING);
            at(
                    now.plus(settings.virtualClusterDeletionTakes()),
                    end -> cluster.become(VirtualCluster.State.TERMINATED));
            advanceTo(now);
        }
        return ServiceModel.JSON.createObjectNode().put("id", id);
    }

    private VirtualCluster cluster(String id) {
        VirtualCluster cluster = clusters.get(id);
        if (cluster == null) {
            throw ApiException.notFound("Virtual cluster " + id + " doesn't exist.");
        }
        return cluster;
    }

    // ---- job templates

    private ObjectNode createJobTemplate(ObjectNode input, Instant now) {
        requireTagging(input, settings.arn("/jobtemplates/*"));
        return tokens.made("CreateJobTemplate", input, now)
                .map(templates::get)
                .orElseGet(() -> newJobTemplate(input, now))
                .created();
    }

    private JobTemplate newJobTemplate(ObjectNode input, Instant now) {
        checkDriver(input.path("jobTemplateData").path("jobDriver"));
        String id = ids.jobTemplate(now);
        JobTemplate template =
                new JobTemplate(id, settings.arn("/jobtemplates/" + id), settings.callerArn(), input, now);
        templates.put(id, template);
        templatesInOrder.add(template);
        tokens.remember("CreateJobTemplate", input, id, now);
        return template;
    }

    /** The operation models no ResourceNotFoundException. */
    private ObjectNode deleteJobTemplate(String id) {
        if (templates.remove(id) == null) {
            throw ApiException.validation("Job template " + id + " doesn't exist.");
        }
        return ServiceModel.JSON.createObjectNode().put("id", id);
    }

    private static ApiException noTemplate(String id) {
        return ApiException.notFound("Job template " + id + " doesn't exist.");
    }

    // ---- tags, lists

    /** @throws ApiException if the request has tags and the caller must not tag */
    private void requireTagging(ObjectNode input, String arn) {
        if (!settings.tagging() && !input.path("tags").isEmpty()) {
            throw new ApiException(
                    403,
                    "AccessDeniedException",
                    "User: " + settings.callerArn()
                            + " is not authorized to perform: emr-containers:TagResource on resource: " + arn);
        }
    }

    private ObjectNode tag(ObjectNode input) {
        requireTagging(input, text(input, "resourceArn"));
        Map<String, String> tags = tagsOf(text(input, "resourceArn"));
        Set<String> keys = new HashSet<>(tags.keySet());
        input.path("tags").properties().forEach(tag -> keys.add(tag.getKey()));
        if (keys.size() > TAGS_LIMIT) {
            throw ApiException.validation("A resource has at most " + TAGS_LIMIT + " tags");
        }
        input.path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        return ServiceModel.JSON.createObjectNode();
    }

    private Map<String, String> tagsOf(String arn) {
        String id = arn.substring(arn.lastIndexOf('/') + 1);
        JobRun run = runs.get(id);
        if (run != null && run.arn().equals(arn)) {
            return run.tags();
        }
        VirtualCluster cluster = clusters.get(id);
        if (cluster != null && cluster.arn().equals(arn)) {
            return cluster.tags();
        }
        throw ApiException.notFound("Resource " + arn + " doesn't exist.");
    }

    /** The filter of {@code createdAfter} and {@code createdBefore}. */
    private static Predicate<Instant> created(ObjectNode input) {
        Instant after = instant(input, "createdAfter", Instant.MIN);
        Instant before = instant(input, "createdBefore", Instant.MAX);
        return at -> !at.isBefore(after) && !at.isAfter(before);
    }

    private static Instant instant(ObjectNode input, String member, Instant whenAbsent) {
        return input.has(member) ? OffsetDateTime.parse(text(input, member)).toInstant() : whenAbsent;
    }

    // ---- time

    /** Lets everything happen that scripts have planned up to now. */
    void advanceTo(Instant now) {
        for (Due due = timeline.peek(); due != null && !due.at.isAfter(now); due = timeline.peek()) {
            timeline.remove();
            due.action.happen(due.at);
        }
    }

    private void plan(JobRun run, JobRunScript script, Instant entered) {
        FakeJobRunState state = run.state();
        if (state.terminal()) {
            return;
        }
        if (state == FakeJobRunState.RUNNING
                && run.attempts() <= script.driverFailures().times()) {
            planDriverFailure(run, script, entered);
            return;
        }
        at(entered.plus(script.timeIn(state)), at -> {
            if (run.state() == state) {
                FakeJobRunState next = script.after(state);
                if (next == FakeJobRunState.FAILED) {
                    fail(run, script, at);
                } else {
                    become(run, next, at);
                }
                plan(run, script, at);
            }
        });
    }

    private void planDriverFailure(JobRun run, JobRunScript script, Instant started) {
        at(started.plus(script.driverFailures().after()), failed -> {
            if (run.state() != FakeJobRunState.RUNNING) {
                return;
            }
            if (run.attempts() >= run.maxAttempts()) {
                fail(run, script, failed);
                return;
            }
            at(failed.plus(driverBackoff(run.attempts())), again -> {
                if (run.state() == FakeJobRunState.RUNNING) {
                    run.restartDriver(again);
                    starter.driverRestarted(run, again);
                    plan(run, script, again);
                }
            });
        });
    }

    /** 10 s, 20 s, 40 s … (EMR on EKS Development Guide, retry policies). */
    private static Duration driverBackoff(int failures) {
        int doublings = Math.min(failures - 1, 10);
        Duration backoff = FIRST_DRIVER_BACKOFF.multipliedBy(1L << doublings);
        return backoff.compareTo(LONGEST_DRIVER_BACKOFF) < 0 ? backoff : LONGEST_DRIVER_BACKOFF;
    }

    private void fail(JobRun run, JobRunScript script, Instant at) {
        fail(run, script.failure().reason(), script.failure().stateDetails(), at);
    }

    /** Moves a run on, if the service knows that transition; says whether it does. */
    boolean become(JobRun run, FakeJobRunState next, Instant at) {
        boolean changed = run.become(next, at);
        if (changed) {
            changed(run, at);
        }
        return changed;
    }

    void fail(JobRun run, FakeFailureReason reason, String details, Instant at) {
        if (run.fail(reason, details, at)) {
            changed(run, at);
        }
    }

    private void changed(JobRun run, Instant at) {
        starter.changed(run, at);
        if (run.state().terminal()) {
            VirtualCluster cluster = cluster(run.virtualClusterId());
            cluster.leave(run);
            admit(cluster, at);
        }
    }

    void limit(VirtualCluster cluster, OptionalInt maxConcurrent, OptionalInt maxInQueue, Instant now) {
        advanceTo(now);
        cluster.limit(maxConcurrent, maxInQueue);
        admit(cluster, now);
        advanceTo(now);
    }

    private void at(Instant when, Happening action) {
        timeline.add(new Due(when, dues++, action));
        starter.planned(when);
    }

    // ---- what the tests see and steer

    /** When something will happen. */
    List<Instant> planned() {
        return timeline.stream().map(Due::at).toList();
    }

    int clusterCount() {
        return clusters.size();
    }

    List<FakeJobRun> views() {
        return runsInOrder.stream().map(JobRun::view).toList();
    }

    Optional<JobRun> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    Optional<VirtualCluster> findCluster(String id) {
        return Optional.ofNullable(clusters.get(id));
    }

    private static ObjectNode wrap(String member, ObjectNode content) {
        ObjectNode answer = ServiceModel.JSON.createObjectNode();
        answer.set(member, content);
        return answer;
    }

    private static String text(ObjectNode input, String member) {
        return input.path(member).asText();
    }

    /** Who decides how an accepted run unfolds. */
    interface RunStarter {
        /** The script of a run, or empty if an engine runs it. */
        Optional<JobRunScript> script(FakeJobRun run);

        /** A run without a script was accepted. */
        void started(FakeJobRun run);

        /** The cancel of a run without a script was accepted. */
        void cancelled(FakeJobRun run);

        /** A run has entered another state. */
        default void changed(JobRun run, Instant at) {}

        /** A run has a new driver. */
        default void driverRestarted(JobRun run, Instant at) {}

        /** Something will happen by itself. */
        default void planned(Instant at) {}
    }

    private interface Happening {
        void happen(Instant at);
    }

    private record Due(Instant at, long number, Happening action) {}
}
