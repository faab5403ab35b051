package io.emreks.crash;

import io.emreks.testing.service.ClientTokenReuse;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.FakeRequest;
import io.emreks.testing.service.FakeServer;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One fake service with faults, and the processes that work against it one after the other, or two at once. What goes wrong
 * and when a process is killed comes from the seed; how threads and processes interleave does not.
 */
final class Round implements AutoCloseable {
    private static final Duration HANGS = Duration.ofSeconds(150);

    /** What a round surely comes to: some keys take two or three runs, and a run takes four calls and more. */
    private static final int RUNS_OF_A_ROUND = Setup.KEYS * 3 / 2;

    private static final int CALLS_OF_A_RUN = 3;

    /** What differs between rounds. */
    record Variant(
            long seed,
            boolean replicas,
            boolean claims,
            boolean listsTell,
            ClientTokenReuse reuse,
            boolean submitsAll,
            int tries,
            int kills) {
        static Variant of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            return new Variant(
                    seed,
                    seed % 5 == 0,
                    seed % 4 == 2,
                    seed % 3 != 0,
                    seed % 2 == 0 ? ClientTokenReuse.REFUSE : ClientTokenReuse.RETURN_FIRST,
                    random.nextBoolean(),
                    seed % 7 == 3 ? 3 : 8,
                    1 + random.nextInt(2));
        }
    }

    /**
     * One process.
     *
     * @param killed whether it was; if not, it ended by itself with the exit value
     */
    record Life(Instant began, Instant ended, boolean killed, int exit, Report report, String errors) {}

    private final Variant variant;
    private final Path folder;
    private final SplittableRandom random;
    private final FakeEmrEks fake;
    private final FakeServer server;
    private final Setup setup;
    private final List<Life> lives = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private volatile @Nullable Trap trap;

    Round(Variant variant, Path folder) {
        this.variant = variant;
        this.folder = folder;
        this.random = new SplittableRandom(variant.seed()).split();
        this.fake = FakeEmrEks.builder()
                .realTime()
                .seed(variant.seed())
                .clientTokenReuse(variant.reuse())
                .listsShowTags(variant.listsTell())
                .listsShowClientTokens(variant.listsTell())
                .requestLog(1_000_000)
                .build();
        this.server = fake.startServer();
        this.setup = new Setup(
                server.endpoint(),
                fake.region(),
                fake.createVirtualCluster("crash"),
                variant.claims(),
                variant.submitsAll(),
                variant.tries());
        script();
        faults();
        server.wireMock().addMockServiceRequestListener((request, response) -> {
            Trap armed = trap;
            if (armed != null) {
                armed.called();
            }
        });
    }

    private void script() {
        JobRunScript completes = JobRunScript.completes()
                .pendingFor(Duration.ofMillis(100))
                .submittedFor(Duration.ofMillis(300))
                .runningFor(Duration.ofMillis(700));
        JobRunScript fails = JobRunScript.fails(
                        FakeFailureReason.CLUSTER_UNAVAILABLE, "Cluster x is currently not reachable.")
                .failsWhile(FakeJobRunState.SUBMITTED)
                .pendingFor(Duration.ofMillis(100))
                .submittedFor(Duration.ofMillis(300));
        fake.script(completes);
        fake.script(run -> attempt(run) <= Setup.failures(variant.seed(), key(run)), fails);
        // asked first, and never a match: it is told of each run that was accepted before its answer is sent
        fake.script(
                run -> {
                    Trap armed = trap;
                    if (armed != null) {
                        armed.accepted();
                    }
                    return false;
                },
                completes);
    }

    private void faults() {
        fault("StartJobRun", 0.03, Fault.throttle());
        fault("StartJobRun", 0.02, Fault.internalError());
        fault("StartJobRun", 0.02, Fault.dropBefore());
        fault("StartJobRun", 0.06, Fault.dropAfter());
        for (String operation : List.of("DescribeJobRun", "ListJobRuns")) {
            fault(operation, 0.01, Fault.throttle());
            fault(operation, 0.01, Fault.internalError());
            fault(operation, 0.01, Fault.dropBefore());
            fault(operation, 0.01, Fault.dropAfter());
        }
        for (String operation : List.of("GetObject", "PutObject")) {
            fault(operation, 0.01, Fault.internalError());
            fault(operation, 0.01, Fault.dropBefore());
            fault(operation, 0.03, Fault.dropAfter());
        }
    }

    private void fault(String operation, double rate, Fault fault) {
        fake.faults().withRate(random.nextLong(), rate, operation, fault);
    }

    static int attempt(FakeJobRun run) {
        return Integer.parseInt(run.tags().getOrDefault("emreks:attempt", "0"));
    }

    static String key(FakeJobRun run) {
        return run.tags().getOrDefault("emreks:key", "");
    }

    /** Kills processes until enough were killed or one came to its end first; the last one is left to end. */
    void run() throws IOException, InterruptedException {
        if (variant.replicas()) {
            Running victim = start();
            Running other = start();
            trapFor(victim);
            await(victim);
            if (variant.kills() > 1) {
                await(start());
            }
            await(other);
            return;
        }
        for (int kill = 0; kill < variant.kills(); kill++) {
            Running victim = start();
            trapFor(victim);
            await(victim);
            if (!last().killed()) {
                return;
            }
        }
        await(start());
    }

    private Running start() throws IOException {
        int number = processes.size();
        Path said = folder.resolve("process-" + number + ".out");
        Path errors = folder.resolve("process-" + number + ".err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName()));
        command.addAll(setup.arguments());
        Instant began = fake.clock().instant();
        Process process = new ProcessBuilder(command)
                .redirectOutput(said.toFile())
                .redirectError(errors.toFile())
                .start();
        processes.add(process);
        return new Running(process, began, said, errors);
    }

    /** By what the service sees of the victim and of whoever else there is: its calls, or the runs it accepts. */
    private void trapFor(Running victim) {
        int still = Math.max(10, RUNS_OF_A_ROUND - fake.jobRuns().size());
        trap = random.nextBoolean()
                ? new Trap(victim.process(), 1 + random.nextInt(still), Integer.MAX_VALUE)
                : new Trap(victim.process(), Integer.MAX_VALUE, 1 + random.nextInt(still * CALLS_OF_A_RUN));
    }

    private void await(Running running) throws IOException, InterruptedException {
        boolean ended = running.process().waitFor(HANGS.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            running.process().destroyForcibly().waitFor();
        }
        Trap armed = trap;
        boolean killed = armed != null && armed.killed(running.process());
        String errors = Files.readString(running.errors());
        lives.add(new Life(
                running.began(),
                fake.clock().instant(),
                killed,
                running.process().exitValue(),
                Report.read(running.said()),
                ended ? errors : "hung for " + HANGS + " " + errors));
    }

    Variant variant() {
        return variant;
    }

    List<Life> lives() {
        return lives;
    }

    Life last() {
        return lives.get(lives.size() - 1);
    }

    /** The processes that were left to end. */
    List<Life> survivors() {
        return lives.stream().filter(life -> !life.killed()).toList();
    }

    List<FakeJobRun> runs() {
        return fake.jobRuns();
    }

    /** In the order of their acceptance. */
    Map<String, List<FakeJobRun>> runsByKey() {
        return runs().stream().collect(Collectors.groupingBy(Round::key));
    }

    /** Pairs of runs of one key that were live at the same time. */
    List<String> overlaps() {
        List<String> pairs = new ArrayList<>();
        runsByKey().forEach((key, runs) -> {
            for (int i = 1; i < runs.size(); i++) {
                FakeJobRun before = runs.get(i - 1);
                Instant began = runs.get(i).createdAt();
                if (before.finishedAt().filter(end -> !end.isAfter(began)).isEmpty()) {
                    pairs.add(key + ": " + before + " and " + runs.get(i));
                }
            }
        });
        return pairs;
    }

    /** How many calls were not answered with a success. */
    int wrong(String operation) {
        return (int) requests(operation).stream()
                .filter(call -> call.status() != 200)
                .count();
    }

    List<FakeRequest> requests(String operation) {
        return fake.requests().stream()
                .filter(request -> request.operation().equals(operation))
                .toList();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        fake.close();
    }

    private record Running(Process process, Instant began, Path said, Path errors) {}

    /** Kills a process when enough has happened. */
    private static final class Trap {
        private final Process victim;
        private final AtomicInteger runsLeft;
        private final AtomicInteger callsLeft;

        Trap(Process victim, int runs, int calls) {
            this.victim = victim;
            this.runsLeft = new AtomicInteger(runs);
            this.callsLeft = new AtomicInteger(calls);
        }

        void accepted() {
            if (runsLeft.decrementAndGet() == 0) {
                victim.destroyForcibly();
            }
        }

        void called() {
            if (callsLeft.decrementAndGet() == 0) {
                victim.destroyForcibly();
            }
        }

        /** A process that had ended by itself before it was its turn was not. */
        boolean killed(Process process) {
            return process.equals(victim)
                    && (runsLeft.get() <= 0 || callsLeft.get() <= 0)
                    && process.exitValue() == SIGKILL;
        }

        /** 128 and the number of the signal, as the JDK gives it. */
        private static final int SIGKILL = 128 + 9;
    }
}
