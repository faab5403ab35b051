package io.emreks.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Java that a page or a comment shows stands in a source that the build compiles, too.
 *
 * <p>The snippet tag needs no look: the Javadoc tool of Java 17 refuses it.
 */
class SnippetsTest {
    private final List<String> compiled = new ArrayList<>();

    SnippetsTest() throws IOException {
        for (Path source : Repository.compiledSources()) {
            compiled.add(Snippet.normal(Files.readString(source)));
        }
    }

    @Test
    void theJavaOfEveryPageIsCompiled() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path page : Repository.filesEndingIn(".md")) {
            snippets.addAll(MarkdownFile.read(page).javaBlocks());
        }

        assertThat(snippets.stream().map(Snippet::file)).contains("README.md", "emreks-core/README.md");
        assertThat(notCompiled(snippets)).isEmpty();
    }

    @Test
    void theJavaOfEveryCommentIsCompiled() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path source : Repository.publishedSources()) {
            snippets.addAll(Snippet.inJavadoc(Repository.name(source), Files.readString(source)));
        }

        assertThat(snippets.stream().map(Snippet::file))
                .contains("emreks-testing/junit/src/main/java/io/emreks/testing/EmrEksExtension.java");
        assertThat(notCompiled(snippets)).isEmpty();
    }

    @Test
    void seesWhatIsNotCompiled() {
        String source = Snippet.normal("""
                /**
                 * one.two(3);
                 */
                void f() {
                    // three.four();
                    new Foo()
                        .bar("x y");
                }
                """);

        assertThat(new Snippet("", 1, "new Foo().bar( \"x y\");\n").isIn(source))
                .isTrue();
        assertThat(new Snippet("", 1, "// words\nnew Foo()\n.bar(\"x y\");\n").isIn(source))
                .isTrue();
        assertThat(new Snippet("", 1, "newFoo().bar(\"x y\");").isIn(source)).isFalse();
        assertThat(new Snippet("", 1, "new Foo().baz(\"x y\");").isIn(source)).isFalse();
        assertThat(new Snippet("", 1, "one.two(3);").isIn(source)).isFalse();
        assertThat(new Snippet("", 1, "three.four();").isIn(source)).isFalse();
    }

    @Test
    void saysWhereASnippetBegins() {
        String comment = "/**\n * Words.\n *\n * <pre>{@code\n * a();\n *   b();\n * }</pre>\n */\n";

        assertThat(Snippet.inJavadoc("A.java", comment)).containsExactly(new Snippet("A.java", 5, "a();\n  b();\n"));
        assertThat(MarkdownFile.parse("a.md", "words\n\n```java\na();\n```\n\n```sh\nls\n```\n")
                        .javaBlocks())
                .containsExactly(new Snippet("a.md", 4, "a();\n"));
    }

    private List<Snippet> notCompiled(List<Snippet> snippets) {
        return snippets.stream()
                .filter(snippet -> compiled.stream().noneMatch(snippet::isIn))
                .toList();
    }
}
