package io.emreks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.service.FakeEmrEks;
import io.emreks.testing.service.FakeS3;
import io.emreks.testing.spark.ImageDeclaration;
import io.emreks.testing.spark.LocalSparkEngine;
import io.emreks.testing.spark.SparkInstallation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java of this module's Javadoc. */
class JavadocSnippetsTest {
    @RegisterExtension
    final EmrEksExtension emr =
            EmrEksExtension.builder().fake(fake -> fake.pageSize(2)).build();

    @Test
    void extendsATest(FakeEmrEks fake) {
        assertThat(fake.jobRuns()).isEmpty();
    }

    static ImageDeclaration anImage() {
        ImageDeclaration image = ImageDeclaration.named("111122223333.dkr.ecr.us-east-1.amazonaws.com/spark-hudi:7.5.0")
                .withFile("/usr/lib/hudi/hudi-spark-bundle.jar", Path.of("hudi-spark3.5-bundle_2.12-1.2.0.jar"));
        return image;
    }

    static FakeEmrEks localSpark(Path jar) {
        Path folder = Path.of("target/s3");
        FakeS3 s3 = FakeS3.onDisk(folder);
        FakeEmrEks fake = FakeEmrEks.builder()
                .realTime()
                .s3(s3)
                .engine(LocalSparkEngine.builder()
                        .s3(s3, folder)
                        .spark(SparkInstallation.ofHome(Path.of("/opt/spark")))
                        .image(ImageDeclaration.named("spark-hudi:7.5.0")
                                .withFile("/usr/lib/hudi/hudi-spark-bundle.jar", jar))
                        .build())
                .build();
        return fake;
    }
}
