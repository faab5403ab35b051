package io.emreks.podtemplate;

/**
 * Which of a Spark job's two kinds of pod a template is for. The job submitter's pod takes no template (EMR on EKS
 * Development Guide, "Using pod templates").
 */
public enum PodRole {
    /** The one pod that runs the job's main program; when it is lost, the job is lost. */
    DRIVER("spark-kubernetes-driver"),
    /** One of the pods that run the job's tasks; when it is lost, its tasks are repeated elsewhere. */
    EXECUTOR("spark-kubernetes-executor");

    private final String containerName;

    /** The role as Spark's settings name it. */
    String word() {
        return this == DRIVER ? "driver" : "executor";
    }

    PodRole(String containerName) {
        this.containerName = containerName;
    }

    /**
     * The name Spark's container must have in the template. EMR fixes it: {@code spark-kubernetes-driver} or
     * {@code spark-kubernetes-executor} (singular, as in the service's own Spark defaults; the guide's text once prints a
     * plural). If no container has it, Spark takes the first container of the list for its own.
     *
     * @return the container name
     */
    public String containerName() {
        return containerName;
    }
}
