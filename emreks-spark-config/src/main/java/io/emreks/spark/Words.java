package io.emreks.spark;

/** Words of a spark-submit option string. */
final class Words {
    private static final String PLAIN = "_./:=,+@%-";
    private static final boolean[] IS_PLAIN = new boolean[128];

    static {
        for (char c = 0; c < IS_PLAIN.length; c++) {
            IS_PLAIN[c] =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0;
        }
    }

    private Words() {}

    /** The word, in double quotes unless every reader of shell-like words takes it as it is. */
    static String quoted(String word) {
        return isPlain(word) && !word.isEmpty()
                ? word
                : appendEscaped(new StringBuilder("\""), word).append('"').toString();
    }

    /** Appends {@code key=value} as one word. */
    static void appendQuoted(StringBuilder string, String key, String value) {
        if (isPlain(key) && isPlain(value)) {
            string.append(key).append('=').append(value);
        } else {
            appendEscaped(string.append('"'), key).append('=');
            appendEscaped(string, value).append('"');
        }
    }

    /** How much {@link #appendQuoted} appends. */
    static int quotedLength(String key, String value) {
        int length = key.length() + 1 + value.length();
        return isPlain(key) && isPlain(value) ? length : length + 2 + escapes(key) + escapes(value);
    }

    private static StringBuilder appendEscaped(StringBuilder string, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isEscaped(c)) {
                string.append('\\');
            }
            string.append(c);
        }
        return string;
    }

    private static int escapes(String text) {
        return (int) text.chars().filter(c -> isEscaped((char) c)).count();
    }

    private static boolean isEscaped(char c) {
        return c == '\\' || c == '"';
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= IS_PLAIN.length || !IS_PLAIN[c]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the text comes through Spark's splitter unharmed and is one line without control characters (tabs are
     * none here), so that it may stand in the string. The splitter doubles half of each character beyond U+FFFF.
     */
    static boolean fitsString(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || (c >= '\u007f' && (c <= '\u009f' || isBreak(c)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBreak(char c) {
        return c == '\u2028' || c == '\u2029' || Character.isSurrogate(c);
    }

    /** Whether the text has no half of a surrogate pair, which no request could carry. */
    static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
