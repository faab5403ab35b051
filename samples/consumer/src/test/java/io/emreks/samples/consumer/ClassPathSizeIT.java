package io.emreks.samples.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a host service carries because of emreks-core. A bound is raised by hand, and with a reason. */
class ClassPathSizeIT {
    private static final Path BUILT = Path.of(System.getProperty("project.build.directory"));
    private static final Path HOST = BUILT.resolve("it/host");
    private static final double MEGABYTE = 1e6;

    @Test
    void emreksCoreByItself() throws IOException {
        assertSize("emreks-core with all it needs", jars(BUILT.resolve("emreks-core.classpath")), 58, 17.8);
    }

    @Test
    void emreksCoreInAHostThatHasS3() throws IOException {
        List<Path> before = jars(HOST.resolve("libraries/target/runtime.classpath"));
        List<Path> added = jars(HOST.resolve("service/target/runtime.classpath")).stream()
                .filter(jar -> !before.contains(jar))
                .toList();
        assertSize("what emreks-core adds to the host", added, 12, 3.4);
    }

    private static void assertSize(String what, List<Path> jars, int mostJars, double mostMegabytes)
            throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        String size = "%s: %d jars, %.1f MB".formatted(what, jars.size(), bytes / MEGABYTE);
        System.out.println(size);
        assertThat(jars).as(size).hasSizeBetween(1, mostJars);
        assertThat(bytes / MEGABYTE).as(size + " of " + jars).isLessThanOrEqualTo(mostMegabytes);
    }

    private static List<Path> jars(Path classPath) throws IOException {
        return Stream.of(Files.readString(classPath).trim().split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }
}
