// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.calibration.run.SampleSplitter;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.PerSampleSummary;

/**
 * Observers that the tensors of one thread take turns with: an observer holds several times what it sums up to, and
 * files show one tensor at a time. A tensor's turn ends when another's begins, or when it is asked what it saw. Not
 * thread safe.
 */
public final class SharedObservers {
    /** The most memory of the arrays in bytes. */
    public static final long BYTES = (long) HistogramObserver.BYTES + PerSampleObserver.BYTES;

    private final HistogramObserver histogram = new HistogramObserver();

    /** Null until a tensor's samples are asked for. */
    private PerSampleObserver samples;

    private boolean hasSamples;

    /** Whose values are observed, or null. */
    private TensorObserver turn;

    /** Observers that have seen nothing. */
    public SharedObservers() {}

    void turnTo(TensorObserver tensor) {
        if (turn != tensor) {
            end();
            turn = tensor;
        }
    }

    void endTurn(TensorObserver tensor) {
        if (turn == tensor) {
            end();
        }
    }

    private void end() {
        if (turn == null) {
            return;
        }
        turn.add(histogram.summary(), hasSamples ? samples.summary() : PerSampleSummary.EMPTY);
        histogram.clear();
        if (hasSamples) {
            samples.clear();
        }
        hasSamples = false;
        turn = null;
    }

    /** A splitter for a tensor, which knows the sample that it was left in when another's turn came. */
    SampleSplitter splitter() {
        if (samples == null) {
            samples = new PerSampleObserver();
        }
        return new SampleSplitter(histogram, samples);
    }

    /** The next values of the tensor whose turn it is. */
    void observe(float[] block, int length) {
        histogram.observe(block, 0, length);
    }

    /** The same where they are of samples. */
    void observe(float[] block, int length, SampleSplitter splitter) {
        hasSamples |= splitter.observe(block, 0, length) > 0;
    }
}
