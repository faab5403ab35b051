package io.emreks.testing.service;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/** The fake EMR on EKS service. */
@SuppressWarnings("DoNotCallSuggester")
public final class FakeEmrEks implements AutoCloseable {
    private FakeEmrEks() {}

    public static FakeEmrEks create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public String createVirtualCluster(String name) {
        throw new UnsupportedOperationException();
    }

    public VirtualTime time() {
        throw new UnsupportedOperationException();
    }

    public Clock clock() {
        throw new UnsupportedOperationException();
    }

    public String region() {
        throw new UnsupportedOperationException();
    }

    public String accountId() {
        throw new UnsupportedOperationException();
    }

    public FakeS3 s3() {
        throw new UnsupportedOperationException();
    }

    public SdkAsyncHttpClient asyncHttpClient() {
        throw new UnsupportedOperationException();
    }

    public SdkHttpClient httpClient() {
        throw new UnsupportedOperationException();
    }

    public FakeServer startServer() {
        throw new UnsupportedOperationException();
    }

    public void script(JobRunScript script) {
        throw new UnsupportedOperationException();
    }

    public void script(Predicate<FakeJobRun> which, JobRunScript script) {
        throw new UnsupportedOperationException();
    }

    public Faults faults() {
        throw new UnsupportedOperationException();
    }

    public List<FakeJobRun> jobRuns() {
        throw new UnsupportedOperationException();
    }

    public FakeJobRun jobRun(String id) {
        throw new UnsupportedOperationException();
    }

    public List<FakeRequest> requests() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    public static final class Builder {
        private Builder() {}

        public Builder virtualTime(VirtualTime time) {
            return this;
        }

        public Builder realTime() {
            return this;
        }

        public Builder region(String region) {
            return this;
        }

        public Builder accountId(String accountId) {
            return this;
        }

        public Builder seed(long seed) {
            return this;
        }

        public Builder s3(FakeS3 s3) {
            return this;
        }

        public Builder engine(JobRunEngine engine) {
            return this;
        }

        public Builder clientTokenRetention(Duration retention) {
            return this;
        }

        public Builder clientTokenReuse(ClientTokenReuse reuse) {
            return this;
        }

        public Builder pageSize(int items) {
            return this;
        }

        public Builder listsShowTags(boolean shown) {
            return this;
        }

        public Builder listsShowClientTokens(boolean shown) {
            return this;
        }

        public Builder createBucketsOnPut(boolean create) {
            return this;
        }

        public Builder virtualClusterDeletionTakes(Duration duration) {
            return this;
        }

        public Builder requestLog(int calls) {
            return this;
        }

        public FakeEmrEks build() {
            return new FakeEmrEks();
        }
    }
}
