package io.emreks.internal.watch;

import java.time.Instant;

/**
 * Something that a watcher may not do at the moment.
 *
 * @param operation the operation that is refused
 * @param since by the client's clock
 */
public record Missing(String operation, String virtualClusterId, Instant since, String reason) {}
