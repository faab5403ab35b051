package io.emreks.internal.aws;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * A credentials provider whose failures can be told from those of the call: whatever went wrong in it, the call was not
 * sent.
 */
final class TellingCredentials implements AwsCredentialsProvider {
    private final AwsCredentialsProvider provider;

    TellingCredentials(AwsCredentialsProvider provider) {
        this.provider = provider;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return provider.resolveCredentials();
        } catch (RuntimeException e) {
            throw new NoCredentialsException(e);
        }
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        try {
            return provider.resolveIdentity(request)
                    .<AwsCredentialsIdentity>thenApply(found -> found)
                    .exceptionally(failure -> {
                        throw new NoCredentialsException(
                                failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause()
                                        : failure);
                    });
        } catch (RuntimeException e) {
            throw new NoCredentialsException(e);
        }
    }
}
