package io.emreks.podtemplate;

/**
 * One thing that {@link PodTemplate#check()} found.
 *
 * @param path where: a path as {@link PodTemplate.Builder#field} takes it, for example
 *     {@code spec.containers[0].image} or {@code metadata.labels["team/owner"]}; empty for the template as a whole
 * @param severity how bad
 * @param reason what is wrong, and what would happen
 * @param fix what to do about it
 */
public record Finding(String path, Severity severity, String reason, String fix) {}
