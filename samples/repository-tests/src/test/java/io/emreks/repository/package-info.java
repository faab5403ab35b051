/** What the build checks in the repository's files themselves. */
@NullMarked
package io.emreks.repository;

import org.jspecify.annotations.NullMarked;
