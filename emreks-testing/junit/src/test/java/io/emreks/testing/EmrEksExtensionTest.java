package io.emreks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.emreks.client.EmrEksClient;
import io.emreks.error.ClientClosedException;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.VirtualTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import software.amazon.awssdk.services.emrcontainers.EmrContainersAsyncClient;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Runs test classes that use the extension and looks at what JUnit reports and what is printed. */
@ResourceLock(Resources.SYSTEM_ERR)
class EmrEksExtensionTest {
    private static final List<EmrEksTestBed> BEDS = new CopyOnWriteArrayList<>();

    private String printed = "";

    @BeforeEach
    void forget() {
        BEDS.clear();
    }

    @Test
    void givesEveryTestABedOfItsOwn() {
        assertThat(run(AllParameters.class).testEvents().succeeded().count()).isEqualTo(3);
        assertThat(BEDS).hasSize(3).doesNotHaveDuplicates().allMatch(EmrEksExtensionTest::isClosed);
        assertThat(printed).isEmpty();
    }

    @EmrEksTest
    static class AllParameters {
        private final EmrEksTestBed bed;

        AllParameters(EmrEksTestBed bed) {
            this.bed = bed;
        }

        @BeforeEach
        void sameInSetUp(EmrEksTestBed here) {
            assertThat(here).isSameAs(bed);
        }

        @Test
        void everyPart(
                EmrEksTestBed here,
                FakeEmrEks fake,
                EmrEksClient client,
                VirtualTime time,
                EmrContainersAsyncClient emrContainers,
                EmrContainersClient emrContainersSync,
                S3AsyncClient s3,
                S3Client s3Sync) {
            assertThat(here).isSameAs(bed);
            assertThat(fake).isSameAs(bed.fake());
            assertThat(client).isSameAs(bed.client());
            assertThat(time).isSameAs(bed.time());
            assertThat(emrContainers).isSameAs(bed.emrContainersAsyncClient());
            assertThat(emrContainersSync).isSameAs(bed.emrContainersClient());
            assertThat(s3).isSameAs(bed.s3AsyncClient());
            assertThat(s3Sync).isSameAs(bed.s3Client());
        }

        @RepeatedTest(2)
        void fresh(FakeEmrEks fake) {
            assertThat(fake.requests()).isEmpty();
            fake.createVirtualCluster("mine");
        }

        @AfterEach
        void sameInTearDown(EmrEksTestBed here) {
            assertThat(here).isSameAs(bed);
            BEDS.add(here);
        }
    }

    @Test
    void knowsNoOtherParameters() {
        run(Stranger.class)
                .testEvents()
                .assertStatistics(events -> events.failed(1).succeeded(0));
    }

    @EmrEksTest
    static class Stranger {
        @Test
        void asks(String text) {
            assertThat(text).isNotNull();
        }
    }

    @Test
    void printsTheTimelineOfAFailedTest() {
        run(Failing.class)
                .testEvents()
                .assertStatistics(events -> events.failed(3).aborted(1));

        assertThat(printed)
                .contains("inTheTest(EmrEksTestBed) failed. The fake service at 2026-01-01T00:00:")
                .contains("orders, accepted 2026-01-01T00:00:00Z\n      +PT0S PENDING\n")
                .contains("StartJobRun POST /virtualclusters/")
                .contains("inSetUp() failed. ")
                .contains("inTearDown() failed. ")
                .doesNotContain("aborted");
        assertThat(BEDS).hasSize(4).allMatch(EmrEksExtensionTest::isClosed);
    }

    @EmrEksTest
    static class Failing {
        private String test = "";

        @BeforeEach
        void setUp(EmrEksTestBed bed, TestInfo info) {
            test = info.getDisplayName();
            BEDS.add(bed);
            assertThat(test).isNotEqualTo("inSetUp()");
        }

        @Test
        void inTheTest(EmrEksTestBed bed) {
            bed.time()
                    .await(bed.client()
                            .submit(job -> job.name("orders").jar("s3://bucket/orders.jar", "com.acme.Orders"))
                            .accepted());
            throw new AssertionError("on purpose");
        }

        @Test
        void inSetUp() {}

        @Test
        void inTearDown() {}

        @Test
        void aborted() {
            Assumptions.abort();
        }

        @AfterEach
        void tearDown() {
            assertThat(test).isNotEqualTo("inTearDown()");
        }
    }

    @Test
    void failsATestWithUnexpectedCalls() {
        EngineExecutionResults results = run(Unexpected.class);

        results.testEvents().assertStatistics(events -> events.failed(2).succeeded(1));
        assertThat(failures(results))
                .anySatisfy(message -> assertThat(message)
                        .startsWith("The fake got calls it does not implement")
                        .contains("allowUnexpectedCalls()")
                        .contains("Unknown POST /")
                        .contains("-> 501"))
                .anySatisfy(message -> assertThat(message).contains("Unknown GET /"));
        assertThat(printed)
                .contains("upload(S3AsyncClient) failed. ")
                .contains("s3(S3AsyncClient) failed. ")
                .doesNotContain("refused");
    }

    @EmrEksTest
    static class Unexpected {
        @Test
        void upload(S3AsyncClient client) {
            assertThat(client.createMultipartUpload(
                            call -> call.bucket("bucket").key("key")))
                    .isCompletedExceptionally();
        }

        @Test
        void s3(S3AsyncClient client) {
            assertThat(client.listBuckets()).isCompletedExceptionally();
        }

        @Test
        void refused(EmrContainersAsyncClient client) {
            assertThat(client.describeVirtualCluster(call -> call.id("nowhere")))
                    .isCompletedExceptionally();
        }
    }

    @Test
    void allowsUnexpectedCallsIfToldSo() {
        run(Lenient.class)
                .testEvents()
                .assertStatistics(events -> events.succeeded(1).failed(0));
        assertThat(printed).isEmpty();
    }

    static class Lenient {
        @RegisterExtension
        final EmrEksExtension emr = EmrEksExtension.builder()
                .allowUnexpectedCalls()
                .fake(fake -> fake.region("eu-west-1"))
                .client(client -> client.region("eu-west-2"))
                .build();

        @Test
        void unknown(S3AsyncClient client, FakeEmrEks fake) {
            assertThat(client.listBuckets()).isCompletedExceptionally();
            assertThat(fake.region()).isEqualTo("eu-west-1");
        }
    }

    @Test
    void sharesTheBedOfBeforeAll() {
        EngineExecutionResults results = run(Shared.class);

        results.testEvents().assertStatistics(events -> events.succeeded(2).failed(1));
        assertThat(failures(results)).singleElement().asString().contains("Unknown GET /");
        assertThat(BEDS).hasSize(4).containsOnly(BEDS.get(0)).allMatch(EmrEksExtensionTest::isClosed);
    }

    @EmrEksTest
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Shared {
        @BeforeAll
        static void once(EmrEksTestBed bed) {
            BEDS.add(bed);
        }

        @Test
        void first(EmrEksTestBed bed) {
            BEDS.add(bed);
            assertThat(bed.s3AsyncClient().listBuckets()).isCompletedExceptionally();
        }

        @Test
        void second(EmrEksTestBed bed) {
            BEDS.add(bed);
        }

        @Nested
        class Inner {
            @Test
            void third(EmrEksTestBed bed) {
                BEDS.add(bed);
            }
        }
    }

    @Test
    void failsAClassForCallsOfItsLastSteps() {
        EngineExecutionResults results = run(LateCall.class);

        results.testEvents().assertStatistics(events -> events.succeeded(1));
        results.containerEvents().assertStatistics(events -> events.failed(1));
    }

    @EmrEksTest
    static class LateCall {
        @BeforeAll
        static void once(EmrEksTestBed bed) {
            BEDS.add(bed);
        }

        @Test
        void sound() {}

        @AfterAll
        static void late(S3AsyncClient client) {
            assertThat(client.listBuckets()).isCompletedExceptionally();
        }
    }

    @Test
    void closesTheBedOfASetUpThatFails() {
        run(BrokenSetUp.class).containerEvents().assertStatistics(events -> events.failed(1));

        assertThat(BEDS).hasSize(1).allMatch(EmrEksExtensionTest::isClosed);
        assertThat(printed).contains("BrokenSetUp failed. The fake service at");
    }

    @EmrEksTest
    static class BrokenSetUp {
        @BeforeAll
        static void breaks(EmrEksTestBed bed) {
            BEDS.add(bed);
            throw new IllegalStateException("on purpose");
        }

        @Test
        void neverRun() {}
    }

    /** Eight threads for four tests that wait for each other: those that wait for the class to end also hold one. */
    @Test
    void keepsParallelTestsApart() {
        EngineExecutionResults results = run(
                Parallel.class,
                "junit.jupiter.execution.parallel.enabled",
                "true",
                "junit.jupiter.execution.parallel.config.strategy",
                "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism",
                "8",
                "junit.jupiter.execution.parallel.config.fixed.max-pool-size",
                "8");

        results.testEvents().assertStatistics(events -> events.succeeded(4).failed(0));
    }

    @EmrEksTest
    @Execution(ExecutionMode.CONCURRENT)
    static class Parallel {
        private static final CyclicBarrier ALL_INSIDE = new CyclicBarrier(4);
        private static final Set<FakeEmrEks> SEEN = ConcurrentHashMap.newKeySet();

        @RepeatedTest(4)
        void together(FakeEmrEks fake, EmrEksClient client, VirtualTime time) throws Exception {
            ALL_INSIDE.await(60, TimeUnit.SECONDS);
            assertThat(SEEN.add(fake)).isTrue();
            time.await(client.submit(job -> job.jar("s3://bucket/orders.jar", "com.acme.Orders"))
                    .completion());
            assertThat(fake.jobRuns()).hasSize(1);
        }
    }

    private EngineExecutionResults run(Class<?> testClass, String... configuration) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setErr(capture);
            EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass));
            for (int i = 0; i < configuration.length; i += 2) {
                kit.configurationParameter(configuration[i], configuration[i + 1]);
            }
            return kit.execute();
        } finally {
            System.setErr(before);
            printed = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private static List<String> failures(EngineExecutionResults results) {
        return results.testEvents().failed().stream()
                .map(event -> event.getPayload(TestExecutionResult.class))
                .map(result -> result.flatMap(TestExecutionResult::getThrowable).orElseThrow())
                .map(Throwable::getMessage)
                .toList();
    }

    private static boolean isClosed(EmrEksTestBed bed) {
        try {
            bed.client().submit(job -> job.jar("s3://bucket/orders.jar", "com.acme.Orders"));
            return false;
        } catch (ClientClosedException e) {
            return true;
        }
    }
}
