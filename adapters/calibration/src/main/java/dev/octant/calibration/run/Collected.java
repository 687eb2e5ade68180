// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.tensor.TensorPart;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all threads have brought in: the summaries, together with which parts they are of. Thread safe.
 *
 * <p>A part is brought in as a whole or in pieces; either way a {@link #snapshot} at any moment has each value once
 * or not at all.
 */
final class Collected {
    private final Work work;
    private final long[] visited;

    /** By part: what the sample that it was left in has shown so far. */
    private final ValueCounts[] openSamples;

    private final Map<String, TensorSummary> tensors;
    private long values;
    private long bytes;

    /** Goes on from a snapshot of the same work. */
    Collected(Work work, Snapshot from) {
        this.work = work;
        visited = new long[from.parts()];
        openSamples = new ValueCounts[visited.length];
        Arrays.fill(openSamples, ValueCounts.NONE);
        from.openSamples().forEach((part, open) -> openSamples[part] = open);
        tensors = new TreeMap<>(from.tensors());
        for (TensorSummary summary : tensors.values()) {
            values += summary.values().counts().count();
        }
        for (int part = 0; part < visited.length; part++) {
            visited[part] = from.visited(part);
            bytes += bytesUpTo(part, visited[part]);
        }
    }

    /** How many values of a part were brought in, or {@link Snapshot#DONE}. */
    synchronized long visited(int part) {
        return visited[part];
    }

    /** What the sample that a part was left in has shown so far. */
    synchronized ValueCounts openSample(int part) {
        return openSamples[part];
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
        TensorSummary sum = tensors.getOrDefault(tensor, TensorSummary.EMPTY).plus(seen, samples);
        long advance = advance(finished, part, reached);
        // From here on nothing takes memory, so nothing can fail: values and how far they were read stay of one moment.
        tensors.put(tensor, sum);
        values += seen.counts().count();
        move(finished, advance);
        if (part != Worker.NONE) {
            visited[part] = reached;
            openSamples[part] = open;
        }
    }

    /** All values of these parts were brought in. */
    synchronized void finish(List<Integer> finished) {
        move(finished, advance(finished, Worker.NONE, 0));
    }

    /** By how many bytes of the files all moves together lead on. */
    private long advance(List<Integer> finished, int part, long reached) {
        long advance = part == Worker.NONE ? 0 : bytesUpTo(part, reached) - bytesUpTo(part, visited[part]);
        for (int done : finished) {
            advance += bytesUpTo(done, Snapshot.DONE) - bytesUpTo(done, visited[done]);
        }
        return advance;
    }

    private void move(List<Integer> finished, long advance) {
        bytes += advance;
        for (int i = 0; i < finished.size(); i++) {
            visited[finished.get(i)] = Snapshot.DONE;
            openSamples[finished.get(i)] = ValueCounts.NONE;
        }
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

    /** Receives a snapshot. */
    @FunctionalInterface
    interface Reader {
        void read(Snapshot snapshot) throws IOException;
    }

    /**
     * Shows a snapshot while nothing is brought in: so the summaries of the moment are not held beside those that would
     * take their places, and memory is that of one summary per tensor. Threads that bring something in wait for it.
     */
    synchronized void show(Reader reader) throws IOException {
        reader.read(snapshot());
    }

    synchronized Snapshot snapshot() {
        Map<Integer, ValueCounts> open = new TreeMap<>();
        for (int part = 0; part < openSamples.length; part++) {
            if (openSamples[part].count() > 0) {
                open.put(part, openSamples[part]);
            }
        }
        return new Snapshot(visited, open, tensors);
    }
}
