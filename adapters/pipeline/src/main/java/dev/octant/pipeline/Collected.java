package dev.octant.pipeline;

import dev.octant.formats.tensor.TensorPart;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import dev.octant.observers.ValueCounts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all threads have brought in: the summaries, and in the same breath which parts they are of. Thread safe.
 *
 * <p>A part is brought in as a whole or in pieces; either way a {@link #snapshot} at any moment has each value once or not at
 * all.
 */
final class Collected {
    private final Work work;
    private final long[] visited;
    private final Map<Integer, ValueCounts> openSamples;
    private final Map<String, TensorSummary> tensors;
    private long values;
    private long bytes;

    /** Goes on from a snapshot of the same work. */
    Collected(Work work, Snapshot from) {
        this.work = work;
        visited = new long[from.parts()];
        openSamples = new TreeMap<>(from.openSamples());
        tensors = new TreeMap<>(from.tensors());
        for (TensorSummary summary : tensors.values()) {
            values += summary.values().counts().count();
        }
        for (int part = 0; part < visited.length; part++) {
            move(part, from.visited(part));
        }
    }

    /** How many values of a part were brought in, or {@link Snapshot#DONE}. */
    synchronized long visited(int part) {
        return visited[part];
    }

    /** What the sample that a part was left in has shown so far. */
    synchronized ValueCounts openSample(int part) {
        return openSamples.getOrDefault(part, ValueCounts.NONE);
    }

    /**
     * Brings in what was seen of a tensor.
     *
     * @param seen all values
     * @param samples the samples that ended among them
     * @param finished parts of which all values are in now
     * @param part the part that is in up to {@code reached} values, or {@link Worker#NONE}
     * @param open what the sample that it was left in has shown so far
     */
    synchronized void add(
            String tensor,
            HistogramSummary seen,
            PerSampleSummary samples,
            List<Integer> finished,
            int part,
            long reached,
            ValueCounts open) {
        tensors.put(tensor, tensors.getOrDefault(tensor, TensorSummary.EMPTY).plus(seen, samples));
        values += seen.counts().count();
        finish(finished);
        if (part != Worker.NONE) {
            move(part, reached);
            if (open.count() > 0) {
                openSamples.put(part, open);
            } else {
                openSamples.remove(part);
            }
        }
    }

    /** All values of these parts were brought in. */
    synchronized void finish(List<Integer> finished) {
        for (int part : finished) {
            move(part, Snapshot.DONE);
            openSamples.remove(part);
        }
    }

    private void move(int part, long reached) {
        bytes += bytesUpTo(part, reached) - bytesUpTo(part, visited[part]);
        visited[part] = reached;
    }

    private long bytesUpTo(int number, long reached) {
        TensorPart part = work.part(number);
        if (reached == Snapshot.DONE) {
            return part.bytes();
        }
        double perValue = part.values() > 0 ? (double) part.bytes() / part.values() : Float.BYTES;
        return Math.min(part.bytes(), (long) (reached * perValue));
    }

    synchronized TensorSummary summary(String tensor) {
        return tensors.get(tensor);
    }

    synchronized RunProgress progress(int settled) {
        return new RunProgress(values, bytes, work.bytes(), settled, tensors.size());
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(visited, openSamples, tensors);
    }
}
