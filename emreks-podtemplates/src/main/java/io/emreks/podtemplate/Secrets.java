package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which names say of themselves that their values are secret. */
final class Secrets {
    static final String REDACTED = "<redacted>";

    private static final Set<String> WORDS = Set.of("password", "secret", "credential", "credentials");
    private static final Set<String> PAIRS =
            Set.of("access key", "private key", "api key", "session token", "auth token");

    private Secrets() {}

    /** The value, or what stands for it if the name has one of these words: {@code DB_PASSWORD}, {@code apiKey}. */
    static String shown(String name, String value) {
        return isSecret(name) ? REDACTED : value;
    }

    private static boolean isSecret(String name) {
        List<String> words = words(name);
        for (int i = 0; i < words.size(); i++) {
            if (WORDS.contains(words.get(i)) || (i > 0 && PAIRS.contains(words.get(i - 1) + " " + words.get(i)))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (String word : name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").split("[^A-Za-z0-9]+")) {
            words.add(word.toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
