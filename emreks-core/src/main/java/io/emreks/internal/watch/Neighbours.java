package io.emreks.internal.watch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Runs that are next to each other in age, around one of them. */
final class Neighbours {
    private final List<RunWatch> around = new ArrayList<>();
    private final int own;
    private final Predicate<RunWatch> due;

    /** @param most how many neighbours may be wanted on either side */
    Neighbours(NavigableSet<RunWatch> byAge, RunWatch run, int most, Predicate<RunWatch> due) {
        this.due = due;
        byAge.headSet(run, false).descendingSet().stream().limit(most).forEach(around::add);
        Collections.reverse(around);
        own = around.size();
        byAge.tailSet(run, true).stream().limit(most + 1L).forEach(around::add);
    }

    /** Of those that fit, with the run among them, the ones with most that are due; from the first to the last due one. */
    List<RunWatch> fitting(double room, ToDoubleFunction<RunWatch> size) {
        int start = own;
        double taken = size.applyAsDouble(around.get(own));
        while (start > 0 && taken + size.applyAsDouble(around.get(start - 1)) <= room) {
            taken += size.applyAsDouble(around.get(--start));
        }
        int end = own + 1;
        int dueNow = dueIn(start, end);
        int best = 0;
        int bestStart = own;
        int bestEnd = own + 1;
        while (start <= own) {
            while (end < around.size() && taken + size.applyAsDouble(around.get(end)) <= room) {
                dueNow += due.test(around.get(end)) ? 1 : 0;
                taken += size.applyAsDouble(around.get(end++));
            }
            if (dueNow > best) {
                best = dueNow;
                bestStart = start;
                bestEnd = end;
            }
            dueNow -= due.test(around.get(start)) ? 1 : 0;
            taken -= size.applyAsDouble(around.get(start++));
        }
        return trimmed(bestStart, bestEnd);
    }

    private int dueIn(int start, int end) {
        return (int) around.subList(start, end).stream().filter(due).count();
    }

    private List<RunWatch> trimmed(int from, int to) {
        int start = from;
        int end = to;
        while (start < own && !due.test(around.get(start))) {
            start++;
        }
        while (end > own + 1 && !due.test(around.get(end - 1))) {
            end--;
        }
        return around.subList(start, end);
    }
}
