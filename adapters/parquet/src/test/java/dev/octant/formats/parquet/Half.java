// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

/** IEEE 754 binary16 by its definition, apart from the code under test. */
final class Half {
    private Half() {}

    /** {@code (-1)^s * 2^(e - 15) * (1 + m / 1024)}; subnormal where e is 0. */
    static double value(short bits) {
        int exponent = bits >> 10 & 31;
        int mantissa = bits & 1023;
        double sign = bits < 0 ? -1.0 : 1.0;
        if (exponent == 31) {
            return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return sign * (exponent == 0 ? mantissa * 0x1p-24 : Math.scalb(1 + mantissa / 1024.0, exponent - 15));
    }

    /** Those of the value, or of one near it: the sign, the nearest magnitude not above, infinity beyond all. */
    static short bits(double value) {
        if (Double.isNaN(value)) {
            return 0x7E00;
        }
        int low = 0;
        int high = 0x7C00;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (value((short) middle) <= Math.abs(value)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return (short) (Math.copySign(1, value) < 0 ? low | 0x8000 : low);
    }
}
