/** What a job run is asked to be and what is known of it: values only, no behaviour, no I/O. */
@NullMarked
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        jdk9Collections = true,
        depluralize = true,
        depluralizeDictionary = {"entryPointArgument:entryPointArguments"})
package io.emreks.model;

import org.immutables.value.Value;
import org.jspecify.annotations.NullMarked;
