package io.emreks.spark;

import java.util.ArrayList;
import java.util.List;

/** Splits a string of spark-submit options into words, as Spark's launcher does. */
public final class SubmitParameters {
    /** What a backslash escapes between double quotes in a POSIX shell. */
    private static final String ESCAPED_IN_SHELL = "$`\"\\\n";

    /** What, beside letters and digits, makes a dollar sign the start of a variable or a command. */
    private static final String VARIABLE_START = "_{(@*#?-$!";

    private static final String OPERATORS = "|&;<>()";
    /** A comment, and a home folder. */
    private static final String WORD_STARTS = "#~";

    private final String text;
    private final boolean shell;
    private final StringBuilder word = new StringBuilder();
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
        return List.copyOf(new SubmitParameters(parameters, false).words());
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
        return words;
    }

    private boolean skipWhitespace() {
        while (position < text.length()) {
            if (Character.isWhitespace(text.charAt(position))) {
                position++;
            } else if (isContinuation()) {
                skipContinuation();
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean isContinuation() {
        return shell && (text.startsWith("\\\n", position) || text.startsWith("\\\r\n", position));
    }

    private void skipContinuation() {
        position = text.indexOf('\n', position) + 1;
    }

    private String word() {
        word.setLength(0);
        while (position < text.length() && !Character.isWhitespace(text.charAt(position))) {
            if (isContinuation()) {
                skipContinuation();
                continue;
            }
            char character = text.charAt(position++);
            refuseOperator(character);
            switch (character) {
                case '\'', '"' -> quoted(character);
                case '\\' -> word.append(escaped());
                default -> word.append(taken(character));
            }
        }
        return word.toString();
    }

    /** What a shell would do with these is no part of the job, such as a pipe to another program. */
    private void refuseOperator(char character) {
        if (shell && (OPERATORS.indexOf(character) >= 0 || (word.isEmpty() && WORD_STARTS.indexOf(character) >= 0))) {
            throw new IllegalArgumentException("the '" + character + "' at character " + (position - 1)
                    + " means something to a shell; leave it out, or put it in single quotes to have it as it is");
        }
    }

    private void quoted(char quote) {
        int start = position - 1;
        while (true) {
            if (position == text.length()) {
                throw new IllegalArgumentException("the quote at character " + start + " is not closed");
            }
            char character = text.charAt(position++);
            if (character == quote) {
                return;
            }
            if (quote == '\'') {
                word.append(character);
            } else if (character == '\\') {
                escapedInQuotes();
            } else {
                word.append(taken(character));
            }
        }
    }

    private void escapedInQuotes() {
        char character = escaped();
        if (shell && ESCAPED_IN_SHELL.indexOf(character) < 0) {
            word.append('\\');
        }
        if (!(shell && character == '\n')) {
            word.append(character);
        }
    }

    private char escaped() {
        if (position == text.length()) {
            throw new IllegalArgumentException("nothing follows the backslash at character " + (position - 1));
        }
        return text.charAt(position++);
    }

    private char taken(char character) {
        if (shell && (character == '`' || (character == '$' && startsVariable()))) {
            throw new IllegalArgumentException("a shell would replace what is at character " + (position - 1)
                    + "; write its value, or put it in single quotes to have it as it is");
        }
        return character;
    }

    private boolean startsVariable() {
        if (position == text.length()) {
            return false;
        }
        char next = text.charAt(position);
        return Character.isLetterOrDigit(next) || VARIABLE_START.indexOf(next) >= 0;
    }
}
