package io.emreks.internal.watch;

import java.time.Instant;

/**
 * Something that a watcher may not do at the moment.
 *
 * @param operation the operation that is refused
 * @param where the virtual cluster or the queue
 * @param since by the client's clock
 */
public record Missing(String operation, String where, Instant since, String reason) {}
