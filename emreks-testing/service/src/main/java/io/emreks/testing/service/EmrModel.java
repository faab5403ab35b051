package io.emreks.testing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.SecurityConfigurations.SecurityConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    /** As seen of the service, for a cluster that has no room. */
    private static final String STARTED_TOO_LATE =
            "JobRun timed out before job controller pod started running due to lack of cluster resources. Last event"
                    + " from default-scheduler: FailedScheduling, message: 0/2 nodes are available: 2 Insufficient"
                    + " cpu.";

    private static final List<FakeJobRunState> USUAL_WAY =
            List.of(FakeJobRunState.SUBMITTED, FakeJobRunState.RUNNING, FakeJobRunState.COMPLETED);

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
    private final Timeline timeline;
    private final ManagedEndpoints endpoints;
    private final SecurityConfigurations securities;
    private Optional<FakeJobRunState> newRunsAreHeld = Optional.empty();
    private Optional<FakeVirtualClusterState> newClustersAreHeld = Optional.empty();

    EmrModel(ServiceModel model, ServiceSettings settings, RunStarter starter) {
        this.model = model;
        this.settings = settings;
        this.ids = new ServiceIds(settings.seed());
        this.tokens = new ClientTokens(settings.clientTokenRetention(), settings.clientTokenReuse());
        this.starter = starter;
        this.timeline = new Timeline(starter::planned);
        this.endpoints = new ManagedEndpoints(settings, ids, tokens, timeline, this::cluster);
        this.securities = new SecurityConfigurations(settings, ids, tokens);
    }

    EmrAnswer handle(EmrCall call, Instant now) {
        advanceTo(now);
        if (call.refusal().isPresent()) {
            return error(call.refusal().get());
        }
        try {
            ObjectNode body = perform(call, now);
            return new EmrAnswer(200, "", ids.request(), body);
        } catch (ApiException e) {
            return error(e.answer());
        }
    }

    /** An error in the form of this service. */
    EmrAnswer error(Fault.ErrorAnswer error) {
        ObjectNode body = ServiceModel.JSON.createObjectNode().put("message", error.message());
        return new EmrAnswer(error.status(), error.code(), ids.request(), body);
    }

    private ObjectNode perform(EmrCall call, Instant now) {
        ObjectNode input = call.input();
        return switch (call.operation()) {
            case "StartJobRun" -> startJobRun(input, call.body(), now);
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
                Predicate<JobTemplate> created = Pages.created(input);
                yield Pages.page(
                        input,
                        settings,
                        "ListJobTemplates",
                        "templates",
                        templatesInOrder,
                        created.and(template -> templates.containsKey(template.id())),
                        JobTemplate::toJson);
            }
            case "DeleteJobTemplate" -> deleteJobTemplate(text(input, "id"));
            case "CreateManagedEndpoint" -> {
                requireTagging(
                        input, settings.arn("/virtualclusters/" + text(input, "virtualClusterId") + "/endpoints/*"));
                yield endpoints.create(input, now);
            }
            case "DescribeManagedEndpoint" -> wrap("endpoint", endpoints.describe(input));
            case "ListManagedEndpoints" -> endpoints.list(input);
            case "DeleteManagedEndpoint" -> endpoints.delete(input, now);
            case "GetManagedEndpointSessionCredentials" -> endpoints.credentials(input, now);
            case "CreateSecurityConfiguration" -> {
                requireTagging(input, settings.arn("/securityconfigurations/*"));
                yield securities.create(input, now);
            }
            case "DescribeSecurityConfiguration" ->
                wrap("securityConfiguration", securities.get(text(input, "id")).toJson());
            case "ListSecurityConfigurations" -> securities.list(input);
            case "DeleteSecurityConfiguration" -> securities.delete(text(input, "id"));
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
                        501, "NotImplementedException", "This fake does not implement " + call.operation());
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
        cluster.requireRunning("JobRun");
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
        starter.script(id, run::view).ifPresent(run::follow);
        if (newRunsAreHeld.isPresent() && run.script().isEmpty()) {
            run.follow(JobRunScript.completes());
        }
        cluster.enqueue(run);
        cluster.runs().add(run);
        admit(cluster, now);
        newRunsAreHeld.ifPresent(state -> hold(run, state, now));
        if (cluster.waiting(run)) {
            timeline.at(now.plus(QUEUE_LIMIT), at -> {
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
        requireRelease(text(input, "releaseLabel"));
        checkMonitoring(input.path("configurationOverrides"));
        JsonNode attempts = input.at("/retryPolicyConfiguration/maxAttempts");
        if (attempts.isInt() && attempts.asInt() < 1) {
            throw ApiException.validation("Retry policy configuration's parameter value of maxAttempts is invalid");
        }
    }

    static void requireRelease(String label) {
        if (!RELEASE.matcher(label).matches()) {
            throw ApiException.notFound("Release " + label + " doesn't exist.");
        }
    }

    /** Log rotation needs a place in S3 (EMR on EKS Development Guide, container log rotation). */
    static void checkMonitoring(JsonNode overrides) {
        JsonNode monitoring = overrides.path("monitoringConfiguration");
        JsonNode logUri = monitoring.path("s3MonitoringConfiguration").path("logUri");
        if (logUri.isTextual() && !logUri.asText().startsWith("s3://")) {
            throw ApiException.validation(
                    "configurationOverrides.monitoringConfiguration.s3MonitoringConfiguration.logUri"
                            + " failed to satisfy constraint : Member must be a URI of the form s3://bucket/prefix");
        }
        if (monitoring.has("containerLogRotationConfiguration") && logUri.isMissingNode()) {
            throw ApiException.validation(
                    "configurationOverrides.monitoringConfiguration.containerLogRotationConfiguration"
                            + " failed to satisfy constraint : s3MonitoringConfiguration must be given with it");
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
        Set<String> states = Pages.texts(input, "states");
        String name = text(input, "name");
        Predicate<JobRun> created = Pages.created(input);
        VirtualCluster cluster = clusters.get(text(input, "virtualClusterId"));
        return Pages.page(
                input,
                settings,
                "ListJobRuns",
                "jobRuns",
                cluster == null ? List.<JobRun>of() : cluster.runs(),
                created.and(run -> !run.createdAt().isAfter(asOf)
                        && (states.isEmpty()
                                || states.contains(run.stateAt(asOf).name()))
                        && (name.isEmpty() || run.name().equals(name))),
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
        if (input.has("securityConfigurationId")) {
            SecurityConfiguration unused = securities.get(text(input, "securityConfigurationId"));
        }
        String id = ids.virtualCluster();
        VirtualCluster cluster = new VirtualCluster(id, settings.arn("/virtualclusters/" + id), input, now);
        for (VirtualCluster other : clusters.values()) {
            if (other.state() != FakeVirtualClusterState.TERMINATED
                    && other.eksClusterId().equals(cluster.eksClusterId())
                    && other.namespace().equals(cluster.namespace())) {
                throw ApiException.validation("A virtual cluster already exists in the given namespace");
            }
        }
        clusters.put(id, cluster);
        newClustersAreHeld.ifPresent(state -> hold(cluster, state));
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
        Set<String> states = Pages.texts(input, "states");
        Predicate<VirtualCluster> created = Pages.created(input);
        return Pages.page(
                input,
                settings,
                "ListVirtualClusters",
                "virtualClusters",
                List.copyOf(clusters.values()),
                created.and(cluster -> (states.isEmpty()
                                || states.contains(cluster.state().name()))
                        && (!input.has("containerProviderId")
                                || cluster.eksClusterId().equals(text(input, "containerProviderId")))
                        && (!input.has("containerProviderType")
                                || cluster.containerProviderType().equals(text(input, "containerProviderType")))),
                VirtualCluster::toJson);
    }

    private ObjectNode deleteVirtualCluster(String id, Instant now) {
        VirtualCluster cluster = clusters.get(id);
        if (cluster == null) {
            throw ApiException.validation("Virtual cluster " + id + " not found.");
        }
        if (cluster.state() == FakeVirtualClusterState.TERMINATED) {
            throw ApiException.validation("Virtual cluster " + id + " is already terminated.");
        }
        if (cluster.held()) {
            cluster.deleteLater();
        } else if (cluster.state() != FakeVirtualClusterState.TERMINATING) {
            terminate(cluster, now);
        }
        return ServiceModel.JSON.createObjectNode().put("id", id);
    }

    private void terminate(VirtualCluster cluster, Instant now) {
        cluster.become(FakeVirtualClusterState.TERMINATING);
        timeline.at(now.plus(settings.virtualClusterDeletionTakes()), end -> {
            if (cluster.state() == FakeVirtualClusterState.TERMINATING && !cluster.held()) {
                cluster.become(FakeVirtualClusterState.TERMINATED);
            }
        });
        advanceTo(now);
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
        String id = ids.other(now);
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
        // the model takes no ARNs but those of virtual clusters and what is on them
        return Stream.<Optional<? extends Resource>>of(find(id), findCluster(id), endpoints.find(id))
                .flatMap(Optional::stream)
                .filter(resource -> resource.arn().equals(arn))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("Resource " + arn + " doesn't exist."))
                .tags();
    }

    // ---- time

    /** Lets everything happen that scripts have planned up to now. */
    void advanceTo(Instant now) {
        timeline.advanceTo(now);
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
        Duration time = script.timeIn(state);
        Duration limit = run.startTimeout().orElse(settings.startTimeout());
        if (state == FakeJobRunState.SUBMITTED && time.compareTo(limit) > 0) {
            when(entered.plus(limit), run, state, at -> fail(run, FakeFailureReason.USER_ERROR, STARTED_TOO_LATE, at));
            return;
        }
        when(entered.plus(time), run, state, at -> {
            FakeJobRunState next = script.after(state);
            if (next == FakeJobRunState.FAILED) {
                fail(run, script, at);
            } else {
                become(run, next, at);
            }
            plan(run, script, at);
        });
    }

    private void planDriverFailure(JobRun run, JobRunScript script, Instant started) {
        when(started.plus(script.driverFailures().after()), run, FakeJobRunState.RUNNING, failed -> {
            if (run.attempts() >= run.maxAttempts()) {
                fail(run, script, failed);
                return;
            }
            driverEnded(run);
            when(failed.plus(driverBackoff(run.attempts())), run, FakeJobRunState.RUNNING, again -> {
                run.restartDriver(again);
                starter.driverRestarted(run, again);
                plan(run, script, again);
            });
        });
    }

    /** Lets a step of a run happen, if it is still in that state then; later, if a hold keeps it there. */
    private void when(Instant time, JobRun run, FakeJobRunState state, Timeline.Happening step) {
        timeline.at(time, at -> {
            if (run.state() == state && !run.park(step)) {
                step.happen(at);
            }
        });
    }

    /**
     * Moves a run to a state, by the states between, and keeps it there.
     *
     * @throws IllegalStateException if no way leads there, or an engine has the run
     */
    void hold(JobRun run, FakeJobRunState state, Instant now) {
        advanceTo(now);
        JobRunScript script = run.script()
                .orElseThrow(() -> new IllegalStateException(
                        "An engine runs job run " + run.id() + "; a hold is for" + " runs that follow scripts"));
        FakeJobRunState from = run.state();
        List<FakeJobRunState> way = switch (state) {
            case PENDING -> List.of();
            case SUBMITTED, RUNNING, COMPLETED -> wayTo(state, from);
            case FAILED, CANCEL_PENDING -> List.of(state);
            case CANCELLED -> List.of(FakeJobRunState.CANCEL_PENDING, state);
        };
        boolean onItsWay =
                from.cancellable() || (from == FakeJobRunState.CANCEL_PENDING && state == FakeJobRunState.CANCELLED);
        if (from != state && (way.isEmpty() || !onItsWay)) {
            throw new IllegalStateException("Job run " + run.id() + " is " + from + " and cannot become " + state);
        }
        run.hold(state);
        if (run.state() == state) {
            return;
        }
        cluster(run.virtualClusterId()).occupy(run);
        for (FakeJobRunState next : way) {
            if (next == FakeJobRunState.FAILED) {
                fail(run, script, now);
            } else {
                boolean unused = become(run, next, now);
            }
        }
        plan(run, script, now);
        advanceTo(now);
    }

    private static List<FakeJobRunState> wayTo(FakeJobRunState state, FakeJobRunState from) {
        int first = USUAL_WAY.indexOf(from) + 1;
        int last = USUAL_WAY.indexOf(state);
        return first > last ? List.of() : USUAL_WAY.subList(first, last + 1);
    }

    void release(JobRun run, Instant now) {
        advanceTo(now);
        run.release().ifPresent(step -> step.happen(now));
        advanceTo(now);
    }

    void hold(VirtualCluster cluster, FakeVirtualClusterState state) {
        cluster.become(state);
        cluster.hold(true);
    }

    void release(VirtualCluster cluster, Instant now) {
        cluster.hold(false);
        if (cluster.deletionAsked()) {
            terminate(cluster, now);
        }
    }

    void holdNewRuns(Optional<FakeJobRunState> state) {
        newRunsAreHeld = state;
    }

    void holdNewClusters(Optional<FakeVirtualClusterState> state) {
        newClustersAreHeld = state;
    }

    List<JobRun> runs() {
        return runsInOrder;
    }

    List<VirtualCluster> clusters() {
        return List.copyOf(clusters.values());
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
        boolean driverRan = run.driverRuns();
        boolean changed = run.become(next, at);
        if (changed && driverRan && next.terminal()) {
            driverEnded(run);
        }
        if (changed) {
            changed(run, at);
        }
        return changed;
    }

    void fail(JobRun run, FakeFailureReason reason, String details, Instant at) {
        boolean driverRan = run.driverRuns();
        if (run.fail(reason, details, at)) {
            if (driverRan) {
                driverEnded(run);
            }
            changed(run, at);
        }
    }

    private void driverEnded(JobRun run) {
        logged(run).ifPresent(script -> starter.driverEnded(run.view(), script));
    }

    /** The script of a run that writes logs and has a place for them. */
    private static Optional<JobRunScript> logged(JobRun run) {
        return run.keepsLogs() ? run.script() : Optional.empty();
    }

    private void changed(JobRun run, Instant at) {
        starter.changed(run, at);
        if (run.state().terminal()) {
            logged(run).filter(script -> run.wasSubmitted()).ifPresent(script -> starter.ended(run.view(), script));
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

    // ---- what the tests see and steer

    /** When something will happen. */
    List<Instant> planned() {
        return timeline.planned();
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
        /**
         * The script of a run, or empty if an engine runs it.
         *
         * @param run what is known of it; costs more than the rest of its start
         */
        Optional<JobRunScript> script(String id, Supplier<FakeJobRun> run);

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

        /** A driver of a run is over, which has a place for logs; it was the last, or another follows. */
        void driverEnded(FakeJobRun run, JobRunScript script);

        /** A run is over that was submitted and has a place for logs. */
        void ended(FakeJobRun run, JobRunScript script);
    }
}
