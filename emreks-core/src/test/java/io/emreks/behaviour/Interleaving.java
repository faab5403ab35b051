package io.emreks.behaviour;

import io.emreks.model.IfKeyIsOver;
import io.emreks.model.JobRunRequest;
import io.emreks.model.TimeLimit;
import io.emreks.retry.DriverRetry;
import io.emreks.retry.FailureClass;
import io.emreks.retry.JobChange;
import io.emreks.retry.Resubmission;
import io.emreks.testing.service.ClientTokenReuse;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What two competing clients do, what goes wrong meanwhile, and in which world: drawn from one seed. Every step has a seed
 * of its own, so that a step does the same when others are left out.
 */
record Interleaving(World world, List<Job> jobs, List<JobRunScript> scripts, List<Step> steps) {
    private static final Duration FOR_EVER = Duration.ofDays(365);

    enum Act {
        SUBMIT,
        SUBMIT_UNKEYED,
        REPLACE,
        CANCEL,
        CANCEL_AND_CONFIRM,
        STOP_WATCHING,
        RERUN,
        AWAIT,
        FIND,
        RECOVER,
        ATTACH,
        CLOSE,
        CLOSE_AND_CANCEL,
        FAULT
    }

    /** The acts as often as they are drawn. */
    private static final List<Act> DRAWN = List.of(
            Act.SUBMIT,
            Act.SUBMIT,
            Act.SUBMIT,
            Act.SUBMIT,
            Act.SUBMIT,
            Act.SUBMIT,
            Act.SUBMIT_UNKEYED,
            Act.SUBMIT_UNKEYED,
            Act.REPLACE,
            Act.REPLACE,
            Act.CANCEL,
            Act.CANCEL,
            Act.CANCEL_AND_CONFIRM,
            Act.STOP_WATCHING,
            Act.RERUN,
            Act.AWAIT,
            Act.FIND,
            Act.RECOVER,
            Act.ATTACH,
            Act.CLOSE,
            Act.CLOSE_AND_CANCEL,
            Act.FAULT,
            Act.FAULT,
            Act.FAULT,
            Act.FAULT,
            Act.FAULT);

    /** What is done, by which of the two clients, and how long after the step before. */
    record Step(Duration pause, int who, Act act, long seed) {
        SplittableRandom random() {
            return new SplittableRandom(seed);
        }
    }

    /**
     * Settings of the service and of both clients.
     *
     * @param lists whether ListJobRuns is always allowed
     * @param lateEffects whether a StartJobRun may take effect after its caller has given it up
     * @param lostAnswers whether a StartJobRun may take effect and its answer be lost
     * @param storeFaults whether calls to S3 may go wrong
     * @param argumentsDiffer whether two submissions of a key ask for different things
     */
    record World(
            Duration tokensKept,
            ClientTokenReuse reuse,
            boolean tagsListed,
            boolean tokensListed,
            int pageSize,
            boolean claims,
            Duration claimExpiry,
            int tries,
            Duration lookBack,
            Duration longestPause,
            Duration giveUpAfter,
            boolean lists,
            boolean lateEffects,
            boolean lostAnswers,
            boolean storeFaults,
            boolean argumentsDiffer) {

        /**
         * Whether a key has at most one live run. One of two things is needed. Either the service remembers every client
         * token for as long as its run, and those that follow it, can live: then all who start the run that follows a
         * certain one start the same. Or the lists tell of all runs of the key that can be live, and the tokens bridge the
         * time between a look and the StartJobRun that rests on it.
         *
         * <p>Where tokens bridge nothing, because they are not remembered, or because they differ, as they do between virtual
         * clusters, claims must, which need the lists when one is taken over. They cannot help against a StartJobRun that
         * takes effect after everybody has given it up; and a call that is repeated without a token that is remembered
         * starts a second run.
         */
        boolean oneLive(Job job) {
            boolean listsTell = lists && lookBack.compareTo(Duration.ofDays(7)) >= 0;
            boolean claimsTell = claims && listsTell && !storeFaults && !lateEffects;
            if (tokensKept.isZero()) {
                return claimsTell && !lostAnswers;
            }
            return job.elsewhere() ? claimsTell : listsTell || tokensKept.equals(FOR_EVER);
        }

        /** Whether a submission without a key starts one run at a time, and no call leaves a run that nobody knows of. */
        boolean oneLiveWithoutKey() {
            return !tokensKept.isZero() || !(lostAnswers || lateEffects);
        }
    }

    /**
     * What all submissions of a key have in common.
     *
     * @param elsewhere whether it may go to the other virtual cluster
     */
    record Job(String key, String name, Resubmission resubmission, boolean idempotent, boolean elsewhere) {}

    static Interleaving of(long seed, String otherCluster) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = world(random);
        List<Job> jobs = new ArrayList<>();
        int keys = 1 + random.nextInt(3);
        for (int i = 0; i < keys; i++) {
            boolean elsewhere = world.claims && random.nextInt(4) == 0;
            jobs.add(new Job(
                    "key-" + i,
                    random.nextBoolean() ? "shared" : "job-" + i,
                    resubmission(random, elsewhere ? List.of(otherCluster) : List.of()),
                    random.nextBoolean(),
                    elsewhere));
        }
        List<JobRunScript> scripts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            scripts.add(script(random));
        }
        List<Step> steps = new ArrayList<>();
        int count = 4 + random.nextInt(18);
        for (int i = 0; i < count; i++) {
            steps.add(new Step(pause(random), random.nextInt(2), one(random, DRAWN), random.nextLong()));
        }
        return new Interleaving(world, jobs, scripts, steps);
    }

    Interleaving without(int step) {
        List<Step> fewer = new ArrayList<>(steps);
        Step left = fewer.remove(step);
        if (step < fewer.size()) {
            Step next = fewer.get(step);
            fewer.set(step, new Step(left.pause().plus(next.pause()), next.who(), next.act(), next.seed()));
        }
        return new Interleaving(world, jobs, scripts, fewer);
    }

    private static World world(SplittableRandom random) {
        Duration tokensKept = one(random, List.of(FOR_EVER, FOR_EVER, Duration.ofHours(4), Duration.ZERO));
        boolean forgetful = tokensKept.isZero();
        return new World(
                tokensKept,
                one(random, List.of(ClientTokenReuse.values())),
                random.nextInt(3) > 0,
                random.nextInt(3) > 0,
                one(random, List.of(1, 2, 100)),
                forgetful || random.nextInt(3) == 0,
                one(random, List.of(Duration.ofSeconds(30), Duration.ofMinutes(2))),
                one(random, List.of(1, 2, 8)),
                one(random, List.of(Duration.ofDays(7), Duration.ofDays(7), Duration.ofHours(1))),
                one(random, List.of(Duration.ofMinutes(20), Duration.ofHours(1))),
                one(random, List.of(Duration.ofMinutes(10), Duration.ofHours(1))),
                random.nextInt(3) > 0,
                random.nextInt(3) == 0,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextBoolean());
    }

    private static Resubmission resubmission(SplittableRandom random, List<String> elsewhere) {
        if (elsewhere.isEmpty() && random.nextInt(3) == 0) {
            return Resubmission.none();
        }
        Resubmission policy = Resubmission.upTo(2 + random.nextInt(3))
                .pausing(Duration.ofSeconds(1 + random.nextInt(60)), Duration.ofMinutes(10));
        for (FailureClass failure : FailureClass.values()) {
            if (failure != FailureClass.VALIDATION && failure != FailureClass.UNKNOWN && random.nextInt(3) > 0) {
                List<JobChange> changes = new ArrayList<>();
                if (random.nextInt(4) == 0) {
                    changes.add(JobChange.moreExecutorMemory(1.5, "32g"));
                }
                if (random.nextInt(6) == 0) {
                    changes.add(JobChange.onDemandExecutors());
                }
                if (random.nextBoolean()) {
                    elsewhere.forEach(other -> changes.add(JobChange.virtualCluster(other)));
                }
                policy = policy.on(failure, changes.toArray(JobChange[]::new));
            }
        }
        if (random.nextInt(5) == 0) {
            policy = policy.within(Duration.ofHours(2));
        }
        return random.nextInt(5) == 0 ? policy.forgettingAfter(Duration.ofMinutes(30)) : policy;
    }

    private static JobRunScript script(SplittableRandom random) {
        JobRunScript script = switch (random.nextInt(9)) {
            case 0 -> JobRunScript.neverStarts();
            case 1 -> random.nextBoolean() ? JobRunScript.runsForever() : JobRunScript.completes();
            case 2 -> betweenTwoLooks(JobRunScript.completes());
            case 3 -> betweenTwoLooks(failing(random));
            case 4, 5, 6 -> failing(random).submittedFor(seconds(random, 300)).runningFor(running(random));
            default ->
                JobRunScript.completes()
                        .pendingFor(seconds(random, 20))
                        .submittedFor(seconds(random, 300))
                        .runningFor(running(random));
        };
        if (random.nextInt(4) == 0) {
            script = script.driverFails(1 + random.nextInt(2), seconds(random, 300));
        }
        return script.cancelTakes(one(
                random, List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(15))));
    }

    private static JobRunScript betweenTwoLooks(JobRunScript script) {
        return script.pendingFor(Duration.ZERO).submittedFor(Duration.ZERO).runningFor(Duration.ofMillis(300));
    }

    private static Duration running(SplittableRandom random) {
        return random.nextInt(5) == 0 ? Duration.ofHours(30) : seconds(random, 5_000);
    }

    /** Amazon EMR on EKS Development Guide, "Job run errors", and texts of live runs. */
    private static JobRunScript failing(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 ->
                JobRunScript.fails(FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster eks is currently not reachable.")
                        .failsWhile(FakeJobRunState.SUBMITTED);
            case 1 ->
                JobRunScript.fails(
                                FakeFailureReason.INTERNAL_ERROR, "JobRun submission failed due to an internal error.")
                        .failsWhile(FakeJobRunState.PENDING);
            case 2 ->
                JobRunScript.fails(
                        FakeFailureReason.CLUSTER_UNAVAILABLE,
                        "Trouble monitoring your JobRun. Cluster eks is currently not reachable.");
            case 3 ->
                JobRunScript.fails(
                                FakeFailureReason.USER_ERROR,
                                "JobRun timed out before spark driver pod started running due to lack of cluster"
                                        + " resources.")
                        .failsWhile(FakeJobRunState.SUBMITTED);
            case 4 ->
                JobRunScript.fails(
                                FakeFailureReason.VALIDATION_ERROR,
                                "JobRun submission failed. Classification spark-env not supported.")
                        .failsWhile(FakeJobRunState.PENDING);
            case 5 -> JobRunScript.fails(FakeFailureReason.USER_ERROR, "JobRun failed. OOMKilled");
            case 6 -> JobRunScript.fails(FakeFailureReason.USER_ERROR, "nobody knows");
            default -> JobRunScript.fails();
        };
    }

    /** What one submission adds; the same draws give the same request. */
    static Consumer<JobRunRequest.Builder> drawn(SplittableRandom random) {
        IfKeyIsOver then = one(
                random,
                List.of(
                        IfKeyIsOver.RUN_AGAIN,
                        IfKeyIsOver.RUN_AGAIN,
                        IfKeyIsOver.RUN_AGAIN,
                        IfKeyIsOver.RETURN_RESULT,
                        IfKeyIsOver.REFUSE));
        boolean start = random.nextInt(3) == 0;
        boolean run = random.nextInt(3) == 0;
        TimeLimit.Then startThen = one(random, List.of(TimeLimit.Then.values()));
        TimeLimit.Then runThen = one(random, List.of(TimeLimit.Then.values()));
        Duration startLimit = seconds(random, 600);
        Duration runLimit = seconds(random, 7_200);
        boolean driverRetry = random.nextInt(4) == 0;
        return job -> {
            job.ifKeyIsOver(then);
            if (start) {
                job.startTimeout(startLimit, startThen);
            }
            if (run) {
                job.runTimeout(runLimit, runThen);
            }
            if (driverRetry) {
                job.driverRetry(DriverRetry.upTo(3));
            }
        };
    }

    /** Something that goes wrong with the next calls of one operation. */
    record PlannedFault(String operation, int calls, Fault fault) {}

    static PlannedFault fault(SplittableRandom random, World world) {
        List<String> operations = new ArrayList<>(List.of(
                "StartJobRun",
                "StartJobRun",
                "StartJobRun",
                "StartJobRun",
                "CancelJobRun",
                "DescribeJobRun",
                "ListJobRuns"));
        if (world.storeFaults) {
            operations.addAll(List.of("PutObject", "GetObject"));
        }
        String operation = one(random, operations);
        boolean start = operation.equals("StartJobRun");
        boolean store = operation.endsWith("Object");
        int few = 1 + random.nextInt(3);
        int many = 1 + random.nextInt(10);
        return switch (random.nextInt(11)) {
            case 0 -> new PlannedFault(operation, many, Fault.throttle());
            case 1 -> new PlannedFault(operation, few, Fault.internalError());
            case 2 -> new PlannedFault(operation, many, Fault.internalError());
            case 3 -> new PlannedFault(operation, few, Fault.dropBefore());
            case 4 ->
                new PlannedFault(operation, few, !start || world.lostAnswers ? Fault.dropAfter() : Fault.dropBefore());
            case 5 ->
                new PlannedFault(
                        operation, few, !start || world.lostAnswers ? Fault.malformedBody() : Fault.internalError());
            case 6 -> new PlannedFault(operation, few, Fault.expiredToken());
            case 7 ->
                operation.equals("ListJobRuns") && world.lists
                        ? new PlannedFault(operation, few, Fault.throttle())
                        : new PlannedFault(operation, many, Fault.accessDenied());
            case 8 -> {
                Duration before = one(
                        random,
                        start && world.lateEffects
                                ? List.of(Duration.ofSeconds(10), Duration.ofSeconds(100))
                                : List.of(Duration.ZERO, Duration.ofSeconds(10)));
                Duration after = one(
                        random,
                        start && !world.lostAnswers
                                ? List.of(Duration.ofSeconds(10))
                                : List.of(Duration.ofSeconds(10), Duration.ofSeconds(40)));
                yield new PlannedFault(operation, few, Fault.delay(before, after));
            }
            case 9 ->
                store
                        ? new PlannedFault(
                                operation, few, Fault.error(503, "SlowDown", "Please reduce your request rate."))
                        : new PlannedFault(
                                operation, few, Fault.error(400, "ValidationException", refusal(operation, random)));
            default ->
                start
                        ? new PlannedFault(
                                operation,
                                1,
                                Fault.error(
                                        403,
                                        "AccessDeniedException",
                                        "User is not authorized to perform: emr-containers:TagResource"))
                        : new PlannedFault(operation, few, Fault.throttle());
        };
    }

    private static String refusal(String operation, SplittableRandom random) {
        return switch (operation) {
            case "StartJobRun" ->
                one(
                        random,
                        List.of(
                                "Virtual cluster state ARRESTED is not valid to create resource JobRun.",
                                "The connection is currently being updated",
                                "Value at 'executionRoleArn' failed to satisfy constraint"));
            case "CancelJobRun" -> "Job run is not in a cancellable state";
            default -> "Something is wrong with the request";
        };
    }

    private static Duration pause(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofMillis(random.nextInt(3_000));
            case 2, 3 -> seconds(random, 90);
            case 4 -> seconds(random, 900);
            default -> seconds(random, 7_200);
        };
    }

    static Duration seconds(SplittableRandom random, int most) {
        return Duration.ofMillis(1 + random.nextInt(most * 1_000));
    }

    static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
