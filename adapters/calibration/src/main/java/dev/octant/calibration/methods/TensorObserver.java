// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.calibration.run.SampleSplitter;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.RealRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.lang3.Validate;

/**
 * Observes one tensor for several methods at once, array by array, each in blocks of any length.
 *
 * <p>A sample is as long as {@link #begin} states, across blocks; a batch is one array, held in memory whole, and
 * only where a method asks for batches. Otherwise memory does not grow with the data.
 *
 * <p>Observers of many tensors take turns with one {@link SharedObservers}: between its turns a tensor holds only
 * what was summed up, a fifth of the memory. What comes out is the same. Not thread safe.
 */
public final class TensorObserver {
    /** The most values of an array that is held whole: 256 MB. */
    public static final int MOST_BATCH = 1 << 26;

    /** An engine's observer: as many bins as it begins with, and what it makes of them. */
    private static final long ENGINE_BYTES = 32 << 10;

    private final int mostBatch;

    private final SharedObservers shared;
    private HistogramSummary histogram = HistogramSummary.EMPTY;
    private PerSampleSummary samples = PerSampleSummary.EMPTY;
    private final Map<String, Method.BatchRange> batches = new LinkedHashMap<>();
    private final boolean samplesAsked;

    /** Null where no method looks at samples. */
    private final SampleSplitter splitter;

    private boolean samplesKnown = true;
    private boolean isOpen;
    private float[] batch = new float[0];
    private int batchLength;

    /** An observer of what the methods need, alone. */
    public TensorObserver(Collection<Method> methods) {
        this(methods, new SharedObservers());
    }

    /** The same for one of several tensors that are observed by turns. */
    public TensorObserver(Collection<Method> methods, SharedObservers shared) {
        this(methods, shared, MOST_BATCH);
    }

    TensorObserver(Collection<Method> methods, SharedObservers shared, int mostBatch) {
        Given.require("methods", methods);
        Given.require("shared", shared);
        methods.forEach(method -> Given.require("method", method));
        this.shared = shared;
        this.mostBatch = mostBatch;
        samplesAsked = asksSamples(methods);
        splitter = samplesAsked ? shared.splitter() : null;
        for (Method method : methods) {
            if (method instanceof Method.OfBatches ofBatches) {
                batches.put(ofBatches.name(), ofBatches.start().get());
            }
        }
    }

    private static boolean asksSamples(Collection<Method> methods) {
        return methods.stream().anyMatch(m -> m instanceof Method.OfSamples);
    }

    /**
     * Memory of an observer for these methods in bytes, beside the {@link SharedObservers} and the array that it
     * holds whole while it is observed.
     */
    public static long bytes(Collection<Method> methods) {
        Given.require("methods", methods);
        long engines =
                methods.stream().filter(m -> m instanceof Method.OfBatches).count();
        return (asksSamples(methods) ? TensorSummary.BYTES : TensorSummary.VALUES_BYTES) + engines * ENGINE_BYTES;
    }

    /**
     * The next array begins.
     *
     * @param sampleLength how many of its values make a sample; 0 where samples are not known
     * @throws IllegalArgumentException if that is negative
     */
    public void begin(long sampleLength) {
        Validate.isTrue(sampleLength >= 0, "sample length must be at least 0, was %s", sampleLength);
        isOpen = true;
        samplesKnown &= sampleLength > 0;
        if (samplesAsked && samplesKnown) {
            splitter.begin(sampleLength);
        }
        batchLength = 0;
    }

    /**
     * The next values of the array, {@code block[0 .. length)}.
     *
     * @throws IllegalArgumentException if the array must be held whole and is too long for that
     * @throws IllegalStateException if no array has begun
     * @throws IndexOutOfBoundsException if the block has fewer values
     */
    public void observe(float[] block, int length) {
        Given.require("block", block);
        Validate.validState(isOpen, "array must begin before its values are observed");
        Bounds.check("block", block, 0, length);
        shared.turnTo(this);
        if (samplesAsked && samplesKnown) {
            shared.observe(block, length, splitter);
        } else {
            shared.observe(block, length);
        }
        if (!batches.isEmpty()) {
            if (length > mostBatch - batchLength) {
                throw new IllegalArgumentException("array must have at most " + mostBatch + " values for "
                        + String.join(", ", batches.keySet()) + ", was longer");
            }
            if (batchLength + length > batch.length) {
                batch = Arrays.copyOf(batch, Math.max(batchLength + length, Math.min(2 * batch.length, mostBatch)));
            }
            System.arraycopy(block, 0, batch, batchLength, length);
            batchLength += length;
        }
    }

    /** The array ends. */
    public void end() {
        batches.values().forEach(b -> b.observer().observe(batch, 0, batchLength));
        // Only the array that is being read is held: arrays of other tensors come next.
        batch = new float[0];
        batchLength = 0;
        isOpen = false;
    }

    /** What it was shown in its turn, which is over. */
    void add(HistogramSummary seen, PerSampleSummary sampled) {
        histogram = histogram.counts().count() == 0 ? seen : histogram.merge(seen);
        samples = samples.values().count() == 0 ? sampled : samples.merge(sampled);
    }

    /** All values as a histogram. */
    public HistogramSummary summary() {
        shared.endTurn(this);
        return histogram;
    }

    /**
     * The extremes of the samples.
     *
     * @throws IllegalArgumentException if an array's samples are not known, or no method asked for them
     */
    PerSampleSummary samples(Method method) {
        requireAsked(samplesAsked, method);
        if (!samplesKnown) {
            throw new IllegalArgumentException(
                    "array must hold its samples one after the other for " + method + ", was in another order");
        }
        shared.endTurn(this);
        return samples;
    }

    RealRange batches(Method.OfBatches method) {
        Method.BatchRange asked = batches.get(method.name());
        requireAsked(asked != null, method);
        return asked.range().get();
    }

    private static void requireAsked(boolean isAsked, Method method) {
        Validate.isTrue(isAsked, "method must be one of those that the tensor is observed for, was %s", method);
    }
}
