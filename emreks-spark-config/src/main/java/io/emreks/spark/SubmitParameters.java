package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;

/** Splits a string of spark-submit options into words, as Spark's launcher does. */
public final class SubmitParameters {
    private static final int END = -1;

    /** What a backslash escapes between double quotes in a POSIX shell. */
    private static final String ESCAPED_IN_SHELL = "$`\"\\\n";

    private final String text;
    private final boolean shell;
    private int position;

    private SubmitParameters(String text, boolean shell) {
        this.text = text;
        this.shell = shell;
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
        return new SubmitParameters(parameters, false).words();
    }

    /** The words of a line as a POSIX shell splits it; whatever a shell would replace is refused. */
    static List<String> tokenizeShell(String line) {
        return new SubmitParameters(line, true).words();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        while (skipWhitespace()) {
            words.add(word());
        }
        return List.copyOf(words);
    }

    private boolean skipWhitespace() {
        while (true) {
            if (Character.isWhitespace(peek())) {
                next();
            } else if (isContinuation()) {
                position += 2;
            } else {
                return peek() != END;
            }
        }
    }

    private boolean isContinuation() {
        return shell && text.startsWith("\\\n", position);
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (peek() != END && !Character.isWhitespace(peek())) {
            if (isContinuation()) {
                position += 2;
                continue;
            }
            int start = position;
            int character = next();
            switch (character) {
                case '\'', '"' -> quoted(character, start, word);
                case '\\' -> word.appendCodePoint(escaped(start));
                default -> word.appendCodePoint(taken(character, start));
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
            if (quote == '\'') {
                word.appendCodePoint(character);
            } else if (character == '\\') {
                escapedInQuotes(at, word);
            } else {
                word.appendCodePoint(taken(character, at));
            }
        }
        next();
    }

    private void escapedInQuotes(int backslash, StringBuilder word) {
        int character = escaped(backslash);
        if (shell && ESCAPED_IN_SHELL.indexOf(character) < 0) {
            word.append('\\');
        }
        if (!(shell && character == '\n')) {
            word.appendCodePoint(character);
        }
    }

    private int escaped(int backslash) {
        if (peek() == END) {
            throw new IllegalArgumentException("nothing follows the backslash at character " + backslash);
        }
        return next();
    }

    private int taken(int character, int at) {
        boolean variable = character == '$' && (Character.isLetter(peek()) || "_{(".indexOf(peek()) >= 0);
        if (shell && (character == '`' || variable)) {
            throw new IllegalArgumentException("a shell would replace what is at character " + at
                    + "; write its value, or put it in single quotes to have it as it is");
        }
        return character;
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
