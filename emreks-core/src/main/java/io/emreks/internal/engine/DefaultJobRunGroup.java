package io.emreks.internal.engine;

import io.emreks.client.CancelResult;
import io.emreks.client.JobRunGroup;
import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Several handles, counted. */
final class DefaultJobRunGroup implements JobRunGroup {
    private final List<DefaultJobRunHandle> handles;
    private final List<CompletableFuture<?>> ends;
    private final Function<List<DefaultJobRunHandle>, JobRunGroup> newGroup;

    DefaultJobRunGroup(List<DefaultJobRunHandle> handles, Function<List<DefaultJobRunHandle>, JobRunGroup> newGroup) {
        this.handles = List.copyOf(handles);
        this.ends = handles.stream()
                .<CompletableFuture<?>>map(JobRunHandle::completion)
                .toList();
        this.newGroup = newGroup;
    }

    @Override
    public List<JobRunHandle> handles() {
        return List.copyOf(handles);
    }

    @Override
    public void addListener(JobRunListener listener) {
        handles.forEach(handle -> handle.addListener(listener));
    }

    @Override
    public Progress progress() {
        int ended = (int) ends.stream().filter(CompletableFuture::isDone).count();
        int failed = failed().size();
        return new Progress(handles.size(), handles.size() - ended, Math.max(0, ended - failed), failed);
    }

    @Override
    public CompletableFuture<Progress> completion() {
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .handle((nothing, failure) -> progress());
    }

    @Override
    public List<JobRunHandle> failed() {
        return List.copyOf(failedOnes());
    }

    private List<DefaultJobRunHandle> failedOnes() {
        return IntStream.range(0, handles.size())
                .filter(i -> ends.get(i).isCompletedExceptionally())
                .mapToObj(handles::get)
                .toList();
    }

    @Override
    public CompletableFuture<List<CancelResult>> cancelAll() {
        List<CompletableFuture<CancelResult>> results =
                handles.stream().map(JobRunHandle::cancel).toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        nothing -> results.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public JobRunGroup rerunFailed() {
        List<DefaultJobRunHandle> failed = failedOnes();
        failed.forEach(DefaultJobRunHandle::again);
        return newGroup.apply(failed.stream().map(DefaultJobRunHandle::rerun).toList());
    }
}
