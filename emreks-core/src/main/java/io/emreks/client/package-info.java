/** What a user imports first: the client, its builder, the handle of a run. */
@NullMarked
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        jdk9Collections = true,
        depluralize = true)
package io.emreks.client;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
