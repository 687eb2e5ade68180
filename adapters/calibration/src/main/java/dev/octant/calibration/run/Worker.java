// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.PerSampleSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * Reads parts and brings in what it saw: the observers of one thread, used again for every part. Not thread safe.
 *
 * <p>Long parts are brought in piece by piece, so that a checkpoint never lags behind by more than a piece. Short
 * parts of one tensor are brought in together, for handing over takes as long as observing some ten thousand values.
 */
final class Worker implements TensorPart.Visitor {
    /**
     * Memory of one worker's arrays in bytes: its observers at their largest, what they hand over, and what that is
     * merged into.
     */
    static final int BYTES = HistogramObserver.BYTES + PerSampleObserver.BYTES + 2 * TensorSummary.BYTES;

    /** The most values of a piece, but for a block. */
    static final long PIECE = 1 << 23;

    /** No part is being read. */
    static final int NONE = -1;

    private final Work work;
    private final Collected collected;
    private final RunSettings settings;
    private final BooleanSupplier isStopped;

    private final HistogramObserver histogram = new HistogramObserver();
    private final PerSampleObserver samples = new PerSampleObserver();

    /** Parts of the piece that were read to their ends. */
    private final List<Integer> finished = new ArrayList<>();

    private int number = NONE;
    private TensorPart part;
    private final SampleSplitter splitter = new SampleSplitter(histogram, samples);
    private boolean keepsSamples;
    private boolean hasSamples;
    private String tensor;
    private long passed;
    private long visited;
    private long inPiece;

    Worker(Work work, Collected collected, RunSettings settings, BooleanSupplier isStopped) {
        this.work = work;
        this.collected = collected;
        this.settings = settings;
        this.isStopped = isStopped;
    }

    /** Reads units of parts, each as far as it was not, until there are none or the run is stopped. */
    void readAll(Queue<List<Integer>> units) throws IOException {
        while (!isStopped.getAsBoolean()) {
            List<Integer> unit = units.poll();
            if (unit == null) {
                return;
            }
            for (int next : unit) {
                read(next);
            }
            bringIn();
        }
    }

    private void read(int next) throws IOException {
        visited = collected.visited(next);
        if (isStopped.getAsBoolean()) {
            return;
        }
        if (visited == Snapshot.DONE) {
            // In an earlier process, which did not read the other parts of its array.
            work.part(next).check();
            work.requireUnchanged(next);
            return;
        }
        number = next;
        part = work.part(next);
        keepsSamples = settings.keepsSamples(part);
        if (keepsSamples) {
            splitter.begin(part.sampleLength(), visited % part.sampleLength(), collected.openSample(next));
        }
        passed = 0;
        part.read(this);
        if (isStopped.getAsBoolean()) {
            bringIn();
        } else {
            requireAll();
            finished.add(next);
        }
        number = NONE;
        splitter.begin(1);
    }

    /** Whatever the part says of itself: what was read is what was there all the time, and all of it. */
    private void requireAll() throws IOException {
        work.requireUnchanged(number);
        if (part.values() >= 0 && visited != part.values()) {
            throw new FormatException(part.tensors() + ": part must have the " + part.values()
                    + " values it had when it was opened, was " + visited);
        }
    }

    @Override
    public boolean visit(String visitedTensor, float[] block, int offset, int length) throws IOException {
        int skip = (int) Math.min(length, visited - passed);
        passed += length;
        if (skip == length) {
            return !isStopped.getAsBoolean();
        }
        if (!visitedTensor.equals(tensor)) {
            bringIn();
            tensor = visitedTensor;
        }
        int from = offset + skip;
        int left = length - skip;
        if (keepsSamples) {
            hasSamples |= splitter.observe(block, from, left) > 0;
        } else {
            histogram.observe(block, from, left);
        }
        visited += left;
        inPiece += left;
        if (inPiece >= PIECE) {
            bringIn();
        }
        return !isStopped.getAsBoolean();
    }

    /** Hands over what the piece has shown, and which parts it is of. */
    private void bringIn() {
        PerSampleSummary sampled = hasSamples ? samples.summary() : PerSampleSummary.EMPTY;
        if (inPiece > 0) {
            collected.add(tensor, histogram.summary(), sampled, finished, number, visited, splitter.open());
            histogram.clear();
        } else {
            collected.finish(finished);
        }
        if (hasSamples) {
            samples.clear();
        }
        finished.clear();
        hasSamples = false;
        inPiece = 0;
    }
}
