package io.emreks.retry;

import static org.immutables.value.Value.Style.ImplementationVisibility.PACKAGE;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.immutables.value.Value;

/** How Immutables makes the values of this package. Not kept in class files: who uses them needs no Immutables. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.PACKAGE)
@Value.Style(
        visibility = PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        jdk9Collections = true,
        depluralize = true,
        allowedClasspathAnnotations = Override.class)
@interface HouseStyle {}
