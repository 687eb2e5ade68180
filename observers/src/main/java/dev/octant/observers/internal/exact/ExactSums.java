// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.internal.exact;

import java.math.BigInteger;

/**
 * Sum and sum of squares of finite floats, exactly.
 *
 * <p>A finite float is {@code m * 2^(E - 150)} with a mantissa of 24 bits and {@code E} in 1..254, so every sum is a
 * whole number of 2^-149 and every sum of squares a whole number of 2^-298.
 *
 * @param sum the sum in units of 2^-149
 * @param squares the sum of squares in units of 2^-298
 */
public record ExactSums(BigInteger sum, BigInteger squares) {
    public static final ExactSums ZERO = new ExactSums(BigInteger.ZERO, BigInteger.ZERO);

    /** Binary digits of the unit of {@link #sum}; a square has twice as many. */
    public static final int UNIT = 149;

    public ExactSums plus(ExactSums other) {
        return new ExactSums(sum.add(other.sum), squares.add(other.squares));
    }
}
