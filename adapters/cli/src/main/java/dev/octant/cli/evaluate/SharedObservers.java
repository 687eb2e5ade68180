package dev.octant.cli.evaluate;

import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.PerSampleSummary;

/**
 * Observers that the tensors of one thread take turns with: an observer holds several times what it sums up to, and files
 * show one tensor at a time. A tensor's turn ends when another's begins, or when it is asked what it saw. Not thread safe.
 */
public final class SharedObservers {
    /** The most memory of the arrays in bytes. */
    public static final long BYTES = HistogramObserver.BYTES + PerSampleObserver.BYTES;

    private final HistogramObserver histogram = new HistogramObserver();

    /** Null until a tensor has samples. */
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

    HistogramObserver histogram() {
        return histogram;
    }

    PerSampleObserver samples() {
        if (samples == null) {
            samples = new PerSampleObserver();
        }
        hasSamples = true;
        return samples;
    }
}
