package io.emreks.testing.spark;

import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobDriver;
import io.emreks.testing.service.FakeJobRun;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.service.JobRunControl;
import io.emreks.testing.service.JobRunEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the fake's job runs with real Apache Spark, each in a Java process of its own on this machine: the run's own entry
 * point, arguments, {@code sparkSubmitParameters} and {@code spark-defaults}, with the master replaced by {@code local[n]}.
 * For a fake in real time.
 *
 * <pre>{@code
 * Path folder = Path.of("target/s3");
 * FakeS3 s3 = FakeS3.onDisk(folder);
 * FakeEmrEks fake = FakeEmrEks.builder()
 *         .realTime()
 *         .s3(s3)
 *         .engine(LocalSparkEngine.builder()
 *                 .s3(s3, folder)
 *                 .spark(SparkInstallation.ofHome(Path.of("/opt/spark")))
 *                 .image(ImageDeclaration.named("spark-hudi:7.5.0").withFile("/usr/lib/hudi/hudi-spark-bundle.jar", jar))
 *                 .build())
 *         .build();
 * }</pre>
 *
 * <p>What a run meets:
 * <ul>
 *   <li>{@code s3://} and {@code s3a://} are the folder that the fake's S3 uses, for the entry point, jars and data alike.
 *   <li>{@code local:///path} is a file of the declared image that {@code spark.kubernetes.driver.container.image} or
 *       {@code spark.kubernetes.container.image} names; without either, of the release image. A path that the image does
 *       not have is missing for Spark too. An image that was not declared fails the run before the driver starts.
 *   <li>Pod templates are fetched from S3 and checked by the service's rules; what is wrong fails the run and is told in
 *       {@code stateDetails} (where the service says only that the run failed) and in the submitter's log.
 *   <li>A SQL script ({@code sparkSqlJobDriver}) is run by Spark's own program, which {@code spark-hive-thriftserver} brings;
 *       a Spark without it fails the run and says so. {@code sparkSqlParameters} are options of spark-submit and of
 *       spark-sql ({@code -d}, {@code --hiveconf}, …). The catalog is in memory, unless the run sets {@code
 *       spark.sql.catalogImplementation}.
 *   <li>A Python script is run by the {@code python3} of the {@code PATH}, or the one that {@code spark.pyspark.python} names,
 *       with its {@code --py-files}. Without it the run fails, and the driver's standard error says {@code Cannot run program
 *       "python3"}. All that Python prints, its traceback too, is in standard output. {@code import pyspark} fails: pyspark
 *       is not in the jars of Spark. Only with a {@link SparkInstallation#ofHome} does Spark look for the pyspark of the
 *       distribution, which is not tested here.
 *   <li>Standard output and error are stored, gzipped, at the documented keys below {@code logUri} when the driver has
 *       ended, before the fake tells the end. The submitter's log is one line: the exit code and what it means.
 *   <li>Exit code 0 is COMPLETED, any other FAILED with USER_ERROR and the service's general words. Cancel ends the process
 *       with all processes below it, first politely (SIGTERM), after a grace with force; then the run is CANCELLED.
 *   <li>The first {@code OutOfMemoryError} in any thread ends the driver with exit code 137, as a container without memory
 *       does, also where the job would catch it; by itself, Spark would go on if the thread is the job's own. Both {@code
 *       stateDetails} and the submitter's log say so, in words of ours: those of the service are not known.
 *   <li>The driver sees an environment of its own (UTC, private home and temporary folders), nothing of this process's but
 *       {@code PATH}, and the variables of the run: those of {@code spark.executorEnv.*}, because tasks run in the driver's
 *       process; before them those that the driver's pod template gives the main container, as they are and without those
 *       with {@code valueFrom}; before these {@code spark.kubernetes.driverEnv.*}.
 *   <li>The heap is the run's {@code spark.driver.memory}, within the limits of {@link Builder#driverHeapMebibytes}. Of
 *       {@code spark.driver.extraJavaOptions} only {@code -D} options are taken; cores, and all that is asked for executors,
 *       are not.
 * </ul>
 *
 * <p>Thread-safe. One daemon thread does all the work, whatever the number of runs. {@link #close} ends every process; so
 * does an orderly end of this Java machine.
 */
public final class LocalSparkEngine implements JobRunEngine {
    /** What is counted for a driver beside its heap, in MiB; see {@link Builder#memoryMebibytes}. */
    public static final int MEBIBYTES_BESIDE_HEAP = DriverMemory.BESIDE_HEAP;

    /** How long the end of this engine waits for what should be there in a moment. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    /** How long runs wait for the archive. */
    private static final Duration ARCHIVE_LIMIT = Duration.ofMinutes(2);

    /** How often it is looked whether a driver has a Spark UI now. */
    private static final Duration UI_PAUSE = Duration.ofMillis(200);

    private final FakeS3 s3;
    private final SparkInstallation spark;
    private final DriverLauncher launcher;
    private final Map<String, ImageDeclaration> images;
    private final ImageDeclaration releaseImage;
    private final int memoryMebibytes;
    private final int driverHeapMebibytes;
    private final boolean sparkUi;
    private final @Nullable ClassArchive archive;
    private final Duration cancelTakes;
    private final Duration cancelGrace;
    private final Path folder;
    private final Thread shutdownHook;

    /** The only thread that touches {@link #runs}, {@link #waiting} and what is in them. */
    private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "emreks-local-spark");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, Run> runs = new HashMap<>();
    private final Deque<Launch> waiting = new ArrayDeque<>();

    /** Guards itself and {@link #closed}, so that no process is started once the last ones were ended. */
    private final Set<Process> processes = new HashSet<>();

    private boolean closed;
    private @Nullable Process warmUp;

    /** Whether there will be no other archive than {@link #found}; both belong to the loop. */
    private boolean archiveSettled;

    private Optional<Path> found = Optional.empty();

    /** Whether the archive is being made; belongs to the loop. */
    private boolean warmingUp;

    private LocalSparkEngine(Builder builder, FakeS3 s3, Path s3Folder, SparkInstallation spark) {
        this.s3 = s3;
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.spark = spark;
        launcher = new DriverLauncher(spark, builder.java, s3Folder, builder.threads, builder.sparkUi);
        archive = builder.archiveFolder == null
                ? null
                : new ClassArchive(builder.archiveFolder.toAbsolutePath(), builder.java, spark.classPath());
        archiveSettled = archive == null;
        sparkUi = builder.sparkUi;
        images = Map.copyOf(builder.images);
        releaseImage = builder.releaseImage;
        memoryMebibytes = builder.memoryMebibytes;
        driverHeapMebibytes = builder.driverHeapMebibytes;
        cancelTakes = builder.cancelTakes;
        cancelGrace = builder.cancelGrace;
        try {
            folder = Files.createTempDirectory("emreks-local-spark-");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder for the runs", e);
        }
        shutdownHook = new Thread(() -> stopStarting().forEach(ProcessTree::terminate), "emreks-local-spark-end");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** A builder; {@link Builder#s3} and {@link Builder#spark} must be set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void start(FakeJobRun job, JobRunControl control) {
        Run run = new Run(job, control, new RunLogs(s3, job), folder.resolve(job.id()));
        loop.execute(() -> step(run, () -> submit(run)));
    }

    @Override
    public void cancel(FakeJobRun job, JobRunControl control) {
        loop.execute(() -> {
            Run run = runs.get(job.id());
            if (run == null) {
                control.cancelled();
            } else {
                step(run, () -> cancel(run));
            }
        });
    }

    /**
     * Ends all processes and waits until they are gone: for the cancel grace at most, then they are ended with force. What
     * was running gets no end in the fake. Calling it again does nothing.
     */
    @Override
    public void close() {
        List<ProcessTree> left = stopStarting();
        loop.shutdown();
        left.forEach(ProcessTree::terminate);
        if (!awaitGone(left, cancelGrace)) {
            left.forEach(ProcessTree::kill);
            awaitGone(left, LAST_WAIT);
        }
        awaitLoop();
        giveUpArchive();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // the hook runs anyway, and finds nothing to do
        }
        delete(folder);
    }

    /** Where the runs live; gone once this is closed. */
    Path folder() {
        return folder;
    }

    private List<ProcessTree> stopStarting() {
        synchronized (processes) {
            closed = true;
            List<ProcessTree> trees =
                    processes.stream().map(ProcessTree::new).collect(Collectors.toCollection(ArrayList::new));
            processes.clear();
            if (warmUp != null) {
                trees.add(new ProcessTree(warmUp));
                // asked politely, it would write the archive first
                var unused = warmUp.destroyForcibly();
            }
            return trees;
        }
    }

    private static boolean awaitGone(List<ProcessTree> trees, Duration limit) {
        try {
            CompletableFuture.allOf(trees.stream().map(ProcessTree::gone).toArray(CompletableFuture[]::new))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the loop is at may still use files. */
    private void awaitLoop() {
        try {
            var unused = loop.awaitTermination(LAST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One step of a run on the loop; what goes wrong in it ends that run and no other. */
    private void step(Run run, Step step) {
        try {
            step.run();
        } catch (StartProblem e) {
            String details = String.valueOf(e.getMessage());
            end(run, () -> run.logs.putSubmitter(details + "\n"), failed(FakeFailureReason.USER_ERROR, details));
        } catch (IOException | RuntimeException e) {
            end(
                    run,
                    () -> {},
                    failed(
                            FakeFailureReason.INTERNAL_ERROR,
                            "JobRun submission failed due to an internal error. " + e));
        }
    }

    private void submit(Run run) throws StartProblem, IOException {
        runs.put(run.job.id(), run);
        run.control.submitted();
        FakeJobRun job = run.job;
        SubmitOptions options = SubmitOptions.of(job);
        Map<String, String> settings = options.settings(job.sparkDefaults());
        DriverPlan plan = new DriverPlan(
                job, options, settings, image(settings), podTemplates(settings), memory(options, settings));
        if (job.driver() == FakeJobDriver.SPARK_SQL && !spark.has(DriverLauncher.SQL_PROGRAM)) {
            throw new StartProblem("JobRun failed. The Spark of the local Spark engine runs no SQL scripts: "
                    + DriverLauncher.SQL_PROGRAM + " is missing; add spark-hive-thriftserver to its class path.");
        }
        waiting.add(new Launch(run, plan));
        launchWaiting();
    }

    private DriverMemory memory(SubmitOptions options, Map<String, String> settings) throws StartProblem {
        DriverMemory memory = DriverMemory.of(options, settings, driverHeapMebibytes);
        if (memory.total() > memoryMebibytes) {
            throw new StartProblem("JobRun failed. Its driver takes " + memory.total() + " MiB, " + memory.heap()
                    + " of them heap, and all drivers of the local Spark engine may take " + memoryMebibytes
                    + "; lower spark.driver.memory, or raise memoryMebibytes.");
        }
        return memory;
    }

    private ImageDeclaration image(Map<String, String> settings) throws StartProblem {
        String name = settings.getOrDefault(
                "spark.kubernetes.driver.container.image", settings.get("spark.kubernetes.container.image"));
        ImageDeclaration image = name == null ? releaseImage : images.get(name);
        if (image == null) {
            throw new StartProblem("JobRun failed. ErrImagePull: image " + name
                    + " is not declared to the local Spark engine; declared: "
                    + images.keySet().stream().sorted().toList());
        }
        return image;
    }

    /** Checks the pod templates, and returns the variables of the driver's. */
    private Map<String, String> podTemplates(Map<String, String> settings) throws StartProblem {
        List<String> problems = new ArrayList<>();
        Map<PodTemplateCheck.Role, String> templates = new EnumMap<>(PodTemplateCheck.Role.class);
        for (PodTemplateCheck.Role role : PodTemplateCheck.Role.values()) {
            String uri = settings.get(role.setting());
            if (uri == null) {
                continue;
            }
            Optional<byte[]> template = S3Uri.parse(uri).flatMap(file -> s3.get(file.bucket(), file.key()));
            if (template.isPresent()) {
                templates.put(role, new String(template.get(), StandardCharsets.UTF_8));
                problems.addAll(PodTemplateCheck.problems(role, templates.get(role)));
            } else {
                problems.add("Could not load pod from template file. " + role.setting()
                        + " must name an existing object as s3://bucket/key, and is " + uri);
            }
        }
        if (!problems.isEmpty()) {
            throw new StartProblem(String.join(" ", problems));
        }
        String driver = templates.get(PodTemplateCheck.Role.DRIVER);
        return driver == null ? Map.of() : PodTemplateCheck.environment(PodTemplateCheck.Role.DRIVER, driver);
    }

    /** Starts what waits, in order, as far as there is memory. */
    private void launchWaiting() {
        while (!waiting.isEmpty() && !warmingUp && fits(waiting.peek())) {
            if (!archiveSettled) {
                lookForArchive();
            }
            if (!warmingUp) {
                Launch next = waiting.remove();
                step(next.run, () -> launch(next));
            }
        }
    }

    private boolean fits(Launch launch) {
        int taken = drivers().mapToInt(driver -> driver.plan.memory().total()).sum();
        return taken + launch.plan.memory().total() <= memoryMebibytes;
    }

    private Stream<Driver> drivers() {
        return runs.values().stream().flatMap(run -> Stream.ofNullable(run.driver));
    }

    /** Finds the archive or, where no driver runs and nobody else does it, lets it be made, and the runs wait for it. */
    private void lookForArchive() {
        ClassArchive wanted = archive;
        if (wanted == null) {
            return;
        }
        try {
            found = wanted.find();
            archiveSettled = found.isPresent();
            if (!archiveSettled && drivers().findAny().isEmpty() && wanted.claim()) {
                // who had the claim may have made it meanwhile
                found = wanted.find();
                archiveSettled = found.isPresent();
                if (archiveSettled) {
                    wanted.giveUp();
                } else {
                    makeArchive(wanted);
                }
            }
        } catch (IOException | RuntimeException e) {
            // a run without it takes longer, and that is all
            archiveSettled = true;
            giveUpArchive();
        }
    }

    private void giveUpArchive() {
        if (archive != null) {
            try {
                archive.giveUp();
            } catch (IOException e) {
                // its folder is gone, or may not be written
            }
        }
    }

    private void makeArchive(ClassArchive wanted) throws IOException {
        Path work = folder.resolve("warm-up");
        Process process;
        synchronized (processes) {
            if (closed) {
                return;
            }
            process = launcher.startWarmUp(wanted.draft(), wanted.log(), work);
            warmUp = process;
        }
        warmingUp = true;
        var limit = loop.schedule(process::destroyForcibly, ARCHIVE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        var unused = process.onExit()
                .thenRunAsync(
                        () -> {
                            limit.cancel(false);
                            try {
                                found = process.exitValue() == 0 ? Optional.of(wanted.keep()) : Optional.empty();
                            } catch (IOException | RuntimeException e) {
                                found = Optional.empty();
                            }
                            giveUpArchive();
                            delete(work);
                            warmingUp = false;
                            archiveSettled = true;
                            launchWaiting();
                        },
                        loop);
    }

    private void launch(Launch launch) throws IOException, StartProblem {
        Run run = launch.run;
        Process process;
        synchronized (processes) {
            if (closed) {
                return;
            }
            process = launcher.start(launch.plan, found, run.folder);
            processes.add(process);
        }
        Driver driver = new Driver(process, launch.plan);
        run.driver = driver;
        run.control.running();
        if (sparkUi) {
            run.uiWatch = loop.scheduleWithFixedDelay(
                    () -> showUi(run), UI_PAUSE.toNanos(), UI_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        }
        var unused = process.onExit().thenRunAsync(() -> step(run, () -> exited(run, driver)), loop);
    }

    private void showUi(Run run) {
        Optional<URI> now;
        try {
            now = Optional.of(URI.create(Files.readString(DriverLauncher.uiFile(run.folder))));
        } catch (IOException notThere) {
            now = Optional.empty();
        }
        if (!now.equals(run.ui)) {
            run.ui = now;
            run.control.sparkUi(now);
        }
    }

    private void exited(Run run, Driver driver) {
        if (!run.cancelling) {
            DriverEnd end = driver.end(run.folder);
            endDriver(
                    run,
                    driver,
                    end.well() ? JobRunControl::completed : failed(FakeFailureReason.USER_ERROR, end.stateDetails()));
        }
    }

    private void cancel(Run run) {
        boolean again = run.cancelling;
        run.cancelling = true;
        Driver driver = run.driver;
        if (driver == null) {
            waiting.removeIf(launch -> launch.run == run);
            end(run, () -> {}, JobRunControl::cancelled);
        } else if (!again) {
            var unused = loop.schedule(
                    () -> step(run, () -> terminate(run, driver)), cancelTakes.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void terminate(Run run, Driver driver) {
        ProcessTree tree = new ProcessTree(driver.process);
        tree.terminate();
        var kill = loop.schedule(tree::kill, cancelGrace.toNanos(), TimeUnit.NANOSECONDS);
        var unused = tree.gone()
                .thenRunAsync(
                        () -> {
                            kill.cancel(false);
                            step(run, () -> endDriver(run, driver, JobRunControl::cancelled));
                        },
                        loop);
    }

    private void endDriver(Run run, Driver driver, Consumer<JobRunControl> outcome) {
        synchronized (processes) {
            processes.remove(driver.process);
        }
        end(
                run,
                () -> {
                    run.logs.putDriver(DriverLauncher.stdout(run.folder), DriverLauncher.stderr(run.folder));
                    run.logs.putSubmitter(driver.end(run.folder).told());
                },
                outcome);
    }

    /** The end of every run: its logs first, so that who sees the end can read them. */
    private void end(Run run, Step logs, Consumer<JobRunControl> outcome) {
        Consumer<JobRunControl> told = outcome;
        try {
            logs.run();
        } catch (StartProblem | IOException | RuntimeException e) {
            told = failed(FakeFailureReason.INTERNAL_ERROR, "The logs of the JobRun cannot be stored. " + e);
        }
        if (run.cancelling) {
            told = JobRunControl::cancelled;
        }
        if (run.uiWatch != null) {
            run.uiWatch.cancel(false);
        }
        runs.remove(run.job.id());
        delete(run.folder);
        told.accept(run.control);
        launchWaiting();
    }

    private static Consumer<JobRunControl> failed(FakeFailureReason reason, String details) {
        return control -> control.failed(reason, details);
    }

    /** Deletes what can be deleted. */
    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // something still writes there; it is a temporary folder
        }
    }

    private interface Step {
        void run() throws StartProblem, IOException;
    }

    /** A run between its start and its end; what changes belongs to the loop. */
    private static final class Run {
        final FakeJobRun job;
        final JobRunControl control;
        final RunLogs logs;
        final Path folder;

        @Nullable
        Driver driver;

        @Nullable
        ScheduledFuture<?> uiWatch;

        Optional<URI> ui = Optional.empty();

        boolean cancelling;

        Run(FakeJobRun job, JobRunControl control, RunLogs logs, Path folder) {
            this.job = job;
            this.control = control;
            this.logs = logs;
            this.folder = folder;
        }
    }

    /** A run that waits for its turn. */
    private record Launch(Run run, DriverPlan plan) {}

    /** What runs for a run. */
    private record Driver(Process process, DriverPlan plan) {
        /** How it ended. */
        DriverEnd end(Path folder) {
            return DriverLauncher.end(process, plan, folder);
        }
    }

    /** Builds a {@link LocalSparkEngine}; one builder may build several. */
    public static final class Builder {
        private final Map<String, ImageDeclaration> images = new LinkedHashMap<>();
        private ImageDeclaration releaseImage = ImageDeclaration.named("");
        private @Nullable FakeS3 s3;
        private @Nullable Path s3Folder;
        private @Nullable SparkInstallation spark;
        private @Nullable Path archiveFolder;
        private boolean sparkUi;
        private int memoryMebibytes = 2 * (1024 + DriverMemory.BESIDE_HEAP);
        private int threads = 2;
        private int driverHeapMebibytes = 1024;
        private Duration cancelTakes = Duration.ofSeconds(2);
        private Duration cancelGrace = Duration.ofSeconds(10);
        private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

        private Builder() {}

        /**
         * The S3 of the fake. Required.
         *
         * @param s3 an S3 on disk
         * @param folder the folder that its {@link FakeS3#onDisk} was given
         */
        public Builder s3(FakeS3 s3, Path folder) {
            this.s3 = s3;
            this.s3Folder = folder;
            return this;
        }

        /** The Spark to run. Required. */
        public Builder spark(SparkInstallation spark) {
            this.spark = spark;
            return this;
        }

        /** Declares an image that runs may name; one of the same name is replaced. */
        public Builder image(ImageDeclaration image) {
            images.put(image.name(), image);
            return this;
        }

        /** The image of runs that name none, whatever their release; its name does not matter. By default without files. */
        public Builder releaseImage(ImageDeclaration image) {
            this.releaseImage = image;
            return this;
        }

        /**
         * How much memory all drivers together may take, in MiB: for each its heap and 300 beside it. Runs beyond it wait in
         * SUBMITTED and start in their order; a later one does not overtake. A run that does not fit even alone fails with
         * USER_ERROR and says so. At least 812; default 2648, two drivers of a heap of 1 GiB.
         *
         * <p>The 300 MiB are not enforced. Measured were 209 to 247 beside a heap that was full; off-heap memory that a job
         * asks for, Python and other processes that it starts come on top.
         */
        public Builder memoryMebibytes(int mebibytes) {
            this.memoryMebibytes = mebibytes;
            return this;
        }

        /** How many tasks a driver runs at the same time, the n of {@code local[n]}. At least 1; default 2. */
        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        /**
         * The largest heap of a driver, in MiB. A driver has the heap that its run asks for ({@code spark.driver.memory} or
         * {@code --driver-memory}; Spark's default is 1 GiB), but at least 512, which Spark needs, and at most this. At
         * least 512; default 1024.
         */
        public Builder driverHeapMebibytes(int mebibytes) {
            this.driverHeapMebibytes = mebibytes;
            return this;
        }

        /**
         * How long a cancelled run goes on before its driver is told to end, as the service takes its time too. Default 2 s,
         * in which a client that looks at it now and then sees it CANCEL_PENDING.
         */
        public Builder cancelTakes(Duration duration) {
            this.cancelTakes = duration;
            return this;
        }

        /** How long a cancelled driver may take to end by itself. Default 10 s; zero ends it with force at once. */
        public Builder cancelGrace(Duration grace) {
            this.cancelGrace = grace;
            return this;
        }

        /**
         * A folder for a class archive (Java's AppCDS), with which a driver is up in about half the time. Default: none.
         *
         * <p>The first run that finds no archive there for this Java and Spark has to wait in SUBMITTED for it: a tiny Spark
         * job is run in a process of its own, which takes about 15 s, a heap of 512 MiB and 350 MiB beside it, and leaves a
         * file of about 120 MB; after two minutes it is given up. All later runs use it, those of other engines and processes
         * too; while one makes it, the runs of others start without. It is checked once by each engine, which takes about 0.1 s. An archive that is damaged,
         * or cannot be made, fails no run: the runs are slower, and what the process said is in a {@code .log} file there.
         * Another Java, or a jar of Spark that changes, gets an archive of its own; old ones are not removed.
         *
         * <p>The class path of Spark must consist of jars; Java makes no archive of classes in folders.
         *
         * @param folder need not exist; may be deleted when no engine is using it
         */
        public Builder classArchive(Path folder) {
            this.archiveFolder = folder;
            return this;
        }

        /**
         * Whether drivers have a Spark UI, at a free port of the loopback interface that Spark chooses. {@link
         * FakeJobRun#sparkUi} tells its address while the run is RUNNING, from when the job makes its SparkContext, as told
         * by that Spark itself; at first it may answer that it is starting up. Default false: it takes about half a second,
         * and memory.
         */
        public Builder sparkUi(boolean shown) {
            this.sparkUi = shown;
            return this;
        }

        /** The {@code java} executable of the drivers; Spark 3.5 needs Java 17 or older. Default: that of this process. */
        public Builder java(Path executable) {
            this.java = executable;
            return this;
        }

        /**
         * Makes the engine.
         *
         * @throws IllegalArgumentException naming every setting that is missing or out of its limits
         */
        public LocalSparkEngine build() {
            List<String> problems = new ArrayList<>();
            if (s3 == null) {
                problems.add("s3: missing; give the FakeS3.onDisk of the fake and its folder");
            }
            if (spark == null) {
                problems.add("spark: missing; give a SparkInstallation");
            }
            int least = DriverMemory.LEAST_HEAP + DriverMemory.BESIDE_HEAP;
            if (memoryMebibytes < least) {
                problems.add("memoryMebibytes: " + memoryMebibytes + "; at least " + least
                        + ", a heap of 512 and what the process takes beside it");
            }
            if (threads < 1) {
                problems.add("threads: " + threads + "; at least 1");
            }
            if (driverHeapMebibytes < 512) {
                problems.add(
                        "driverHeapMebibytes: " + driverHeapMebibytes + "; at least 512, Spark does not start below");
            }
            if (cancelTakes.isNegative()) {
                problems.add("cancelTakes: " + cancelTakes + "; zero or more");
            }
            if (cancelGrace.isNegative()) {
                problems.add("cancelGrace: " + cancelGrace + "; zero or more");
            }
            if (!Files.isExecutable(java)) {
                problems.add("java: " + java + " cannot be executed; give the java of a JDK 17");
            }
            if (!problems.isEmpty() || s3 == null || s3Folder == null || spark == null) {
                throw new IllegalArgumentException(
                        "Cannot build the local Spark engine: " + String.join(". ", problems));
            }
            return new LocalSparkEngine(this, s3, s3Folder.toAbsolutePath().normalize(), spark);
        }
    }
}
