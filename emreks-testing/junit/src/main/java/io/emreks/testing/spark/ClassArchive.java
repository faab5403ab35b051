package io.emreks.testing.spark;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The Java class archive (AppCDS) of one JDK and one class path, in a folder that several processes may share: {@code
 * key-checksum.jsa}. The JVM takes no archive of another JDK or class path, but it crashes on one that was cut off, and so
 * the checksum is compared first. Used by one thread.
 */
final class ClassArchive {
    private static final String SUFFIX = ".jsa";

    private final Path folder;
    private final String key;
    private @Nullable FileChannel lock;

    /** The archive in that folder for drivers of that {@code java} with that class path. */
    ClassArchive(Path folder, Path java, String classPath) {
        this.folder = folder;
        this.key = key(java, classPath);
    }

    /** The archive, if it is there and whole; others of this key are removed. */
    Optional<Path> find() throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        List<Path> candidates;
        try (Stream<Path> files = Files.list(folder)) {
            candidates = files.filter(file -> file.getFileName().toString().matches(key + "-.*\\" + SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path candidate : candidates) {
            if (candidate.getFileName().toString().equals(name(candidate))) {
                return Optional.of(candidate);
            }
            Files.deleteIfExists(candidate);
        }
        return Optional.empty();
    }

    /** Whether the archive is now this object's to make, until {@link #keep} or {@link #giveUp}; else another is at it. */
    boolean claim() throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(key + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // this process is at it, too
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        lock = held == null ? null : channel;
        return held != null;
    }

    /** Where the owner of the claim lets the JVM write the archive. */
    Path draft() {
        return folder.resolve(key + ".draft");
    }

    /** Where what the JVM said meanwhile is kept, if no archive came of it. */
    Path log() {
        return folder.resolve(key + ".log");
    }

    /** Makes the draft the archive, and ends the claim. */
    Path keep() throws IOException {
        try {
            Path archive = folder.resolve(name(draft()));
            Files.move(draft(), archive, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(log());
            return archive;
        } finally {
            giveUp();
        }
    }

    /** Ends the claim, if there is one. */
    void giveUp() throws IOException {
        FileChannel held = lock;
        lock = null;
        if (held != null) {
            try (held) {
                Files.deleteIfExists(draft());
            }
        }
    }

    private String name(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer part = ByteBuffer.allocateDirect(1 << 20);
            while (channel.read(part) >= 0) {
                checksum.update(part.flip());
                part.clear();
            }
        }
        return key + "-" + HexFormat.of().toHexDigits(checksum.getValue(), 8) + SUFFIX;
    }

    /** Of all that makes the JVM refuse an archive: itself, and the class path with each file's size and time. */
    private static String key(Path java, String classPath) {
        StringBuilder text = new StringBuilder();
        Path executable = real(java);
        append(text, executable);
        append(text, executable.resolveSibling("../lib/modules").normalize());
        for (String entry : classPath.split(File.pathSeparator)) {
            append(text, Path.of(entry));
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static void append(StringBuilder text, Path file) {
        text.append(file);
        try {
            text.append(' ').append(Files.size(file)).append(' ').append(Files.getLastModifiedTime(file));
        } catch (IOException e) {
            text.append(" not there");
        }
        text.append('\n');
    }

    private static Path real(Path java) {
        try {
            return java.toRealPath();
        } catch (IOException e) {
            return java;
        }
    }
}
