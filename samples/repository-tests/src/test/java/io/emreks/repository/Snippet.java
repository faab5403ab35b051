package io.emreks.repository;

import java.util.ArrayList;
import java.util.List;

/** Java shown in a text, and the line of the file on which it begins. */
record Snippet(String file, int line, String code) {

    /** The blocks of code in a source's comments: what stands between lines that open and close {@code pre}. */
    static List<Snippet> inJavadoc(String file, String source) {
        List<Snippet> snippets = new ArrayList<>();
        List<String> lines = source.lines().toList();
        int begin = -1;
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip().replaceFirst("^\\* ?", "");
            if (begin >= 0 && line.strip().startsWith("}</pre>")) {
                snippets.add(new Snippet(file, begin + 1, code.toString()));
                begin = -1;
            } else if (begin >= 0) {
                code.append(line).append('\n');
            } else if (line.startsWith("<pre>{@code")) {
                begin = i + 1;
                code.setLength(0);
            }
        }
        return snippets;
    }

    /** Whether a {@linkplain #normal normal} source holds this code. */
    boolean isIn(String source) {
        return source.contains(normal(code));
    }

    /** Code without lines that are comments and without the space that means nothing. */
    static String normal(String code) {
        StringBuilder kept = new StringBuilder();
        code.lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("//") && !line.startsWith("/*") && !line.startsWith("*"))
                .forEach(line -> kept.append(line).append('\n'));
        // the formatter breaks lines where it likes; only the space between two words means something
        return kept.toString().strip().replaceAll("\\s+", " ").replaceAll(" ?([^\\w ]) ?", "$1");
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
