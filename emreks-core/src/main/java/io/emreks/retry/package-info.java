/** How often a call to AWS is made again. */
@NullMarked
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        jdk9Collections = true,
        depluralize = true)
package io.emreks.retry;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
