package io.emreks.samples.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.metrics.EmrEksMeter;
import io.emreks.metrics.MicrometerTelemetry;
import io.emreks.retry.Resubmission;
import io.emreks.testing.EmrEksTestBed;
import io.emreks.testing.service.FakeFailureReason;
import io.emreks.testing.service.FakeJobRunState;
import io.emreks.testing.service.Fault;
import io.emreks.testing.service.JobRunScript;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dashboard and the alerts ask for what a client really tells. */
class MonitoringTest {
    private static final Path FOLDER = Path.of("");
    private static final Set<String> WORDS = Set.of(
            "sum",
            "max",
            "min",
            "avg",
            "count",
            "by",
            "without",
            "on",
            "ignoring",
            "rate",
            "increase",
            "and",
            "or",
            "unless",
            "bool",
            "offset",
            "group_left",
            "group_right",
            "histogram_quantile",
            "clamp_min",
            "absent");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*(?:\\{([^}]*)})?");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

    /** What a query names: its metrics, each with its matchers, and the labels it groups by. */
    private record Query(Map<String, Map<String, String>> metrics, Set<String> groups) {
        static Query parse(String expression) {
            Set<String> groups = new TreeSet<>();
            Matcher grouping = GROUPING.matcher(expression);
            while (grouping.find()) {
                Arrays.stream(grouping.group(2).split(",", -1))
                        .map(String::trim)
                        .forEach(groups::add);
            }
            String rest = grouping.replaceAll(" ").replaceAll("\\[[^\\]]*]", " ");
            Map<String, Map<String, String>> metrics = new HashMap<>();
            Matcher selector = SELECTOR.matcher(rest);
            while (selector.find()) {
                if (!WORDS.contains(selector.group(1))) {
                    Map<String, String> labels = metrics.computeIfAbsent(selector.group(1), name -> new HashMap<>());
                    Matcher matcher = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
                    while (matcher.find()) {
                        labels.put(matcher.group(1), matcher.group(3));
                    }
                }
            }
            return new Query(metrics, groups);
        }
    }

    @Test
    void readsQueries() {
        Query query =
                Query.parse("60 * sum by (a, b) (rate(x_total{c=~\"D|E\",f!=\"G\"}[$__rate_interval])) / max(y) > 0.2");
        assertThat(query.metrics()).isEqualTo(Map.of("x_total", Map.of("c", "D|E", "f", "G"), "y", Map.of()));
        assertThat(query.groups()).containsExactly("a", "b");
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
        List<String> queries = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(panel.get("title").asText()).isNotEmpty();
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            assertThat(panel.get("datasource").get("uid").asText()).isEqualTo("${datasource}");
            for (JsonNode target : panel.get("targets")) {
                queries.add(target.get("expr").asText());
                Matcher legend = Pattern.compile("\\{\\{(\\w+)}}")
                        .matcher(target.get("legendFormat").asText());
                while (legend.find()) {
                    assertThat(Query.parse(target.get("expr").asText()).groups())
                            .contains(legend.group(1));
                }
            }
        }
        assertAsksForWhatThereIs(queries);
        assertThat(metricsOf(queries))
                .as("every meter is on the dashboard")
                .hasSize(namesOfMeters().size());
    }

    @Test
    void theAlertsAskForWhatThereIs() throws IOException {
        JsonNode file = new ObjectMapper()
                .valueToTree(new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(FOLDER.resolve("prometheus-rules.yml"))));
        List<String> queries = new ArrayList<>();
        for (JsonNode group : file.get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                assertThat(rule.get("alert").asText()).startsWith("EmrEks");
                assertThat(rule.get("labels").get("severity").asText()).isIn("warning", "critical");
                String expression = rule.get("expr").asText();
                queries.add(expression);
                Matcher label = Pattern.compile("\\$labels\\.(\\w+)")
                        .matcher(rule.get("annotations").get("summary").asText());
                while (label.find()) {
                    assertThat(Query.parse(expression).groups()).contains(label.group(1));
                }
            }
        }
        assertAsksForWhatThereIs(queries);
    }

    private static Set<String> namesOfMeters() {
        return Arrays.stream(EmrEksMeter.values()).map(EmrEksMeter::meterName).collect(Collectors.toSet());
    }

    /** Without what is behind the name of a timer, and what stands for a counter. */
    private static Set<String> metricsOf(List<String> queries) {
        return queries.stream()
                .flatMap(query -> Query.parse(query).metrics().keySet().stream())
                .map(metric -> metric.replaceAll("_(count|sum|max|total)$", ""))
                .collect(Collectors.toSet());
    }

    private static void assertAsksForWhatThereIs(List<String> queries) {
        Map<String, Set<String>> exposed = labelsByMetric(scrapeAfterAStory());
        assertThat(queries).hasSizeGreaterThan(5);
        for (String expression : queries) {
            Query query = Query.parse(expression);
            assertThat(query.metrics()).as(expression).isNotEmpty();
            query.metrics().forEach((metric, matchers) -> {
                assertThat(exposed).as(expression).containsKey(metric);
                assertThat(exposed.get(metric))
                        .as("labels of %s in %s", metric, expression)
                        .containsAll(matchers.keySet())
                        .containsAll(query.groups());
                matchers.forEach((label, values) -> assertThat(valuesOf(label))
                        .as("values of %s in %s", label, expression)
                        .contains(values.split("\\|", -1)));
            });
        }
    }

    private static Set<String> valuesOf(String label) {
        return Arrays.stream(EmrEksMeter.values())
                .flatMap(meter -> meter.tags().stream())
                .filter(tag -> tag.key().replace('.', '_').equals(label))
                .flatMap(tag -> tag.values().stream())
                .collect(Collectors.toSet());
    }

    private static Map<String, Set<String>> labelsByMetric(String scrape) {
        Map<String, Set<String>> all = new HashMap<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher selector = SELECTOR.matcher(line);
            assertThat(selector.find()).as(line).isTrue();
            Set<String> labels = all.computeIfAbsent(selector.group(1), name -> new HashSet<>());
            Matcher label = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
            while (label.find()) {
                labels.add(label.group(1));
            }
        });
        return all;
    }

    /** A run that is throttled and fails, and one that follows it and completes. */
    private static String scrapeAfterAStory() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MicrometerTelemetry telemetry = MicrometerTelemetry.of(registry);
        try (EmrEksTestBed bed =
                EmrEksTestBed.builder().client(emr -> emr.telemetry(telemetry)).build()) {
            bed.fake()
                    .script(
                            run -> bed.fake().jobRuns().size() == 1,
                            JobRunScript.fails(FakeFailureReason.CLUSTER_UNAVAILABLE, "The cluster is not reachable.")
                                    .failsWhile(FakeJobRunState.SUBMITTED));
            bed.fake().faults().next("StartJobRun", Fault.throttle());
            EmrEksClient emr = bed.client();
            JobRunHandle run = emr.submit(job -> job.name("orders")
                    .releaseLabel(EmrEksTestBed.RELEASE_LABEL)
                    .jar("s3://bucket/jobs/orders.jar", "com.acme.Orders")
                    .resubmission(Resubmission.upTo(2).onInfrastructureFailure()));
            bed.time().await(run.completion());
            assertThat(run.attempts()).hasSize(2);
            telemetry.eventReceived(Duration.ofSeconds(1));
            telemetry.eventNotUnderstood();
            return registry.scrape();
        }
    }
}
