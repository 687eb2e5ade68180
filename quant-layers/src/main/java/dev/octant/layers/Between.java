// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

/**
 * How an activation behind int32 sums is computed: what lies between the sums and the output's codes.
 *
 * <p>Activations that only clip (identity, relu, relu6, hardtanh) need nothing between and are exact in any case.
 */
public enum Between {
    /** The function in double on every sum's float value. */
    EXACT,

    /** 4,096 steps over the values where the output changes, and one table for all channels. */
    TWELVE_BITS,

    /** 256 steps and one table: at the speed of a copy, since both halves are vector kernels. */
    EIGHT_BITS
}
