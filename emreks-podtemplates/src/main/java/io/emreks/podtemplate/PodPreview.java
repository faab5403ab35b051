package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod as it will run: the template, what Spark adds to it or puts in the place of its fields, and what EMR is known to
 * add, as it was seen on release 6.8.0. What is only known at run time stands in angle brackets.
 *
 * <p>Spark's part is that of the feature steps of Spark 3.5 and 4.1 for these settings: node selectors, labels,
 * annotations, environment variables, Java options of executors, GPUs, images and their secrets, scheduler, service account,
 * decommissioning, local directories, secrets and volumes below {@code spark.kubernetes.}. What cannot be known beforehand,
 * such as what feature steps of your own do, is listed by {@link #unknowns}.
 *
 * <p>Values of environment variables and Java options from Spark settings stand as {@code <redacted>} if their names have
 * one of the words password, secret, credential, access key, private key, API key, session token or auth token. The
 * template's own values are shown by {@link #toYaml()} as they are. Immutable.
 */
public final class PodPreview {
    /** Who a difference to the template comes from. */
    public enum Origin {
        /** Spark's own code. */
        SPARK("Spark"),
        /** EMR, as seen on 6.8.0; later releases may differ. */
        EMR("EMR, as seen on 6.8.0");

        private final String words;

        Origin(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * One difference between the template and the pod.
     *
     * @param path where in the pod, as {@link PodTemplate.Builder#field} takes it
     * @param origin who makes it
     * @param before the template's value, as YAML; empty if it has none, and something is added
     * @param after the pod's value, as YAML
     */
    public record Change(String path, Origin origin, Optional<String> before, String after) {
        @Override
        public String toString() {
            return path + ": " + after
                    + before.map(old -> " instead of " + old).orElse("")
                    + " (" + origin.words() + ")";
        }
    }

    private final PodTree pod;
    private final PodTree afterFeatureSteps;
    private final Map<FieldPath, Change> changes;
    private final List<String> unknowns;

    private PodPreview(PodTree pod, PodTree afterFeatureSteps, Map<FieldPath, Change> changes, List<String> unknowns) {
        this.pod = pod;
        this.afterFeatureSteps = afterFeatureSteps;
        this.changes = changes;
        this.unknowns = List.copyOf(unknowns);
    }

    static PodPreview of(PodRole role, PodTree template, PodSizing sizing, JobContext job) {
        PodEdits edits = new PodEdits(role, template);
        SparkSteps spark = new SparkSteps(role, sizing, job, edits);
        spark.featureSteps();
        PodTree afterFeatureSteps = PodTree.copyOf(edits.fields());
        spark.submission();
        EmrAdditions.apply(role, job, edits);
        return new PodPreview(PodTree.copyOf(edits.fields()), afterFeatureSteps, edits.changes(), edits.unknowns);
    }

    /** What Spark's feature steps make of the template; for comparison with Spark. */
    PodTree afterFeatureSteps() {
        return afterFeatureSteps;
    }

    /**
     * Every difference to the template, in the order they are made.
     *
     * @return the differences; immutable
     */
    public List<Change> changes() {
        return List.copyOf(changes.values());
    }

    /**
     * What may also differ and cannot be known from the template and the settings, one sentence each.
     *
     * @return the sentences, beginning in lower case; immutable
     */
    public List<String> unknowns() {
        return unknowns;
    }

    /**
     * The pod as YAML. A line that is not the template's ends with a comment that says whose it is; comments at the end say
     * what is not known.
     *
     * @return the text, ending with a line break
     */
    public String toYaml() {
        Map<FieldPath, String> comments = new HashMap<>();
        changes.forEach((path, change) -> comments.put(
                path,
                change.origin().words()
                        + change.before().map(old -> ", instead of " + old).orElse("")));
        StringBuilder text = new StringBuilder(YamlWriter.write(pod, comments));
        unknowns.forEach(unknown -> text.append("# Not known: ").append(unknown).append('\n'));
        return text.toString();
    }

    /** The differences and what is not known, one on each line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        changes.values().forEach(change -> text.append(change).append('\n'));
        unknowns.forEach(unknown -> text.append("Not known: ").append(unknown).append('\n'));
        return text.toString();
    }

    /** A tree that remembers what was changed in it, and by whom. */
    static final class PodEdits {
        private final PodEditor pod;
        private final Map<FieldPath, Change> changes = new LinkedHashMap<>();
        private final FieldPath container;
        private final List<String> unknowns = new ArrayList<>();
        private Origin origin = Origin.SPARK;

        PodEdits(PodRole role, PodTree template) {
            Map<String, Object> fields = template.mutableCopy();
            pod = new PodEditor(role, fields);
            container = moveSparksContainer(role);
        }

        /** Spark takes its container, or the first if not just one has its name, and adds it at the end of the list. */
        private FieldPath moveSparksContainer(PodRole role) {
            List<Object> containers = pod.list(PodEditor.CONTAINERS);
            List<Integer> named = new ArrayList<>();
            for (int i = 0; i < containers.size(); i++) {
                if (PodTree.mutableMapping(containers.get(i), PodEditor.CONTAINERS.child(i))
                        .getOrDefault("name", "")
                        .equals(role.containerName())) {
                    named.add(i);
                }
            }
            int index = named.size() == 1 ? named.get(0) : 0;
            Object main = containers.isEmpty() ? new LinkedHashMap<String, Object>() : containers.remove(index);
            containers.add(main);
            return PodEditor.CONTAINERS.child(containers.size() - 1);
        }

        Map<String, Object> fields() {
            return pod.fields();
        }

        Map<FieldPath, Change> changes() {
            return new LinkedHashMap<>(changes);
        }

        /** The path of Spark's container. */
        FieldPath container() {
            return container;
        }

        void unknown(String sentence) {
            unknowns.add(sentence);
        }

        void origin(Origin next) {
            origin = next;
        }

        @Nullable
        Object at(FieldPath path) {
            return path.read(pod.fields());
        }

        void set(FieldPath path, Object value) {
            Object before = at(path);
            if (!Objects.equals(before, value)) {
                pod.set(path, value);
                changes.put(
                        path,
                        new Change(
                                path.toString(),
                                origin,
                                Optional.ofNullable(before).map(old -> YamlWriter.inline(PodTree.canonical(old, path))),
                                YamlWriter.inline(PodTree.canonical(value, path))));
            }
        }

        void setAll(FieldPath mapping, Map<String, String> entries) {
            entries.forEach((key, value) -> set(mapping.child(key), value));
        }

        void append(FieldPath list, Object entry) {
            set(list.child(pod.list(list).size()), entry);
        }

        void insert(FieldPath list, Map<String, ?> entry) {
            append(list, new LinkedHashMap<>(entry));
        }

        List<Object> entries(FieldPath list) {
            return at(list) instanceof List<?> entries ? new ArrayList<>(entries) : List.of();
        }
    }
}
