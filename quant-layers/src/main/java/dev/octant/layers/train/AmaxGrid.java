// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import org.apache.commons.lang3.Validate;

/**
 * The codes of NVIDIA's quantizers: the highest is {@code 2^(bits - 1) - 1}, unsigned {@code 2^bits - 1}; the lowest is
 * 0 unsigned, its negative on the narrow grid, and one below that otherwise. Immutable and thread safe.
 *
 * @param bits 2 to 16
 * @param unsigned whether there are no negative codes
 * @param narrow whether the lowest signed code is the negative of the highest
 */
public record AmaxGrid(int bits, boolean unsigned, boolean narrow) {
    /** NVIDIA's default: signed, 8 bits, -128..127. */
    public static final AmaxGrid INT8 = new AmaxGrid(8, false, false);

    public AmaxGrid {
        Validate.isTrue(bits >= 2 && bits <= 16, "bits must be within 2..16, were %s", bits);
    }

    /** The lowest code. */
    public int low() {
        return unsigned ? 0 : narrow ? -high() : -high() - 1;
    }

    /** The highest code. */
    public int high() {
        return (1 << (unsigned ? bits : bits - 1)) - 1;
    }
}
