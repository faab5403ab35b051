package io.emreks.podtemplate;

import java.util.Arrays;
import java.util.Optional;

/** What a node's taint does to pods that do not tolerate it. */
public enum TaintEffect {
    /** No new pod is placed on the node. */
    NO_SCHEDULE("NoSchedule"),
    /** New pods are placed on the node only when there is no other. */
    PREFER_NO_SCHEDULE("PreferNoSchedule"),
    /** No new pod is placed on the node, and running ones are evicted. */
    NO_EXECUTE("NoExecute");

    private final String value;

    TaintEffect(String value) {
        this.value = value;
    }

    static Optional<TaintEffect> of(String value) {
        return Arrays.stream(values())
                .filter(effect -> effect.value.equals(value))
                .findFirst();
    }

    String value() {
        return value;
    }
}
