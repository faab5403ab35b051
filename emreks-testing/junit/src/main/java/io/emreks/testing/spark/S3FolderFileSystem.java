package io.emreks.testing.spark;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BufferedFSInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * A Hadoop file system that keeps S3 buckets as folders: {@code s3://bucket/key} is the file {@code root/bucket/key}, the
 * layout of {@link io.emreks.testing.service.FakeS3#onDisk}. {@link LocalSparkEngine} gives it to the Spark it starts, for
 * the schemes {@code s3} and {@code s3a}; nobody else needs it.
 *
 * <p>The root is the Hadoop property {@value #ROOT}. A path that would leave its bucket's folder is refused. Unlike in S3, a
 * folder exists by itself, a rename is atomic, and an object can be seen while it is being written. As safe for use by
 * several threads as the folder itself.
 *
 * <p>This class uses no other class of its jar: the Spark that loads it has only Hadoop beside it.
 */
public final class S3FolderFileSystem extends FileSystem {
    /** The Hadoop property that names the folder that holds one folder per bucket. */
    public static final String ROOT = "fs.s3.emreks.root";

    private static final long BLOCK_SIZE = 32L << 20;

    private @Nullable URI uri;
    private java.nio.file.@Nullable Path bucket;
    private @Nullable Path workingDirectory;

    /** For Hadoop, which calls {@link #initialize} next. */
    public S3FolderFileSystem() {}

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        setConf(configuration);
        String root = configuration.get(ROOT);
        String bucketName = name.getAuthority();
        if (root == null) {
            throw new IOException("The Hadoop property " + ROOT + " is not set.");
        }
        if (bucketName == null || bucketName.equals(".") || bucketName.equals("..")) {
            throw new IOException("No bucket in " + name);
        }
        uri = URI.create(name.getScheme() + "://" + bucketName);
        bucket = java.nio.file.Path.of(root).toAbsolutePath().normalize().resolve(bucketName);
        workingDirectory = new Path(uri.toString(), "/");
    }

    @Override
    public String getScheme() {
        return getUri().getScheme();
    }

    @Override
    public URI getUri() {
        return initialized(uri);
    }

    @Override
    public Path getWorkingDirectory() {
        return initialized(workingDirectory);
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        workingDirectory = makeQualified(directory);
    }

    @Override
    public long getDefaultBlockSize(Path path) {
        return BLOCK_SIZE;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        java.nio.file.Path file = existing(path);
        if (Files.isDirectory(file)) {
            throw new FileNotFoundException(path + " is a directory");
        }
        return new FSDataInputStream(
                new BufferedFSInputStream(new ObjectInput(Files.newByteChannel(file)), Math.max(bufferSize, 4096)));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        java.nio.file.Path file = local(path);
        if (Files.isDirectory(file) || file.equals(bucket)) {
            throw new FileAlreadyExistsException(path + " is a directory");
        }
        createParent(file, path);
        try {
            return overwrite
                    ? output(file, 0, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)
                    : output(file, 0, StandardOpenOption.CREATE_NEW);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(path + " already exists");
        }
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) throws IOException {
        java.nio.file.Path file = existing(path);
        if (Files.isDirectory(file)) {
            throw new FileNotFoundException(path + " is a directory");
        }
        return output(file, Files.size(file), StandardOpenOption.APPEND);
    }

    private static FSDataOutputStream output(java.nio.file.Path file, long position, OpenOption... options)
            throws IOException {
        OpenOption[] all = Stream.concat(Stream.of(options), Stream.of(StandardOpenOption.WRITE))
                .toArray(OpenOption[]::new);
        return new FSDataOutputStream(
                new java.io.BufferedOutputStream(Files.newOutputStream(file, all)), null, position);
    }

    /** Returns false, as Hadoop wants it, when there is nothing to rename or the target is taken. */
    @Override
    public boolean rename(Path source, Path target) throws IOException {
        java.nio.file.Path from = local(source);
        java.nio.file.Path to = local(target);
        if (!Files.exists(from) || from.equals(bucket)) {
            return false;
        }
        if (from.equals(to)) {
            return Files.isRegularFile(from);
        }
        if (Files.isDirectory(to)) {
            to = to.resolve(from.getFileName());
        }
        if (Files.exists(to) || to.startsWith(from)) {
            return false;
        }
        createParent(to, target);
        Files.move(from, to);
        return true;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        java.nio.file.Path file = local(path);
        if (!Files.exists(file)) {
            return false;
        }
        if (recursive && Files.isDirectory(file)) {
            List<java.nio.file.Path> deepestFirst;
            try (Stream<java.nio.file.Path> all = Files.walk(file)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (java.nio.file.Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
            return true;
        }
        try {
            Files.delete(file);
            return true;
        } catch (DirectoryNotEmptyException e) {
            throw new PathIsNotEmptyDirectoryException(path.toString());
        }
    }

    @Override
    public boolean mkdirs(Path path, @Nullable FsPermission permission) throws IOException {
        createFolder(local(path), path);
        return true;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        java.nio.file.Path file = existing(path);
        if (!Files.isDirectory(file)) {
            return new FileStatus[] {status(path, file)};
        }
        List<java.nio.file.Path> children;
        try (Stream<java.nio.file.Path> all = Files.list(file)) {
            children = all.sorted().toList();
        }
        FileStatus[] statuses = new FileStatus[children.size()];
        for (int i = 0; i < statuses.length; i++) {
            java.nio.file.Path child = children.get(i);
            statuses[i] = status(new Path(path, child.getFileName().toString()), child);
        }
        return statuses;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(path, existing(path));
    }

    private FileStatus status(Path path, java.nio.file.Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        boolean folder = attributes.isDirectory();
        return new FileStatus(
                folder ? 0 : attributes.size(),
                folder,
                1,
                BLOCK_SIZE,
                attributes.lastModifiedTime().toMillis(),
                makeQualified(path));
    }

    private java.nio.file.Path existing(Path path) throws IOException {
        java.nio.file.Path file = local(path);
        if (!Files.exists(file)) {
            throw new FileNotFoundException("No such file or directory: " + makeQualified(path));
        }
        return file;
    }

    private java.nio.file.Path local(Path path) throws IOException {
        checkPath(path);
        java.nio.file.Path folder = initialized(bucket);
        String key = makeQualified(path).toUri().getPath();
        java.nio.file.Path file = folder.resolve(key.substring(1)).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("The path leaves its bucket: " + path);
        }
        return file;
    }

    private static void createParent(java.nio.file.Path file, Path path) throws IOException {
        java.nio.file.Path parent = file.getParent();
        if (parent != null) {
            createFolder(parent, path);
        }
    }

    private static void createFolder(java.nio.file.Path folder, Path path) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(path + " is a file");
        } catch (java.nio.file.FileSystemException e) {
            throw new ParentNotDirectoryException("Cannot make the folder of " + path + ": " + e.getReason());
        }
    }

    private static <T> T initialized(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("initialize was not called");
        }
        return value;
    }

    /** Reads a file from any position. */
    private static final class ObjectInput extends FSInputStream {
        private final SeekableByteChannel channel;

        ObjectInput(SeekableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public void seek(long position) throws IOException {
            if (position < 0) {
                throw new EOFException("Cannot seek to " + position);
            }
            if (position > channel.size()) {
                throw new EOFException("Cannot seek to " + position + ", the file has " + channel.size() + " bytes");
            }
            channel.position(position);
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public boolean seekToNewSource(long targetPosition) {
            return false;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(Integer.MAX_VALUE, channel.size() - channel.position());
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return length == 0 ? 0 : channel.read(ByteBuffer.wrap(buffer, offset, length));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
