// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.BlockSums;
import org.apache.commons.lang3.Validate;

/**
 * The gradients of the bounds of a {@link LearnedClip}, added up over the parts of a tensor by the rule of {@link
 * StepGradient}: their bits do not depend on vectors, threads or the lengths of parts.
 *
 * <pre>
 * low   sum of dy where x &lt;= low
 * high  sum of dy where x &gt;= high
 * </pre>
 *
 * <p>{@link LearnedClip#gradient} makes one. Several threads have a gradient each for parts that begin at multiples of
 * {@value #UNIT} elements, and merge them in any order. NaN adds nothing and is counted. Not thread safe.
 */
public final class ClipGradient {
    /** Elements after which a new block of the sums begins. */
    public static final int UNIT = BlockSums.BLOCK;

    private final LearnedClip clip;
    private final BlockSums sums = new BlockSums(1, 2);
    private long elements;
    private long nans;

    ClipGradient(LearnedClip clip) {
        this.clip = clip;
    }

    /** The gradient of the lower bound. */
    public double low() {
        return sums.sum(0, 0);
    }

    /** The gradient of the upper bound. */
    public double high() {
        return sums.sum(0, 1);
    }

    /** How many elements were added. */
    public long elements() {
        return elements;
    }

    /** How many of them were NaN. */
    public long nans() {
        return nans;
    }

    /**
     * Adds what was added to another, over other parts of the same tensor.
     *
     * @throws IllegalArgumentException if the other is this one, or of another clip
     */
    public void merge(ClipGradient other) {
        Given.require("other", other);
        Validate.isTrue(other != this, "other must be another gradient, was this one");
        other.require(clip);
        sums.add(other.sums);
        elements += other.elements;
        nans += other.nans;
    }

    /** Forgets all, for the next batch. */
    public void clear() {
        sums.clear();
        elements = 0;
        nans = 0;
    }

    void require(LearnedClip expected) {
        if (!clip.equals(expected)) {
            throw new IllegalArgumentException("gradient must be of " + expected + ", was of " + clip);
        }
    }

    BlockSums sums() {
        return sums;
    }

    void advance(int length, long nansAmongThem) {
        elements += length;
        nans += nansAmongThem;
    }
}
