package io.emreks.internal.aws;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;

class AwsClientsTest {
    @Test
    void makesNoClientThatNobodyWouldClose() {
        AwsClients.Settings settings = new AwsClients.Settings();
        settings.region = Region.US_EAST_1;
        AwsClients clients = new AwsClients(settings);
        clients.close();
        S3Location somewhere = S3Location.parse("s3://bucket/key").orElseThrow();
        assertThatIllegalStateException()
                .isThrownBy(() -> clients.s3().list(somewhere, Optional.empty()))
                .withMessage("The client is closed");
    }
}
