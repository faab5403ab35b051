package io.emreks.client;

import java.time.Duration;
import java.util.Objects;

/**
 * Makes the start of a keyed run exclusive over all processes: before StartJobRun a claim is put below {@code artifacts},
 * which S3 lets only one of them do. The claim keeps the key's last run, so that the next submission finds it without a
 * list. Whoever finds a claim that does not change for {@code expiry} takes it over, with the same client token. Costs one
 * conditional PUT before and one after each StartJobRun; execution is refused while S3 is not to be reached.
 *
 * @param expiry after how long without a change a claim may be taken over, 10 seconds to 1 hour
 */
public record RunClaims(Duration expiry) {
    /**
     * Checks the expiry.
     *
     * @throws IllegalArgumentException if the expiry is out of range
     */
    public RunClaims {
        Objects.requireNonNull(expiry, "expiry");
        if (expiry.compareTo(Duration.ofSeconds(10)) < 0 || expiry.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("RunClaims: expiry is " + expiry + ", must be 10 s to 1 h");
        }
    }

    /** Claims that expire after two minutes. */
    public static RunClaims inArtifacts() {
        return new RunClaims(Duration.ofMinutes(2));
    }
}
