package io.emreks.internal.staging;

import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.internal.aws.ObjectStore;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.podtemplate.Finding;
import io.emreks.podtemplate.InvalidPodTemplateException;
import io.emreks.podtemplate.PodRole;
import io.emreks.podtemplate.PodTemplate;
import io.emreks.podtemplate.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks pod templates that lie in S3 already. The job's execution role reads them, not the caller: what the caller may not
 * read is used unchecked.
 */
public final class StoredTemplates {
    private static final Logger LOG = LoggerFactory.getLogger(StoredTemplates.class);

    private final Calls calls;
    private final ObjectStore store;
    private boolean warned;

    /** A template and the pods it is for. */
    public record Stored(PodRole role, S3Location location) {}

    public StoredTemplates(Calls calls, ObjectStore store) {
        this.calls = calls;
        this.store = store;
    }

    /** Completes if nothing is wrong that can be known; fails with an {@link InvalidJobRunRequestException}. */
    public CompletableFuture<@Nullable Void> check(Stored template) {
        return calls.call(ApiOperation.GET_OBJECT, () -> store.get(template.location()))
                .result()
                .handle((content, failure) ->
                        failure == null ? judged(template, content) : unread(template, ApiFailure.in(failure)))
                .thenCompose(problems -> problems.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(new InvalidJobRunRequestException(problems)));
    }

    private List<RequestProblem> unread(Stored template, ApiFailure failure) {
        if (failure.kind() == ApiFailure.Kind.NOT_FOUND) {
            return List.of(problem(template, "", "is not there", "put the pod template there, or name another"));
        }
        if (!warned) {
            warned = true;
            LOG.warn(
                    "Pod templates in S3 that cannot be read are not checked, such as {}: {}",
                    template.location(),
                    failure.getMessage());
        }
        return List.of();
    }

    private static List<RequestProblem> judged(Stored template, byte[] content) {
        List<RequestProblem> problems = new ArrayList<>();
        try {
            List<Finding> findings = PodTemplate.fromFile(
                            template.role(), template.location().toString(), content)
                    .check();
            for (Finding finding : findings) {
                if (finding.severity() == Severity.ERROR) {
                    problems.add(problem(template, "." + finding.path(), finding.reason(), finding.fix()));
                }
            }
        } catch (InvalidPodTemplateException e) {
            problems.add(problem(template, "", e.getMessage(), "mend the pod template"));
        }
        return problems;
    }

    private static RequestProblem problem(Stored template, String path, @Nullable String problem, String fix) {
        String role = template.role() == PodRole.DRIVER ? "driver.pod" : "executors.pod";
        return new RequestProblem(role + "(" + template.location() + ")" + path, String.valueOf(problem), fix);
    }
}
