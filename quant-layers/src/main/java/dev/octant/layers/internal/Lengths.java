// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

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
        // Hot calls come here: arguments of a sentence would be allocated.
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    what + " must fit an array, would be " + count + " x " + each + " = " + length + " elements");
        }
        return (int) length;
    }
}
