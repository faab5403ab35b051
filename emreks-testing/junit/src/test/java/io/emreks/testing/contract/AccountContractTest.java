package io.emreks.testing.contract;

import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The contracts against a real account: only where these variables say which. Credentials are those that the AWS SDK finds.
 */
@EnabledIfEnvironmentVariable(named = "EMREKS_CONTRACT_VIRTUAL_CLUSTER", matches = ".+")
class AccountContractTest {
    static ContractTarget account() {
        String region = System.getenv("EMREKS_CONTRACT_REGION");
        try (DefaultCredentialsProvider credentials =
                DefaultCredentialsProvider.builder().build()) {
            return ContractTarget.account(
                    Targets.apache(),
                    URI.create("https://emr-containers." + region + ".amazonaws.com"),
                    region,
                    credentials.resolveCredentials(),
                    System.getenv("EMREKS_CONTRACT_VIRTUAL_CLUSTER"),
                    System.getenv("EMREKS_CONTRACT_EXECUTION_ROLE"),
                    Optional.ofNullable(System.getenv("EMREKS_CONTRACT_RELEASE_LABEL"))
                            .orElse("emr-7.5.0-latest"),
                    UUID.randomUUID().toString().substring(0, 8));
        }
    }

    @Nested
    class Operations extends OperationContract {
        @Override
        protected ContractTarget target() {
            return account();
        }
    }

    @Nested
    class Errors extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return account();
        }
    }

    @Nested
    class Constraints extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return account();
        }
    }
}
