package io.emreks.testing.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A container image as {@link LocalSparkEngine} knows it: a name and the files that jobs reach as {@code local:///path}.
 * Immutable.
 *
 * <pre>{@code
 * ImageDeclaration image = ImageDeclaration.named("111122223333.dkr.ecr.us-east-1.amazonaws.com/spark-hudi:7.5.0")
 *         .withFile("/usr/lib/hudi/hudi-spark-bundle.jar", Path.of("hudi-spark3.5-bundle_2.12-1.2.0.jar"));
 * }</pre>
 */
public final class ImageDeclaration {
    private final String name;
    private final Map<String, Path> files;

    private ImageDeclaration(String name, Map<String, Path> files) {
        this.name = name;
        this.files = Map.copyOf(files);
    }

    /**
     * An image without files.
     *
     * @param name what {@code spark.kubernetes.container.image} says, character for character
     */
    public static ImageDeclaration named(String name) {
        return new ImageDeclaration(name, Map.of());
    }

    /**
     * This image with one more file; it replaces one at the same path.
     *
     * @param pathInImage the absolute path, without {@code local://}
     * @param file a file of this machine
     * @throws IllegalArgumentException if the path is not absolute and plain or the file does not exist
     */
    public ImageDeclaration withFile(String pathInImage, Path file) {
        if (!pathInImage.matches("/.*[^/]")
                || !Path.of(pathInImage).normalize().toString().equals(pathInImage)) {
            throw new IllegalArgumentException("pathInImage: '" + pathInImage
                    + "' is no absolute path of a file; give one such as /usr/lib/hudi/a.jar.");
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("file: " + file + " for " + pathInImage + " does not exist.");
        }
        Map<String, Path> more = new HashMap<>(files);
        more.put(pathInImage, file.toAbsolutePath());
        return new ImageDeclaration(name, more);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The files of this machine by their paths in the image. */
    public Map<String, Path> files() {
        return files;
    }

    @Override
    public String toString() {
        return "ImageDeclaration[" + name + ", " + files.keySet() + "]";
    }
}
