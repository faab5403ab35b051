package io.emreks.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;

/** A parsed page. Line numbers count from 1. */
record MarkdownFile(String name, Node document) {
    private static final Parser PARSER = Parser.builder()
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    record Target(int line, String text) {}

    static MarkdownFile read(Path file) throws IOException {
        return parse(Repository.name(file), Files.readString(file));
    }

    static MarkdownFile parse(String name, String text) {
        return new MarkdownFile(name, PARSER.parse(text));
    }

    List<Snippet> javaBlocks() {
        List<Snippet> blocks = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(FencedCodeBlock block) {
                if (block.getInfo().equals("java")) {
                    blocks.add(new Snippet(name, line(block) + 1, block.getLiteral()));
                }
            }
        });
        return blocks;
    }

    List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                targets.add(new Target(line(link), link.getDestination()));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                targets.add(new Target(line(image), image.getDestination()));
            }
        });
        return targets;
    }

    /** What can stand after a {@code #} in a link to this page, by GitHub's rule for headings. */
    Set<String> anchors() {
        IdGenerator ids = IdGenerator.builder().build();
        Set<String> anchors = new HashSet<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                anchors.add(ids.generateId(
                        TextContentRenderer.builder().build().render(heading).strip()));
            }
        });
        return anchors;
    }

    private static int line(Node node) {
        return node.getSourceSpans().get(0).getLineIndex() + 1;
    }
}
