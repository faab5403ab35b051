package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;

/** Splits a string of spark-submit options into words, as Spark's launcher does. */
public final class SubmitParameters {
    private static final int END = -1;

    private final String text;
    private int position;

    private SubmitParameters(String text) {
        this.text = text;
    }

    /**
     * The words of a string of options, such as the {@code sparkSubmitParameters} of a job run. Words are separated by
     * white space. Nothing is special between single quotes; between double quotes and outside of quotes a backslash
     * makes the next character ordinary. Quoted parts join what they touch, and {@code ""} alone is an empty word.
     * Variables, globs and operators of a shell mean nothing. The one difference to Spark 3.5: characters beyond U+FFFF
     * stay as they are, while Spark repeats the second half of their surrogate pair.
     *
     * @throws IllegalArgumentException if a quote is not closed or the string ends in a backslash; the message names
     *     the position and not the text
     */
    public static List<String> tokenize(String parameters) {
        return new SubmitParameters(parameters).words();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        while (skipWhitespace()) {
            words.add(word());
        }
        return List.copyOf(words);
    }

    private boolean skipWhitespace() {
        while (Character.isWhitespace(peek())) {
            next();
        }
        return peek() != END;
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (peek() != END && !Character.isWhitespace(peek())) {
            int start = position;
            int character = next();
            switch (character) {
                case '\'', '"' -> quoted(character, start, word);
                case '\\' -> word.appendCodePoint(escaped(start));
                default -> word.appendCodePoint(character);
            }
        }
        return word.toString();
    }

    private void quoted(int quote, int start, StringBuilder word) {
        while (peek() != quote) {
            if (peek() == END) {
                throw new IllegalArgumentException("the quote at character " + start + " is not closed");
            }
            int at = position;
            int character = next();
            word.appendCodePoint(character == '\\' && quote == '"' ? escaped(at) : character);
        }
        next();
    }

    private int escaped(int backslash) {
        if (peek() == END) {
            throw new IllegalArgumentException("nothing follows the backslash at character " + backslash);
        }
        return next();
    }

    private int peek() {
        return position < text.length() ? text.codePointAt(position) : END;
    }

    private int next() {
        int character = text.codePointAt(position);
        position += Character.charCount(character);
        return character;
    }
}
