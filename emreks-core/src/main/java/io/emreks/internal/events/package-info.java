/** Reads what EventBridge tells about job runs, and lets the watcher know. */
@NullMarked
package io.emreks.internal.events;

import org.jspecify.annotations.NullMarked;
