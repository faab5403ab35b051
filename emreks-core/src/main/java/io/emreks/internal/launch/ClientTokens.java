package io.emreks.internal.launch;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** The token of a submission: fixed before the first try and carried by every one of them. */
public final class ClientTokens {
    private static final int BYTES = 16;

    private ClientTokens() {}

    /** A token nobody else has. */
    public static String random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return "emreks-" + HexFormat.of().formatHex(bytes);
    }
}
