// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantType;

/**
 * How an activation behind int32 sums is computed: what lies between the sums and the output's codes.
 *
 * <p>Activations that only clip (identity, relu, relu6, hardtanh, clip, and others whose parameters make them one of
 * these) need nothing between and are exact in any case.
 *
 * <p>A table between is compared with {@link #EXACT} when it is made: at 17 points or more of each of its steps, at
 * both ends of it, at 64 numbers of every power of two from 2^-126 to 2^159 of either
 * sign, and next to the function's parameters, where some
 * functions jump. If a code is off by more than the constant states, the table is refused with the place and the
 * difference. Sigmoid, SiLU, tanh and the like pass on grids that hold their values; what jumps, or is steep at one
 * place and creeps at another, as rsqrt and log do, does not. What a function of the caller's own does between those
 * points is not seen.
 */
public enum Between {
    /** The function in double on every sum's value. */
    EXACT(0, 0),

    /** 4,096 steps over the values where the output changes, and one table for all channels: codes off by at most 1. */
    TWELVE_BITS(1 << 12, 1),

    /**
     * 256 steps and one table: at the speed of a copy, since both halves are vector kernels. Codes are off by at most
     * 2.
     */
    EIGHT_BITS(QuantType.RAW_VALUES, 2);

    private final int steps;
    private final int mostOff;

    Between(int steps, int mostOff) {
        this.steps = steps;
        this.mostOff = mostOff;
    }

    /** Places of the table; 0 where there is none. */
    int steps() {
        return steps;
    }

    /** How far a code may be from that of {@link #EXACT} for the same value before the activation. */
    int mostOff() {
        return mostOff;
    }
}
