package io.emreks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.client.WatchSettings;
import io.emreks.error.JobRunFailedException;
import io.emreks.event.JobRunEvent;
import io.emreks.model.JobRunSnapshot;
import io.emreks.model.JobRunState;
import io.emreks.testing.assertj.EmrEksAssertions;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import io.emreks.testing.service.VirtualTime;
import io.emreks.testing.spark.ImageDeclaration;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The Java of README.md, compiled and run. */
class ReadmeSnippetsTest {
    @Nested
    @EmrEksTest
    class OrdersTest {
        @Test
        void migratesOrders(EmrEksClient emr, FakeEmrEks fake) throws InterruptedException {
            JobRunHandle run = emr.submit(job -> job.name("orders").jar("s3://bucket/orders.jar", "com.acme.Orders"));

            JobRunSnapshot end = run.await(Duration.ofHours(2)); // virtual hours

            assertThat(end.state()).isEqualTo(JobRunState.COMPLETED);
            assertThat(fake.jobRuns().get(0).releaseLabel()).isEqualTo("emr-7.5.0-latest");
        }
    }

    @Nested
    @EmrEksTest
    class Others {
        @Test
        void reportsAFailedRun(EmrEksClient emr, FakeEmrEks fake) {
            fake.script(JobRunScript.fails(FakeFailureReason.USER_ERROR, "Out of memory")
                    .runningFor(Duration.ofMinutes(3)));
            fake.faults().next("StartJobRun", Fault.dropAfter()); // the run starts, the answer is lost

            JobRunHandle run = emr.submit(job -> job.jar("s3://bucket/orders.jar", "com.acme.Orders"));

            assertThatThrownBy(() -> run.await(Duration.ofHours(2))).isInstanceOf(JobRunFailedException.class);
            assertThat(fake.jobRuns()).hasSize(1); // and was not started twice
        }

        @Test
        void cancelsWhatTakesTooLong(EmrEksClient emr, FakeEmrEks fake, VirtualTime time) {
            fake.script(JobRunScript.runsForever());
            RecordingJobRunListener heard = new RecordingJobRunListener();
            JobRunHandle run = emr.submit(job -> job.jar("s3://bucket/orders.jar", "com.acme.Orders"));
            run.addListener(heard);

            time.await(run.started());
            time.advance(Duration.ofHours(3));
            time.await(run.cancel());
            time.advance(Duration.ofMinutes(5));

            assertThat(heard.states()).contains(JobRunState.RUNNING, JobRunState.CANCELLED);
            assertThat(heard.last()).get().isInstanceOf(JobRunEvent.Ended.class);
        }

        @Test
        void asserts(EmrEksClient emr, FakeEmrEks fake, VirtualTime time) {
            fake.script(JobRunScript.completes().stdout("rows: 7"));
            JobRunHandle run = emr.submit(job -> job.name("orders")
                    .jar("s3://bucket/orders.jar", "com.acme.Orders")
                    .conf("spark.sql.shuffle.partitions", "400")
                    .logs(logs -> logs.s3("s3://bucket/logs/")));

            time.await(run.completion());

            EmrEksAssertions.assertThat(run).isCompleted().hasAttempts(1);
            EmrEksAssertions.assertThat(fake).hasJobRuns(1).hasNoLiveJobRuns().received("StartJobRun", 1);
            EmrEksAssertions.assertThat(fake).jobRun("orders").hasSparkSetting("spark.sql.shuffle.partitions", "400");
            EmrEksAssertions.assertThat(fake).driverStdout("orders").isEqualTo("rows: 7");
        }
    }

    @Nested
    class WithSettings {
        @RegisterExtension
        final EmrEksExtension emrEks = EmrEksExtension.builder()
                .fake(fake -> fake.region("ap-southeast-1").pageSize(2))
                .client(client -> client.watch(
                        WatchSettings.builder().maxPause(Duration.ofMinutes(5)).build()))
                .build();

        @Test
        void haveTheRegion(FakeEmrEks fake) {
            assertThat(fake.region()).isEqualTo("ap-southeast-1");
        }
    }

    @Test
    void worksWithoutJUnit() throws InterruptedException {
        try (EmrEksTestBed bed = EmrEksTestBed.create()) {
            bed.client()
                    .submit(job -> job.jar("s3://bucket/orders.jar", "com.acme.Orders"))
                    .await(Duration.ofHours(2));
            assertThat(bed.timeline()).contains("COMPLETED"); // what service and client saw, as text for people
        }
    }

    @Test
    void runsRealSpark(@TempDir Path folder, @TempDir Path files) throws IOException {
        Path sparkHome = Files.createDirectories(files.resolve("spark"));
        Path cache = files.resolve("cache");
        Path hudiBundle = Files.createFile(files.resolve("hudi.jar"));
        Path script = Files.createFile(files.resolve("main.py"));
        Files.createFile(Files.createDirectory(sparkHome.resolve("jars")).resolve("spark-core.jar"));

        FakeS3 s3 = FakeS3.onDisk(folder);
        LocalSparkEngine spark = LocalSparkEngine.builder()
                .s3(s3, folder)
                .spark(SparkInstallation.ofHome(sparkHome))
                .image(ImageDeclaration.named("spark-hudi:7.5.0") // what spark.kubernetes.container.image names
                        .withFile("/usr/lib/hudi/hudi-spark-bundle.jar", hudiBundle)
                        .withFile("/app/main.py", script)) // local:///app/main.py
                .memoryMebibytes(4096) // of all drivers together; others wait in SUBMITTED
                .classArchive(cache) // drivers start in half the time, from the second run on
                .sparkUi(true) // FakeJobRun.sparkUi() tells the address of a run
                .build();
        FakeEmrEks fake = FakeEmrEks.builder().realTime().s3(s3).engine(spark).build();

        fake.close();
        assertThat(fake.jobRuns()).isEmpty();
    }
}
