package io.emreks.model;

import static org.immutables.value.Value.Style.ImplementationVisibility.PACKAGE;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.immutables.value.Value;

/** The house style for a value whose builder is written by hand. Not kept in class files. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
@Value.Style(
        defaults = @Value.Immutable(builder = false),
        allParameters = true,
        visibility = PACKAGE,
        overshadowImplementation = true,
        jdkOnly = true,
        jdk9Collections = true,
        allowedClasspathAnnotations = Override.class)
@interface BuilderlessStyle {}
