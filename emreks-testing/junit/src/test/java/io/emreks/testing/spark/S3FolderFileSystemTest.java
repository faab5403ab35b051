package io.emreks.testing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hadoop 3.3 does not run on the newest Java. */
@EnabledForJreRange(max = JRE.JAVA_17)
class S3FolderFileSystemTest {
    @TempDir
    private java.nio.file.Path root;

    private S3FolderFileSystem s3;

    @BeforeEach
    void open() throws IOException {
        s3 = open(root, "s3://lake/");
    }

    private static S3FolderFileSystem open(java.nio.file.Path root, String uri) throws IOException {
        Configuration configuration = new Configuration(false);
        configuration.set(S3FolderFileSystem.ROOT, root.toString());
        S3FolderFileSystem s3 = new S3FolderFileSystem();
        s3.initialize(URI.create(uri), configuration);
        return s3;
    }

    private void write(String uri, String content) throws IOException {
        try (OutputStream out = s3.create(new Path(uri), true)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private String read(String uri) throws IOException {
        try (FSDataInputStream in = s3.open(new Path(uri))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String[] list(String uri) throws IOException {
        return Arrays.stream(s3.listStatus(new Path(uri)))
                .map(status -> status.getPath().toString())
                .toArray(String[]::new);
    }

    @Test
    void keepsObjectsAsFilesOfTheBucketsFolder() throws IOException {
        write("s3://lake/weather/New York/a=1%2F.csv", "rain");

        assertThat(root.resolve("lake/weather/New York/a=1%2F.csv")).hasContent("rain");
        assertThat(read("s3://lake/weather/New York/a=1%2F.csv")).isEqualTo("rain");
        assertThat(list("s3://lake/weather")).containsExactly("s3://lake/weather/New York");
    }

    @Test
    void keepsTheSchemeItWasOpenedWith() throws IOException {
        s3 = open(root, "s3a://lake");
        write("s3a://lake/x", "1");

        FileStatus status = s3.getFileStatus(new Path("/x"));

        assertThat(s3.getScheme()).isEqualTo("s3a");
        assertThat(status.getPath()).hasToString("s3a://lake/x");
        assertThat(status.getLen()).isEqualTo(1);
        assertThat(status.isFile()).isTrue();
    }

    @Test
    void readsFromAnyPosition() throws IOException {
        write("s3://lake/x", "0123456789");
        try (FSDataInputStream in = s3.open(new Path("s3://lake/x"))) {
            in.seek(7);
            assertThat(in.read()).isEqualTo('7');
            byte[] middle = new byte[3];
            in.readFully(2, middle);
            assertThat(middle).asString().isEqualTo("234");
            assertThat(in.getPos()).isEqualTo(8);
            in.seek(10);
            assertThat(in.read()).isEqualTo(-1);
            assertThatThrownBy(() -> in.seek(-1)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void createReplacesOnlyWhenAsked() throws IOException {
        write("s3://lake/x", "old old old");
        write("s3://lake/x", "new");

        assertThat(read("s3://lake/x")).isEqualTo("new");
        assertThatThrownBy(() -> s3.create(new Path("s3://lake/x"), false))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> s3.create(new Path("s3://lake/"), true))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> s3.create(new Path("s3://lake/x/y"), true)).isInstanceOf(IOException.class);
    }

    @Test
    void appendsAtTheEnd() throws IOException {
        write("s3://lake/x", "one");
        try (var out = s3.append(new Path("s3://lake/x"))) {
            assertThat(out.getPos()).isEqualTo(3);
            out.write('!');
        }

        assertThat(read("s3://lake/x")).isEqualTo("one!");
        assertThatThrownBy(() -> s3.append(new Path("s3://lake/none"))).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void renamesFilesAndFolders() throws IOException {
        write("s3://lake/a/x", "1");
        write("s3://lake/b/y", "2");

        assertThat(s3.rename(new Path("s3://lake/a/x"), new Path("s3://lake/c/z")))
                .isTrue();
        assertThat(read("s3://lake/c/z")).isEqualTo("1");
        assertThat(s3.rename(new Path("s3://lake/c"), new Path("s3://lake/b"))).isTrue();
        assertThat(read("s3://lake/b/c/z")).isEqualTo("1");
    }

    @Test
    void refusesRenamesThatWouldLoseSomething() throws IOException {
        write("s3://lake/a/x", "1");
        write("s3://lake/a/y", "2");

        assertThat(s3.rename(new Path("s3://lake/a/x"), new Path("s3://lake/a/y")))
                .isFalse();
        assertThat(s3.rename(new Path("s3://lake/none"), new Path("s3://lake/z")))
                .isFalse();
        assertThat(s3.rename(new Path("s3://lake/a"), new Path("s3://lake/a/b/c")))
                .isFalse();
        assertThat(s3.rename(new Path("s3://lake/a"), new Path("s3://lake/a"))).isFalse();
        assertThat(s3.rename(new Path("s3://lake/a/x"), new Path("s3://lake/a/x")))
                .isTrue();
        assertThat(read("s3://lake/a/y")).isEqualTo("2");
    }

    @Test
    void deletesFilesAndFolders() throws IOException {
        write("s3://lake/a/x", "1");
        write("s3://lake/a/b/y", "2");

        assertThatThrownBy(() -> s3.delete(new Path("s3://lake/a"), false))
                .isInstanceOf(PathIsNotEmptyDirectoryException.class);
        assertThat(s3.delete(new Path("s3://lake/a/x"), false)).isTrue();
        assertThat(s3.delete(new Path("s3://lake/a"), true)).isTrue();
        assertThat(s3.delete(new Path("s3://lake/a"), true)).isFalse();
        assertThat(s3.exists(new Path("s3://lake/a"))).isFalse();
    }

    @Test
    void makesFolders() throws IOException {
        assertThat(s3.mkdirs(new Path("s3://lake/a/b"))).isTrue();
        assertThat(s3.mkdirs(new Path("s3://lake/a/b"))).isTrue();
        assertThat(s3.getFileStatus(new Path("s3://lake/a")).isDirectory()).isTrue();
        write("s3://lake/f", "");
        assertThatThrownBy(() -> s3.mkdirs(new Path("s3://lake/f"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> s3.mkdirs(new Path("s3://lake/f/g"))).isInstanceOf(IOException.class);
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> s3.open(new Path("s3://lake/none")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("No such file or directory: s3://lake/none");
        assertThatThrownBy(() -> s3.listStatus(new Path("s3://lake/none"))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> s3.getFileStatus(new Path("s3://lake/none")))
                .isInstanceOf(FileNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://lake/../other/x", "/../../x", "../x", "a/../../other/x"})
    void staysInItsBucket(String uri) throws IOException {
        Files.createDirectories(root.resolve("other"));
        Files.writeString(root.resolve("other/x"), "secret");
        Files.writeString(root.resolve("x"), "secret");

        assertThatThrownBy(() -> s3.open(new Path(uri))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> s3.delete(new Path(uri), true)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:///x", "s3://../x", "s3://./x"})
    void needsABucket(String uri) {
        assertThatThrownBy(() -> open(root, uri)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesOtherBuckets() {
        assertThatThrownBy(() -> s3.open(new Path("s3://other/x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 50)
    void whatWasWrittenIsRead(@ForAll @Size(max = 20_000) byte[] content) throws IOException {
        java.nio.file.Path folder = Files.createTempDirectory("s3-folder");
        try {
            S3FolderFileSystem system = open(folder, "s3://lake");
            Path path = new Path("s3://lake/a");
            try (OutputStream out = system.create(path)) {
                out.write(content);
            }
            try (FSDataInputStream in = system.open(path)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            system.delete(new Path("/"), true);
        } finally {
            Files.delete(folder);
        }
    }
}
