package io.emreks.spark;

import java.util.regex.Pattern;

/** Words of a spark-submit option string. */
final class Words {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,+@%-]+");

    private Words() {}

    /** The word, in double quotes unless every reader of shell-like words takes it as it is. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches()
                ? word
                : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * Whether the text comes through Spark's splitter unharmed and is one line without control characters (tabs are
     * none here), so that it may stand in the string. The splitter doubles half of each character beyond U+FFFF.
     */
    static boolean fitsString(String text) {
        return text.codePoints().noneMatch(Words::breaksString);
    }

    private static boolean breaksString(int character) {
        int type = Character.getType(character);
        return (type == Character.CONTROL && character != '\t')
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || Character.isSupplementaryCodePoint(character);
    }

    /** Whether the text has no half of a surrogate pair, which no request could carry. */
    static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(character -> Character.getType(character) == Character.SURROGATE);
    }
}
