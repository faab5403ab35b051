package io.emreks.testing.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Tells the {@link LocalSparkEngine} that started a Spark where the Spark UI is, in the file that the setting {@value #FILE}
 * names: Spark itself chose the port, and only it knows. Nobody else needs it.
 *
 * <p>This class uses no other class of its jar: the Spark that loads it has only itself beside it.
 */
public final class UiPlugin implements SparkPlugin {
    /** The Spark setting that names the file. It is there, whole, while a SparkContext shows its UI. */
    public static final String FILE = "spark.emreks.uiFile";

    /** For Spark. */
    public UiPlugin() {}

    @Override
    public DriverPlugin driverPlugin() {
        return new Teller();
    }

    @Override
    public @Nullable ExecutorPlugin executorPlugin() {
        return null;
    }

    private static final class Teller implements DriverPlugin {
        private @Nullable Path file;

        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            if (context.conf().contains(FILE) && context.uiWebUrl().isDefined()) {
                Path target = Path.of(context.conf().get(FILE));
                file = target;
                try {
                    Path whole = Files.writeString(
                            target.resolveSibling(target.getFileName() + ".new"),
                            context.uiWebUrl().get());
                    Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    // the job does not fail for it
                    System.err.println("The address of the Spark UI cannot be told: " + e);
                }
            }
            return Map.of();
        }

        @Override
        public void shutdown() {
            if (file != null) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    System.err.println("The address of the Spark UI cannot be taken back: " + e);
                }
            }
        }
    }
}
