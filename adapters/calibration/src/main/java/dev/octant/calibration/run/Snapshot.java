// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.observers.ValueCounts;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What had been read at some moment, and what it adds up to: both of the same moment. Immutable.
 *
 * <p>Of each part it is known how many of its values were read, or that all were. Of a part left in the middle of a
 * sample, what the sample has shown so far.
 */
final class Snapshot {
    /** All values of a part were read. */
    static final long DONE = -1;

    private final long[] visited;
    private final SortedMap<Integer, ValueCounts> openSamples;
    private final SortedMap<String, TensorSummary> tensors;

    Snapshot(long[] visited, Map<Integer, ValueCounts> openSamples, Map<String, TensorSummary> tensors) {
        this.visited = visited.clone();
        this.openSamples = Collections.unmodifiableSortedMap(new TreeMap<>(openSamples));
        this.tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    }

    /** Nothing read yet. */
    static Snapshot start(Work work) {
        SortedMap<String, TensorSummary> tensors = new TreeMap<>();
        work.tensors().forEach(tensor -> tensors.put(tensor, TensorSummary.EMPTY));
        return new Snapshot(new long[work.size()], Map.of(), tensors);
    }

    int parts() {
        return visited.length;
    }

    /** How many values of a part were read, or {@link #DONE}. */
    long visited(int part) {
        return visited[part];
    }

    SortedMap<Integer, ValueCounts> openSamples() {
        return openSamples;
    }

    /** By name, with those of which nothing was read yet. */
    SortedMap<String, TensorSummary> tensors() {
        return tensors;
    }
}
