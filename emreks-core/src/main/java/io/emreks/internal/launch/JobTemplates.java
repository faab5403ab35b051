package io.emreks.internal.launch;

import io.emreks.error.InvalidJobRunRequestException;
import io.emreks.error.RequestProblem;
import io.emreks.internal.aws.EmrApi;
import io.emreks.internal.aws.EmrApi.TemplateParameter;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.model.JobTemplateUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks what is given to a job template against what it declares. A template never changes, so each is looked up once.
 * Belongs to the loop.
 */
public final class JobTemplates {
    private static final Logger LOG = LoggerFactory.getLogger(JobTemplates.class);
    private static final int REMEMBERED = 1_000;
    private static final String NUMBER = "[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?";

    private final Calls calls;
    private final EmrApi emr;
    private final Map<String, Map<String, TemplateParameter>> declared = new LinkedHashMap<>();
    private boolean warned;

    public JobTemplates(Calls calls, EmrApi emr) {
        this.calls = calls;
        this.emr = emr;
    }

    /**
     * Completes if the parameters are right, or the caller may not look; fails with an {@link InvalidJobRunRequestException}
     * or an {@link ApiFailure}.
     */
    public CompletableFuture<@Nullable Void> check(JobTemplateUse use) {
        Map<String, TemplateParameter> known = declared.get(use.id());
        if (known != null) {
            return judged(use, known);
        }
        return calls.call(ApiOperation.DESCRIBE_JOB_TEMPLATE, () -> emr.jobTemplateParameters(use.id()))
                .result()
                .thenApply(parameters -> {
                    declared.put(use.id(), parameters);
                    if (declared.size() > REMEMBERED) {
                        declared.remove(declared.keySet().iterator().next());
                    }
                    return Optional.of(parameters);
                })
                .exceptionallyCompose(failure -> {
                    ApiFailure problem = ApiFailure.in(failure);
                    if (problem.kind() != ApiFailure.Kind.DENIED) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    warnOnce(problem);
                    return CompletableFuture.completedFuture(Optional.empty());
                })
                .thenCompose(parameters -> parameters
                        .map(its -> judged(use, its))
                        .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    private static CompletableFuture<@Nullable Void> judged(
            JobTemplateUse use, Map<String, TemplateParameter> parameters) {
        List<RequestProblem> problems = new ArrayList<>();
        parameters.forEach((name, parameter) -> {
            String value = use.parameters().get(name);
            if (value == null && !parameter.hasDefault()) {
                problems.add(new RequestProblem(
                        field(name), "is missing, and job template " + use.id() + " has no default for it", "give it"));
            } else if (value != null && parameter.number() && !value.matches(NUMBER)) {
                problems.add(new RequestProblem(
                        field(name), "is not a number, as job template " + use.id() + " declares", "give a number"));
            }
        });
        use.parameters().keySet().stream()
                .filter(name -> !parameters.containsKey(name))
                .sorted()
                .forEach(name -> problems.add(new RequestProblem(
                        field(name),
                        "is not declared by job template " + use.id(),
                        "declared are " + parameters.keySet().stream().sorted().toList())));
        return problems.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new InvalidJobRunRequestException(problems));
    }

    private static String field(String parameter) {
        return "templateParameter[" + parameter + "]";
    }

    private void warnOnce(ApiFailure denied) {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "The parameters of job templates are not checked; allow emr-containers:DescribeJobTemplate: {}",
                    denied.getMessage());
        }
    }
}
