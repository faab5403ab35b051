package io.emreks.internal.watch;

import java.util.Optional;
import java.util.OptionalInt;

/** What an event tells of a driver that was started again. */
public record DriverRestart(OptionalInt attempt, Optional<String> driverPod, Optional<String> reason) {}
