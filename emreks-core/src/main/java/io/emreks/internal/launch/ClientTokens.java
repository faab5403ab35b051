package io.emreks.internal.launch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The client token of a run: a function of what is done, for whom, where, and of the run it follows. Whoever works it out
 * gets the same, so the service starts at most one run for it as long as it remembers the token. A wire contract between
 * versions of this library and between processes: changing it needs another scheme name.
 */
public final class ClientTokens {
    static final String SCHEME = "emreks1";
    private static final int BYTES = 24;

    private ClientTokens() {}

    /** The token of the first run of a lineage there. */
    public static String first(Lineage lineage, String virtualClusterId) {
        return of(lineage, virtualClusterId, "first");
    }

    /** The token of the run that follows another one. */
    public static String following(Lineage lineage, String virtualClusterId, String predecessorId) {
        return of(lineage, virtualClusterId, "follows:" + predecessorId);
    }

    private static String of(Lineage lineage, String virtualClusterId, String place) {
        MessageDigest digest = sha256();
        for (String part : List.of(SCHEME, lineage.owner(), virtualClusterId, lineage.key(), place)) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return SCHEME + "-" + HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
