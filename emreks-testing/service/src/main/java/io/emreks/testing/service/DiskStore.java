package io.emreks.testing.service;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Buckets as folders and objects as files; other programs may read and write them meanwhile. */
final class DiskStore implements ObjectStore {
    /** No key can have this name, because bucket names start with a letter or digit. */
    private static final String UPLOADS = ".uploads";

    private final Path root;
    private long uploads;

    DiskStore(Path root) {
        this.root = root;
    }

    @Override
    public boolean canHold(String key) {
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.indexOf('\\') >= 0) {
                return false;
            }
        }
        try {
            Path unused = root.resolve(key);
            return true;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public boolean hasBucket(String bucket) {
        return Files.isDirectory(root.resolve(bucket));
    }

    @Override
    public void createBucket(String bucket) throws IOException {
        Files.createDirectories(root.resolve(bucket));
    }

    @Override
    public void put(String bucket, String key, byte[] body, Instant now) throws IOException {
        Path file = file(bucket, key);
        for (Path above = file.getParent();
                above != null && !above.equals(root.resolve(bucket));
                above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                throw new IllegalArgumentException("Objects are kept as files here, and '" + key
                        + "' would lie in the object '" + root.resolve(bucket).relativize(above) + "'");
            }
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(
                    "Objects are kept as files here, and '" + key + "' is the folder of other objects");
        }
        Path upload = Files.createDirectories(root.resolve(UPLOADS)).resolve(Long.toString(uploads++));
        Files.write(upload, body);
        Files.createDirectories(file.getParent());
        Files.move(upload, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public Optional<Entry> find(String bucket, String key) throws IOException {
        Path file = file(bucket, key);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(entry(key, Files.readAttributes(file, BasicFileAttributes.class)))
                : Optional.empty();
    }

    @Override
    public byte[] body(String bucket, String key) throws IOException {
        return Files.readAllBytes(file(bucket, key));
    }

    @Override
    public void delete(String bucket, String key) throws IOException {
        Files.delete(file(bucket, key));
    }

    @Override
    public List<Entry> list(String bucket, String prefix) throws IOException {
        Path folder = root.resolve(bucket);
        List<Entry> entries = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                StringBuilder key = new StringBuilder();
                folder.relativize(file)
                        .forEach(part -> key.append(key.isEmpty() ? "" : "/").append(part));
                if (attributes.isRegularFile() && key.toString().startsWith(prefix)) {
                    entries.add(entry(key.toString(), attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        entries.sort(comparing(Entry::key));
        return entries;
    }

    private Path file(String bucket, String key) {
        return root.resolve(bucket).resolve(key);
    }

    /** Reading every file for its MD5 would make listing slow, so the tag stands for size and time of change. */
    private static Entry entry(String key, BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        String version = attributes.size() + " " + modified;
        return new Entry(key, attributes.size(), modified, md5(version.getBytes(StandardCharsets.UTF_8)));
    }

    static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
