// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import org.apache.commons.lang3.Validate;

/** Lengths of blocks, as products of ints. Stateless. Internal. */
public final class Lengths {
    private Lengths() {}

    /**
     * The elements of {@code count} parts of {@code each}.
     *
     * @param what the block's name in the sentence
     * @throws IllegalArgumentException if they are more than an array holds
     */
    public static int of(String what, int count, int each) {
        long length = (long) count * each;
        Validate.isTrue(
                length <= Integer.MAX_VALUE,
                "%s must fit an array, would be %s x %s = %s elements",
                what,
                count,
                each,
                length);
        return (int) length;
    }
}
