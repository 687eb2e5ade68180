// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.text.Given;
import java.nio.FloatBuffer;

/**
 * Learns from batches of values; its result is asked of the concrete class.
 *
 * <p>The batches may have any length, also 0. The values are read during the call only: the caller may reuse the array.
 * NaN and infinities are counted and never move a range.
 *
 * <p>Not thread safe: one observer per thread, then merge the summaries.
 */
public interface Observer {
    /**
     * Observes {@code values[offset .. offset + length)}.
     *
     * @throws IndexOutOfBoundsException if that is not inside the array; nothing is then observed
     */
    void observe(float[] values, int offset, int length);

    /** Observes every value of the array. */
    default void observe(float[] values) {
        Given.require("values", values);
        observe(values, 0, values.length);
    }

    /**
     * Observes the remaining values of a buffer and moves its position to its limit. A buffer without an accessible
     * array, such as a direct one, is copied through a small heap block, allocated once per call.
     */
    default void observe(FloatBuffer values) {
        Blocks.drain(values, this::observe);
    }
}
