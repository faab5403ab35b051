package io.emreks.internal.launch;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Whose work a run does, and which: the runs of one lineage follow each other.
 *
 * @param key the key of the request, or a random one that nobody else has
 * @param keyed whether the request has a key
 */
public record Lineage(String owner, String key, boolean keyed) {
    private static final int BYTES = 16;

    /** The work of a request without a key: its own, and nobody else's. */
    public static Lineage unkeyed(String owner, RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Lineage(owner, HexFormat.of().formatHex(bytes), false);
    }
}
