package io.emreks.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links between pages, files and headings lead somewhere; those to the web are only well formed. */
class LinksTest {

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> problems = new ArrayList<>();
        int links = 0;
        for (Path file : Repository.filesEndingIn(".md")) {
            MarkdownFile page = MarkdownFile.read(file);
            for (MarkdownFile.Target target : page.targets()) {
                links++;
                problem(page, file, target.text())
                        .ifPresent(problem -> problems.add(page.name() + ":" + target.line() + ": " + problem));
            }
        }

        assertThat(links).isGreaterThan(10);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nowhere.md", "#nowhere", "LICENSE#word", "../README.md", "https:///x", "http://a b", "ftp://a/b"
            })
    void seesALinkThatLeadsNowhere(String target) throws IOException {
        assertThat(problem(target)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "samples",
                "#a-heading-with-code",
                "#a-heading-with-code-1",
                "README.md#tests",
                "https://a.b/c"
            })
    void takesALinkThatLeadsSomewhere(String target) throws IOException {
        assertThat(problem(target)).isEmpty();
    }

    private static Optional<String> problem(String target) throws IOException {
        MarkdownFile page = MarkdownFile.parse("a.md", "# A heading, with `code`\n\n## A heading with code\n");
        return problem(page, Repository.ROOT.resolve("a.md"), target);
    }

    private static Optional<String> problem(MarkdownFile page, Path file, String target) throws IOException {
        URI uri;
        try {
            uri = new URI(target);
        } catch (URISyntaxException malformed) {
            return Optional.of(String.valueOf(malformed.getMessage()));
        }
        if (uri.isAbsolute()) {
            boolean web = target.matches("https?://.*") && uri.getHost() != null;
            return web ? Optional.empty() : Optional.of(target + " is neither a file nor an address of the web");
        }
        Path linked = uri.getPath().isEmpty()
                ? file
                : file.resolveSibling(uri.getPath()).normalize();
        if (!linked.startsWith(Repository.ROOT) || !(linked.equals(file) || Files.exists(linked))) {
            return Optional.of(target + " is not in the repository");
        }
        if (uri.getFragment() == null) {
            return Optional.empty();
        }
        if (!linked.toString().endsWith(".md")) {
            return Optional.of(target + " names a heading of what has none");
        }
        MarkdownFile other = linked.equals(file) ? page : MarkdownFile.read(linked);
        return other.anchors().contains(uri.getFragment())
                ? Optional.empty()
                : Optional.of(target + " names a heading that is not there");
    }
}
