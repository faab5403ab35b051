package io.emreks.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.internal.calls.ApiOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmrEksMeterTest {
    private static final String BEGIN = "<!-- meters -->\n";
    private static final String END = "<!-- end of meters -->";

    @Test
    void everyOperationOfTheClientHasItsTag() {
        assertThat(EmrEksMeter.Operations.TAG.values())
                .containsAll(Arrays.stream(ApiOperation.values())
                        .map(ApiOperation::serviceName)
                        .toList());
        assertThat(EmrEksMeter.Operations.known("StartJobRun")).isEqualTo("StartJobRun");
        assertThat(EmrEksMeter.Operations.known("s3:PutObject?key=secret")).isEqualTo("other");
    }

    @Test
    void namesAreThoseOfMicrometer() {
        assertThat(EmrEksMeter.values()).allSatisfy(meter -> {
            assertThat(meter.meterName()).matches("emreks(\\.[a-z]+)+");
            assertThat(meter.description()).endsWith(".").hasSizeLessThan(300);
            assertThat(meter.type() == EmrEksMeter.Type.TIMER)
                    .isEqualTo(meter.unit().equals("seconds"));
            assertThat(meter.tags()).extracting(EmrEksMeter.Tag::key).allMatch(key -> key.matches("[a-z.]+"));
        });
        assertThat(Arrays.stream(EmrEksMeter.values())
                        .map(EmrEksMeter::meterName)
                        .distinct())
                .hasSameSizeAs(EmrEksMeter.values());
    }

    /** When this fails, the README gets the text that this test wants. */
    @Test
    void theTableOfTheReadmeIsMadeOfTheEnum() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(readme).contains(BEGIN, END);
        assertThat(readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END)))
                .isEqualTo(table());
    }

    private static String table() {
        return Arrays.stream(EmrEksMeter.values())
                .map(EmrEksMeterTest::row)
                .collect(Collectors.joining("\n", "| meter | | tags | tells |\n|---|---|---|---|\n", "\n"));
    }

    private static String row(EmrEksMeter meter) {
        String tags = meter.tags().stream()
                .map(tag -> "`" + tag.key() + "`: " + String.join(", ", tag.values()))
                .collect(Collectors.joining("; "));
        return "| `%s` | %s, %s | %s | %s |"
                .formatted(
                        meter.meterName(),
                        meter.type().name().toLowerCase(Locale.ROOT),
                        meter.unit(),
                        tags,
                        meter.description());
    }
}
