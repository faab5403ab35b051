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
        return isPlain(word) ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= IS_PLAIN.length || !IS_PLAIN[c]) {
                return false;
            }
        }
        return !word.isEmpty();
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
