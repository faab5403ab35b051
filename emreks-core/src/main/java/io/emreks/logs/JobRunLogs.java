package io.emreks.logs;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The logs of one run, read from the S3 place its request names ({@code logs(l -> l.s3(…))}).
 *
 * <p>The service writes the driver's log to {@code {logUri}/{virtual cluster}/jobs/{job run}/containers/{Spark
 * application}/spark-{job run}-driver/} about every two minutes and once more when the container ends (Amazon EMR on EKS
 * Development Guide, "Monitoring jobs"), so a running job's log lags.
 */
public interface JobRunLogs {
    /**
     * The last lines of a log. Empty when the log does not exist yet; a bucket that does not exist is an error. With several driver attempts, the newest one's.
     *
     * <p>Never blocks and never throws; the future fails with a {@code LogReadException} when the run has no S3 log place,
     * has no id yet, or S3 refuses. The packed log is read as a whole; of its text at most {@code maxLines} lines of 8,192
     * characters each are kept, and longer lines are cut.
     *
     * @param maxLines how many lines at most, 1 to 10,000
     */
    CompletableFuture<List<String>> tail(LogStream stream, int maxLines);
}
