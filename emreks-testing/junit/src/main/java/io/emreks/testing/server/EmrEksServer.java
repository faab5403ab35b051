package io.emreks.testing.server;

import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.service.JobRunScript;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The fake as a program: serves EMR on EKS and S3 over HTTP until it is ended (SIGTERM). Its options are those of {@code
 * --help}; what it can be told while it runs is under {@code /_emreks/}. Runs unfold as {@link JobRunScript#lifelike()}
 * says, unless they are told otherwise or Spark runs them.
 */
public final class EmrEksServer {
    private static final int WRONG_USAGE = 2;

    private EmrEksServer() {}

    /** Starts the server, prints where it listens, and returns; the server goes on. */
    public static void main(String[] arguments) {
        try {
            Options options = Options.of(arguments);
            if (options.help) {
                System.out.print(Options.USAGE);
                return;
            }
            start(options);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(WRONG_USAGE);
        } catch (IOException | RuntimeException e) {
            System.err.println("The server cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void start(Options options) throws IOException {
        FakeEmrEks.Builder builder = FakeEmrEks.builder()
                .accountId(options.account)
                .region(options.region)
                .seed(options.seed)
                .script(JobRunScript.lifelike());
        options.timeFactor.ifPresent(builder::realTime);
        options.dataFolder.ifPresent(builder::dataFolder);
        if (options.dataFolder.isPresent() || options.sparkHome.isPresent()) {
            Path objects = options.dataFolder.isPresent()
                    ? options.dataFolder.get().resolve("s3")
                    : Files.createTempDirectory("emreks-s3-");
            FakeS3 s3 = FakeS3.onDisk(objects);
            builder.s3(s3);
            options.sparkHome.ifPresent(home -> builder.engine(spark(options, home, s3, objects)));
        }
        FakeEmrEks fake = builder.build();
        Runtime.getRuntime().addShutdownHook(new Thread(fake::close, "emreks-server-end"));
        options.quotaScale.ifPresent(fake::throttleByQuotas);
        System.out.println("EMR on EKS (fake) and S3 at "
                + fake.startServer(options.host, options.port).endpoint() + ", account " + options.account + ", region "
                + options.region);
    }

    private static LocalSparkEngine spark(Options options, Path home, FakeS3 s3, Path objects) {
        LocalSparkEngine.Builder spark = LocalSparkEngine.builder()
                .s3(s3, objects)
                .spark(SparkInstallation.ofHome(home))
                .sparkUi(options.sparkUi);
        // one driver may have all of it
        options.sparkMemory.ifPresent(all -> spark.memoryMebibytes(all)
                .driverHeapMebibytes(Math.max(512, all - LocalSparkEngine.MEBIBYTES_BESIDE_HEAP)));
        options.sparkArchive.ifPresent(spark::classArchive);
        return spark.build();
    }
}
