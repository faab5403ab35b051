package io.emreks.repository;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The files of the repository, without what a build makes. */
final class Repository {
    static final Path ROOT =
            Path.of(System.getProperty("project.root")).toAbsolutePath().normalize();

    private Repository() {}

    static List<Path> filesEndingIn(String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean made = name.equals("target") || (name.startsWith(".") && !folder.equals(ROOT));
                return made ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(suffix)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        return found;
    }

    /** The sources of what is published. */
    static List<Path> publishedSources() throws IOException {
        return filesEndingIn(".java").stream()
                .filter(file -> name(file).matches("emreks-.*/src/main/java/.*"))
                .toList();
    }

    /** Sources that the build compiles or its tests start. */
    static List<Path> compiledSources() throws IOException {
        return filesEndingIn(".java").stream()
                .filter(file -> name(file)
                        .matches(".*/src/(main|test)/java/.*|samples/quickstart/(FirstRun|Quickstart)\\.java"))
                .toList();
    }

    /** The file's name from the root on, with slashes. */
    static String name(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }
}
