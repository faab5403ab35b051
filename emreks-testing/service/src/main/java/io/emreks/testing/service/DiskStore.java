package io.emreks.testing.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Buckets as folders and objects as files; other programs may read and write them meanwhile. */
final class DiskStore implements ObjectStore {
    /** No key can have this name, because bucket names start with a letter or digit. */
    private static final String UPLOADS = ".uploads";

    private final Path root;
    /** So that a file is not read again for its tag while it stays as it is. */
    private final Map<Path, Tagged> tags = new HashMap<>();

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
        tags.put(file, new Tagged(version(Files.readAttributes(file, BasicFileAttributes.class)), md5(body)));
    }

    @Override
    public Optional<Entry> find(String bucket, String key) throws IOException {
        Path file = file(bucket, key);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            tags.remove(file);
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Entry(
                    key, attributes.size(), attributes.lastModifiedTime().toInstant(), tag(file, version(attributes))));
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }

    private String tag(Path file, String version) throws IOException {
        Tagged known = tags.get(file);
        if (known == null || !known.version.equals(version)) {
            known = new Tagged(version, md5(file));
            tags.put(file, known);
        }
        return known.tag;
    }

    private static String version(BasicFileAttributes attributes) {
        return attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
    }

    @Override
    public byte[] body(String bucket, String key) throws IOException {
        return Files.readAllBytes(file(bucket, key));
    }

    @Override
    public void delete(String bucket, String key) throws IOException {
        Path file = file(bucket, key);
        Files.delete(file);
        tags.remove(file);
    }

    @Override
    public List<String> list(String bucket, String prefix) throws IOException {
        Path folder = root.resolve(bucket);
        List<String> keys = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                StringBuilder key = new StringBuilder();
                folder.relativize(file)
                        .forEach(part -> key.append(key.isEmpty() ? "" : "/").append(part));
                if (attributes.isRegularFile() && key.toString().startsWith(prefix)) {
                    keys.add(key.toString());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(keys);
        return keys;
    }

    private Path file(String bucket, String key) {
        return root.resolve(bucket).resolve(key);
    }

    static String md5(byte[] content) {
        return HexFormat.of().formatHex(md5().digest(content));
    }

    private static String md5(Path file) throws IOException {
        MessageDigest digest = md5();
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    private record Tagged(String version, String tag) {}
}
