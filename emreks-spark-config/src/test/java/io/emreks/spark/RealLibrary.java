package io.emreks.spark;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Jars as they are published: which classes are in them, and which texts their classes hold. Nothing is loaded. */
record RealLibrary(Set<String> classes, Set<String> texts) {
    private static final Path FOLDER = Path.of("target", "libraries");
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int METHOD_HANDLE = 15;
    private static final Set<Integer> TWO_BYTES = Set.of(7, 8, 16, 19, 20);

    /** All jars whose file name begins with the library's name and ends with the version. */
    static RealLibrary of(String name, String version) {
        RealLibrary library = new RealLibrary(new HashSet<>(), new HashSet<>());
        jars(FOLDER, file -> file.startsWith(name) && file.endsWith("-" + version + ".jar"))
                .forEach(library::read);
        return library;
    }

    /** The text of a file in the only jar of the folder with that name. */
    static String file(Path folder, String jar, String file) {
        try (JarFile opened =
                new JarFile(jars(folder, name -> name.startsWith(jar)).get(0).toFile())) {
            ZipEntry entry = opened.getEntry(file);
            return new String(opened.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> jars(Path folder, Predicate<String> fits) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> fits.test(String.valueOf(file.getFileName())))
                    .toList();
            if (jars.isEmpty()) {
                throw new IllegalStateException("no such jar in " + folder);
            }
            return jars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Path path) {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    classes.add(entry.getName().replace(".class", "").replace('/', '.'));
                    try (DataInputStream in = new DataInputStream(new BufferedInputStream(jar.getInputStream(entry)))) {
                        texts.addAll(constants(in));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of a class file's constants (The Java Virtual Machine Specification, 4.4). */
    private static List<String> constants(DataInputStream in) throws IOException {
        in.skipNBytes(8);
        int count = in.readUnsignedShort();
        List<String> texts = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            if (tag == UTF8) {
                texts.add(in.readUTF());
            } else if (tag == LONG || tag == DOUBLE) {
                in.skipNBytes(8);
                i++;
            } else {
                in.skipNBytes(TWO_BYTES.contains(tag) ? 2 : tag == METHOD_HANDLE ? 3 : 4);
            }
        }
        return texts;
    }
}
