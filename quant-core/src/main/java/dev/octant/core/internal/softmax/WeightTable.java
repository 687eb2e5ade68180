// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

/**
 * A weight for every distance of a code from the largest of its row: whole numbers, so that their order does not
 * matter. Internal.
 */
public final class WeightTable {
    private static final int BYTES = 4;

    final int[] weights;

    /** Byte k of all weights from the lowest at {@code 256 k}. */
    final byte[] planes = new byte[BYTES * 256];

    private WeightTable(int[] weights) {
        this.weights = weights;
        for (int distance = 0; distance < 256; distance++) {
            for (int k = 0; k < BYTES; k++) {
                planes[(k << 8) | distance] = (byte) (weights[distance] >> (8 * k));
            }
        }
    }

    /**
     * A table of weights by distance.
     *
     * @param weights 256 of them, none negative; not copied
     */
    public static WeightTable of(int[] weights) {
        return new WeightTable(weights);
    }

    /** The weight of one distance. */
    public int weight(int distance) {
        return weights[distance];
    }
}
