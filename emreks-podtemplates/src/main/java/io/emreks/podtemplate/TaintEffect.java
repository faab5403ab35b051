package io.emreks.podtemplate;

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

    String value() {
        return value;
    }
}
