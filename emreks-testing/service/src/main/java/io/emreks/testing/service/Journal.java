package io.emreks.testing.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The calls that changed something, each a line of JSON in a file; or nowhere. Guarded by the fake's lock. */
final class Journal {
    private static final String FILE = "journal.jsonl";

    private final @Nullable Path file;
    private @Nullable BufferedWriter writer;

    private Journal(@Nullable Path file) {
        this.file = file;
    }

    static Journal none() {
        return new Journal(null);
    }

    static Journal in(Path folder) {
        return new Journal(folder.resolve(FILE));
    }

    /** Gives what is in the file, in its order, and opens it for more. */
    void replay(BiConsumer<ApiRequest, Instant> repeat) {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            for (int i = 0; i < lines.size(); i++) {
                JsonNode line = read(lines.get(i), i == lines.size() - 1);
                if (line != null) {
                    repeat.accept(request(line), Instant.parse(line.path("at").asText()));
                }
            }
            writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (!lines.isEmpty()) {
                // ends a line that a killed process may have left unfinished
                writer.write('\n');
                writer.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The journal " + file + " cannot be used", e);
        }
    }

    private @Nullable JsonNode read(String line, boolean last) {
        if (line.isBlank()) {
            return null;
        }
        try {
            return ServiceModel.JSON.readTree(line);
        } catch (JsonProcessingException e) {
            if (last) {
                return null;
            }
            throw new IllegalStateException("The journal " + file + " holds a line that is no JSON: " + line, e);
        }
    }

    private static ApiRequest request(JsonNode line) {
        return new ApiRequest(
                line.path("method").asText(),
                "localhost",
                line.path("path").asText(),
                line.path("query").asText(),
                Map.of(),
                line.path("body").asText().getBytes(StandardCharsets.UTF_8));
    }

    void add(Instant at, ApiRequest request) {
        BufferedWriter open = writer;
        if (open == null) {
            return;
        }
        try {
            open.write(ServiceModel.JSON
                    .createObjectNode()
                    .put("at", at.toString())
                    .put("method", request.method())
                    .put("path", request.path())
                    .put("query", request.query())
                    .put("body", request.text())
                    .toString());
            open.write('\n');
            open.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The journal " + file + " cannot be written", e);
        }
    }

    void close() {
        BufferedWriter open = writer;
        writer = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The journal " + file + " cannot be closed", e);
            }
        }
    }
}
