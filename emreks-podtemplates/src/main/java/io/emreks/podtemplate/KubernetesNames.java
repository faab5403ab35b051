package io.emreks.podtemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Kubernetes allows as key and value of a label, and as key of an annotation. */
final class KubernetesNames {
    private static final int MAX_NAME = 63;
    private static final int MAX_PREFIX = 253;

    private KubernetesNames() {}

    static Optional<String> keyProblem(String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? null : key.substring(0, slash);
        if (prefix != null && !isDnsSubdomain(prefix)) {
            return Optional.of("the part before '/' is not a DNS name of at most " + MAX_PREFIX
                    + " lower-case letters, digits, '-' and '.'");
        }
        return isName(key.substring(slash + 1))
                ? Optional.empty()
                : Optional.of("the key's name is not 1 to " + MAX_NAME
                        + " letters, digits, '-', '_' and '.', with a letter or digit at both ends");
    }

    static Optional<String> labelValueProblem(String value) {
        return value.isEmpty() || isName(value)
                ? Optional.empty()
                : Optional.of("the value is not at most " + MAX_NAME
                        + " letters, digits, '-', '_' and '.', with a letter or digit at both ends");
    }

    /** A sentence for each entry that cannot be a label. */
    static List<String> labelProblems(String what, Map<String, String> labels) {
        List<String> problems = new ArrayList<>();
        labels.forEach((key, value) -> {
            keyProblem(key)
                    .ifPresent(problem -> problems.add(what + " '" + key + "': " + problem + "; change the key"));
            labelValueProblem(value)
                    .ifPresent(problem -> problems.add(what + " '" + key + "': " + problem + "; change the value"));
        });
        return problems;
    }

    /** What names of containers and volumes are. */
    static boolean isDnsLabel(String text) {
        return text.length() <= MAX_NAME && text.indexOf('.') < 0 && isDnsSubdomain(text);
    }

    private static boolean isName(String text) {
        if (text.isEmpty()
                || text.length() > MAX_NAME
                || !isLetterOrDigit(text.charAt(0))
                || !isLetterOrDigit(text.charAt(text.length() - 1))) {
            return false;
        }
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLowerOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isDnsSubdomain(String text) {
        if (text.length() > MAX_PREFIX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = i > 0
                    && i < text.length() - 1
                    && isLowerOrDigit(text.charAt(i - 1))
                    && isLowerOrDigit(text.charAt(i + 1));
            if (!isLowerOrDigit(c) && c != '-' && !(c == '.' && inner)) {
                return false;
            }
        }
        return !text.isEmpty() && isLowerOrDigit(text.charAt(0)) && isLowerOrDigit(text.charAt(text.length() - 1));
    }
}
