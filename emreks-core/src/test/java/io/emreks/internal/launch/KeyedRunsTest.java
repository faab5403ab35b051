package io.emreks.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.launch.KeyedRuns.Found;
import io.emreks.internal.outcome.History;
import io.emreks.model.JobRunRef;
import io.emreks.model.JobRunSnapshot;
import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class KeyedRunsTest {
    private static final RunTags TAGS = new RunTags("emreks:");
    private static final Lineage ORDERS = new Lineage("owner", "orders", true);
    private static final String NAME = "orders-job";
    private static final Duration DAY = Duration.ofDays(1);

    private static Map<String, String> tags(Lineage lineage) {
        return TAGS.of(lineage, History.NONE, Optional.empty(), "spec");
    }

    /** One runs table, and the look-ups of one client in it. */
    private static final class Table implements AutoCloseable {
        final LaunchBed bed;
        final KeyedRuns runs;

        Table(Consumer<FakeEmrEks.Builder> settings) {
            bed = new LaunchBed(settings);
            runs = new KeyedRuns(bed.calls, bed.emr, TAGS);
        }

        JobRunRef first(Lineage lineage) {
            return bed.start(bed.cluster, NAME, ClientTokens.first(lineage, bed.cluster), tags(lineage));
        }

        JobRunRef untagged(Lineage lineage, Optional<JobRunRef> before) {
            return bed.start(
                    bed.cluster,
                    NAME,
                    before.map(run -> ClientTokens.following(lineage, bed.cluster, run.id()))
                            .orElseGet(() -> ClientTokens.first(lineage, bed.cluster)),
                    Map.of());
        }

        Found find(Lineage lineage) {
            return bed.await(runs.find(lineage, NAME, List.of(bed.cluster), Optional.empty()));
        }

        @Override
        public void close() {
            bed.close();
        }
    }

    private static List<JobRunRef> refs(Found found) {
        return found.runs().stream().map(JobRunSnapshot::ref).toList();
    }

    @Test
    void tokensTellAChainWithoutAnyTags() {
        try (Table table = new Table(fake -> fake.pageSize(1).listsShowTags(true))) {
            JobRunRef first = table.untagged(ORDERS, Optional.empty());
            table.bed.time.advance(Duration.ofSeconds(5));
            JobRunRef second = table.untagged(ORDERS, Optional.of(first));
            table.bed.time.advance(Duration.ofSeconds(5));
            JobRunRef third = table.untagged(ORDERS, Optional.of(second));
            table.untagged(new Lineage("other", "orders", true), Optional.empty());
            table.untagged(new Lineage("owner", "other", true), Optional.of(third));
            assertThat(refs(table.find(ORDERS))).containsExactly(first, second, third);
        }
    }

    @Test
    void tagsTellWhereTheChainIsBroken() {
        try (Table table = new Table(fake -> fake.listsShowClientTokens(false))) {
            JobRunRef found = table.bed.start(table.bed.cluster, NAME, "somebody's", tags(ORDERS));
            table.bed.start(table.bed.cluster, NAME, "other's", tags(new Lineage("owner", "other", true)));
            table.bed.start(table.bed.cluster, NAME, "foreign", Map.of("team", "data"));
            assertThat(refs(table.find(ORDERS))).containsExactly(found);
            assertThat(table.bed.calls("DescribeJobRun"))
                    .as("the tags that the list shows are enough, also for the one without any")
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aCloserLookTellsWhereListsShowNeither() {
        try (Table table = new Table(fake -> fake.listsShowClientTokens(false).listsShowTags(false))) {
            JobRunRef tagged = table.first(ORDERS);
            table.bed.time.advance(Duration.ofSeconds(5));
            JobRunRef untagged = table.untagged(ORDERS, Optional.of(tagged));
            table.first(new Lineage("owner", "other", true));
            assertThat(refs(table.find(ORDERS))).contains(tagged);
            assertThat(untagged).isNotEqualTo(tagged);
            assertThat(table.bed.calls("DescribeJobRun")).isEqualTo(3);
        }
    }

    @Test
    void runsOfOneSecondComeInTheSameOrderForEverybody() {
        try (Table table = new Table(fake -> {})) {
            List<JobRunRef> started = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                started.add(table.bed.start(table.bed.cluster, NAME, "token-" + i, tags(ORDERS)));
            }
            List<JobRunRef> byId =
                    started.stream().sorted(Comparator.comparing(JobRunRef::id)).toList();
            Found found = table.find(ORDERS);
            assertThat(refs(found)).isEqualTo(byId);
            assertThat(found.newest().map(JobRunSnapshot::ref)).contains(byId.get(4));
        }
    }

    @Test
    void liveAndEndedRunsAreToldApart() {
        try (Table table = new Table(fake -> {})) {
            table.bed.fake.script(JobRunScript.completes());
            JobRunRef ended = table.first(ORDERS);
            table.bed.time.advance(DAY);
            table.bed.fake.script(JobRunScript.runsForever());
            JobRunRef live = table.untagged(ORDERS, Optional.of(ended));
            Found found = table.find(ORDERS);
            assertThat(refs(found)).containsExactly(ended, live);
            assertThat(found.live()).extracting(JobRunSnapshot::ref).containsExactly(live);
            assertThat(table.find(new Lineage("owner", "nobody's", true)).newest())
                    .isEmpty();
        }
    }

    @Test
    void allCandidatesAreLookedIn() {
        try (Table table = new Table(fake -> {})) {
            LaunchBed bed = table.bed;
            JobRunRef first = table.untagged(ORDERS, Optional.empty());
            bed.time.advance(Duration.ofSeconds(5));
            JobRunRef moved = bed.start(
                    bed.otherCluster, NAME, ClientTokens.following(ORDERS, bed.otherCluster, first.id()), Map.of());
            assertThat(refs(bed.await(
                            table.runs.find(ORDERS, NAME, List.of(bed.cluster, bed.otherCluster), Optional.empty()))))
                    .containsExactly(first, moved);
            assertThat(refs(table.find(ORDERS))).containsExactly(first);
        }
    }

    @Test
    void namesAndTimesNarrowTheSearch() {
        try (Table table = new Table(fake -> {})) {
            LaunchBed bed = table.bed;
            table.first(ORDERS);
            bed.time.advance(DAY);
            Instant since = bed.time.clock().instant();
            JobRunRef young = bed.start(bed.cluster, NAME, "young", tags(ORDERS));
            bed.start(bed.cluster, "another-name", "renamed", tags(ORDERS));
            assertThat(refs(bed.await(table.runs.find(ORDERS, NAME, List.of(bed.cluster), Optional.of(since)))))
                    .containsExactly(young);
        }
    }

    @Test
    void whoMayNotListFindsNothingAndWhoIsToldNothingFails() {
        try (Table table = new Table(fake -> {})) {
            table.first(ORDERS);
            table.bed.fake.faults().next("ListJobRuns", 2, Fault.accessDenied());
            assertThat(table.find(ORDERS).runs()).isEmpty();
            assertThat(table.find(ORDERS).runs()).isEmpty();
            table.bed.fake.faults().next("ListJobRuns", 2, Fault.internalError());
            assertThatThrownBy(() -> table.find(ORDERS)).hasCauseInstanceOf(ApiFailure.class);
            assertThat(table.find(ORDERS).runs()).hasSize(1);
        }
    }

    @Test
    void whatIsGoneAtTheCloserLookIsLeftOutAndOtherFailuresCount() {
        try (Table table = new Table(fake -> fake.listsShowTags(false).listsShowClientTokens(false))) {
            JobRunRef stays = table.first(ORDERS);
            table.first(new Lineage("owner", "other", true));
            table.bed.fake.faults().next("DescribeJobRun", Fault.error(404, "ResourceNotFoundException", "gone"));
            List<JobRunRef> found = refs(table.find(ORDERS));
            assertThat(found).isIn(List.of(), List.of(stays));
            table.bed.fake.faults().next("DescribeJobRun", Fault.accessDenied());
            assertThatThrownBy(() -> table.find(ORDERS)).hasCauseInstanceOf(ApiFailure.class);
        }
    }

    @Test
    void onlyFewOfManySilentRunsAreLookedAt() {
        try (Table table = new Table(fake -> fake.listsShowTags(false).listsShowClientTokens(false))) {
            LaunchBed bed = table.bed;
            bed.fake.script(JobRunScript.completes());
            for (int i = 0; i < 15; i++) {
                bed.start(bed.cluster, NAME, "ended-" + i, Map.of());
            }
            JobRunRef ended = table.first(ORDERS);
            bed.time.advance(DAY);
            bed.fake.script(JobRunScript.runsForever());
            for (int i = 0; i < 53; i++) {
                bed.start(bed.cluster, NAME, "live-" + i, Map.of());
                bed.time.advance(Duration.ofSeconds(1));
            }
            JobRunRef live = table.untagged(ORDERS, Optional.empty());
            assertThat(live).as("the token is remembered no more").isNotEqualTo(ended);
            assertThat(table.find(ORDERS).live())
                    .extracting(JobRunSnapshot::ref)
                    .containsExactly(live);
            assertThat(bed.calls("DescribeJobRun")).isEqualTo(50 + 10);
        }
    }

    // ---- one token

    @Test
    void aTokenFindsItsRun() {
        for (boolean shown : new boolean[] {true, false}) {
            try (Table table =
                    new Table(fake -> fake.listsShowClientTokens(shown).pageSize(2))) {
                LaunchBed bed = table.bed;
                Instant since = bed.time.clock().instant();
                bed.start(bed.cluster, NAME, "mine-not", Map.of());
                JobRunRef mine = bed.start(bed.cluster, NAME, "mine", Map.of());
                bed.start(bed.cluster, NAME, "nor-mine", Map.of());
                assertThat(bed.await(table.runs.byToken("mine", NAME, bed.cluster, since))
                                .map(JobRunSnapshot::ref))
                        .contains(mine);
                assertThat(bed.calls("DescribeJobRun")).isEqualTo(shown ? 0 : 3);
                assertThat(bed.await(table.runs.byToken("nobody's", NAME, bed.cluster, since)))
                        .isEmpty();
                assertThat(bed.await(table.runs.byToken("mine", "another-name", bed.cluster, since)))
                        .isEmpty();
            }
        }
    }

    // ---- one owner

    @Test
    void anOwnersRunsComeByKey() {
        for (boolean shown : new boolean[] {true, false}) {
            try (Table table = new Table(fake -> fake.listsShowTags(shown).pageSize(2))) {
                LaunchBed bed = table.bed;
                JobRunRef first = table.first(ORDERS);
                bed.time.advance(Duration.ofSeconds(5));
                JobRunRef second = bed.start(bed.cluster, "renamed", "second", tags(ORDERS));
                JobRunRef other = table.first(new Lineage("owner", "other", true));
                table.first(new Lineage("somebody", "orders", true));
                bed.start(bed.cluster, NAME, "unkeyed", Map.of("team", "data"));
                Map<String, Found> found = bed.await(table.runs.ofOwner("owner", bed.cluster, Optional.empty()));
                assertThat(found).containsOnlyKeys("orders", "other");
                assertThat(refs(Objects.requireNonNull(found.get("orders")))).containsExactly(first, second);
                assertThat(refs(Objects.requireNonNull(found.get("other")))).containsExactly(other);
            }
        }
    }

    /** However runs were started and whatever lists show: all of a lineage is found, and nothing else. */
    @Property(tries = 60)
    void everyRunOfALineageIsFound(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Table table = new Table(fake -> fake.listsShowTags(random.nextBoolean())
                .listsShowClientTokens(random.nextBoolean())
                .pageSize(1 + random.nextInt(4)))) {
            List<JobRunRef> expected = new ArrayList<>();
            Optional<JobRunRef> last = Optional.empty();
            for (int i = random.nextInt(8); i > 0; i--) {
                Lineage stranger = new Lineage(
                        random.nextBoolean() ? "owner" : "other", random.nextBoolean() ? "orders" : "other", true);
                if (!stranger.equals(ORDERS)) {
                    table.bed.start(table.bed.cluster, NAME, "stranger-" + i, tags(stranger));
                }
                String token = last.map(run -> ClientTokens.following(ORDERS, table.bed.cluster, run.id()))
                        .orElseGet(() -> ClientTokens.first(ORDERS, table.bed.cluster));
                JobRunRef run = table.bed.start(table.bed.cluster, NAME, token, tags(ORDERS));
                expected.add(run);
                last = Optional.of(run);
                table.bed.time.advance(Duration.ofSeconds(1 + random.nextInt(5)));
            }
            assertThat(refs(table.find(ORDERS))).isEqualTo(expected);
        }
    }
}
