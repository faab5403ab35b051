package io.emreks.testing.spark;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a string of options into words as Spark's launcher does: words end at whitespace; double quotes, where a backslash
 * takes the next character as it is; single quotes, where nothing is special; a backslash outside quotes takes the next
 * character as it is; nothing is expanded.
 */
final class OptionString {
    private OptionString() {}

    /** Refuses an open quote and a backslash at the end; the text is not repeated in the message. */
    static List<String> split(String text) throws StartProblem {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'') {
                if (++i == text.length()) {
                    throw new StartProblem("Invalid option string: it ends with a backslash.");
                }
                word.append(text.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (quote != 0) {
            throw new StartProblem("Invalid option string: a " + quote + " is not closed.");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
