package io.emreks.podtemplate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Fields of pods as the schema has them, whatever they are good for. */
final class ArbitraryPods {
    private final Arbitrary<String> texts;
    private final Arbitrary<String> keys;

    private ArbitraryPods(Arbitrary<String> texts, Arbitrary<String> keys) {
        this.texts = texts;
        this.keys = keys;
    }

    /** Paths below metadata and spec with values. */
    static Arbitrary<Map<String, Object>> fields(Arbitrary<String> texts, Arbitrary<String> keys) {
        ArbitraryPods pods = new ArbitraryPods(texts, keys);
        List<Arbitrary<Map.Entry<String, Object>>> fields = new ArrayList<>();
        for (String parent : List.of("metadata", "spec")) {
            pods.structure(parent).fields().forEach((name, type) -> {
                if (!name.equals("containers")) {
                    fields.add(pods.value(type, 6).map(value -> Map.entry(parent + "." + name, value)));
                }
            });
        }
        PodSchema.Structure container = PodSchema.POD.structure(new PodSchema.Named("Container"));
        container.fields().forEach((name, type) -> {
            if (!name.equals("name")) {
                fields.add(pods.value(type, 6).map(value -> Map.entry("spec.containers[0]." + name, value)));
            }
        });
        return Arbitraries.of(fields)
                .flatMap(field -> field)
                .list()
                .ofMaxSize(6)
                .map(entries -> {
                    Map<String, Object> chosen = new LinkedHashMap<>();
                    entries.forEach(entry -> chosen.put(entry.getKey(), entry.getValue()));
                    return chosen;
                });
    }

    /** Some of these paths with values. */
    static Arbitrary<Map<String, Object>> values(Arbitrary<String> texts, List<String> paths) {
        ArbitraryPods pods = new ArbitraryPods(texts, texts);
        List<Arbitrary<Map.Entry<String, Object>>> fields = new ArrayList<>();
        for (String path : paths) {
            PodSchema.Type type = PodSchema.POD.typeOf(FieldPath.parse(path)).orElseThrow();
            fields.add(pods.value(type, 6).map(value -> Map.entry(path, value)));
        }
        return Arbitraries.of(fields)
                .flatMap(field -> field)
                .list()
                .ofMaxSize(3)
                .map(entries -> {
                    Map<String, Object> chosen = new LinkedHashMap<>();
                    entries.forEach(entry -> chosen.put(entry.getKey(), entry.getValue()));
                    return chosen;
                });
    }

    private PodSchema.Structure structure(String parent) {
        PodSchema.Type type = PodSchema.POD.typeOf(FieldPath.of(parent)).orElseThrow();
        return PodSchema.POD.structure((PodSchema.Named) type);
    }

    Arbitrary<Object> value(PodSchema.Type type, int depth) {
        if (type instanceof PodSchema.Scalar scalar) {
            return scalar(scalar);
        }
        if (type instanceof PodSchema.ListOf list) {
            return depth == 0
                    ? Arbitraries.just(List.of())
                    : Arbitraries.lazy(() ->
                            value(list.entries(), depth - 1).list().ofMaxSize(2).asGeneric());
        }
        if (type instanceof PodSchema.MapOf map) {
            return depth == 0
                    ? Arbitraries.just(Map.of())
                    : Arbitraries.lazy(() -> Arbitraries.maps(keys, value(map.values(), depth - 1))
                            .ofMaxSize(3)
                            .asGeneric());
        }
        if (depth == 0) {
            return Arbitraries.just(Map.of());
        }
        PodSchema.Structure structure = PodSchema.POD.structure((PodSchema.Named) type);
        if (structure.fields().isEmpty()) {
            return Arbitraries.just(Map.of());
        }
        return Arbitraries.lazy(() -> Arbitraries.of(
                        List.copyOf(structure.fields().entrySet()))
                .flatMap(field -> value(field.getValue(), depth - 1).map(value -> Map.entry(field.getKey(), value)))
                .list()
                .ofMaxSize(3)
                .map(entries -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    entries.forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
                    return fields;
                }));
    }

    private Arbitrary<Object> scalar(PodSchema.Scalar scalar) {
        return switch (scalar) {
            case STRING -> texts.asGeneric();
            case INT -> Arbitraries.integers().asGeneric();
            case LONG -> Arbitraries.longs().asGeneric();
            case BOOL -> Arbitraries.of(true, false).asGeneric();
            case QUANTITY -> Arbitraries.of("1", "500m", "4Gi", "1e3", ".5", "-2", 3, new BigDecimal("0.5"));
            case INT_OR_STRING -> Arbitraries.of("http", 80);
            case ANY -> Arbitraries.of(Map.of(), Map.of("f:spec", Map.of("f:a", List.of(1))));
        };
    }
}
