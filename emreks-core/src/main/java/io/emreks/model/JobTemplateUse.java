package io.emreks.model;

import java.util.Map;
import java.util.Objects;

/**
 * A job template to start from, and the values of its parameters.
 *
 * @param id the template's id
 * @param parameters values by parameter name, each of 1 to 1,024 characters; at most 100
 */
public record JobTemplateUse(String id, Map<String, String> parameters) {
    /** Copies the map. */
    public JobTemplateUse {
        Objects.requireNonNull(id, "id");
        parameters = Map.copyOf(parameters);
    }

    /** The id and the names of the parameters; a value may be a secret. */
    @Override
    public String toString() {
        return "JobTemplateUse{" + id + ", parameters="
                + parameters.keySet().stream().sorted().toList() + "}";
    }
}
