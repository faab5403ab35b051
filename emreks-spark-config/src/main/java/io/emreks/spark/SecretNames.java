package io.emreks.spark;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells from the name of a setting, environment variable or property whether its value is a secret, which then is shown
 * nowhere: not in {@code toString}, logs, events or exceptions.
 */
public final class SecretNames {
    private static final Pattern NOT_LETTERS = Pattern.compile("[^A-Za-z]+");
    private static final Pattern CAMEL_HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
    private static final Pattern SECRET = Pattern.compile(
            "\\b(passwords?|secrets?|credentials?" + "|(access|private|api|secret) ?keys?|(session|auth) ?tokens?)\\b");

    private static final Pattern JAVA_PROPERTY = Pattern.compile("-D([^=\\s]+)=");

    private SecretNames() {}

    /**
     * Whether the name has one of these whole words: password, secret, credential, access key, private key, api key,
     * session token, auth token (or a plural of them). Words are what dots, dashes, underscores, digits and the humps
     * of camelCase separate, so {@code spark.ssl.keyPassword}, {@code AWS_SECRET_ACCESS_KEY} and {@code x.api-key} are
     * secret, while record keys, key generators and client tokens are not.
     */
    public static boolean isSecret(String settingName) {
        if (!mayBeSecret(settingName)) {
            return false;
        }
        String spaced = NOT_LETTERS.matcher(settingName).replaceAll(" ");
        String words = CAMEL_HUMP.matcher(spaced).replaceAll(" ").toLowerCase(Locale.ROOT);
        return SECRET.matcher(words).find();
    }

    /**
     * Whether a setting is secret: its name is, or it holds options of a Java process, one of which gives a property with
     * such a name, like {@code -Djavax.net.ssl.keyStorePassword=…}.
     *
     * @param settingName the name
     * @param value the value
     */
    public static boolean isSecret(String settingName, String value) {
        return isSecret(settingName)
                || (settingName.endsWith("JavaOptions")
                        && JAVA_PROPERTY.matcher(value).results().anyMatch(property -> isSecret(property.group(1))));
    }

    /** Each of the secret words has one of these in it; most names have none, and are told so quickly. */
    private static boolean mayBeSecret(String name) {
        for (int i = 0; i < name.length(); i++) {
            String hint = switch (name.charAt(i)) {
                case 'p', 'P' -> "password";
                case 's', 'S' -> "secret";
                case 'c', 'C' -> "credential";
                case 'k', 'K' -> "key";
                case 't', 'T' -> "token";
                default -> "";
            };
            if (!hint.isEmpty() && name.regionMatches(true, i, hint, 0, hint.length())) {
                return true;
            }
        }
        return false;
    }
}
