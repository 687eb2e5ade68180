// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.softmax;

import dev.octant.core.QuantParams;
import dev.octant.core.internal.softmax.WeightTable;
import dev.octant.ops.internal.engines.FixedPoint;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Softmax of TensorFlow Lite's reference kernel: integers throughout, in gemmlowp's fixed-point formats.
 *
 * <pre>
 * d  = (q - qmax) scale 2^26                       Q5.26; below -31 the code is the lowest
 * e  = exp(d)                                      Q0.31
 * s  = sum of e / 2^12                             Q12.19
 * q' = e (1 / s) 2^8 + qmin                        1 / s by three Newton steps
 * </pre>
 *
 * <p>Source: TensorFlow Lite {@code reference/softmax.h}, gemmlowp {@code exp_on_negative_values} and
 * {@code one_over_one_plus_x_for_x_in_0_1}.
 */
final class TfliteSoftmax extends SoftmaxRule {
    private static final int INPUT_FRACTION_BITS = 26;
    private static final int SUM_INTEGER_BITS = 12;
    private static final int OUTPUT_BITS = 8;

    /** e^-1/8 and 1/3 in Q0.31. */
    private static final int EXP_MINUS_EIGHTH = 1895147668;

    private static final int THIRD = 715827883;

    /** e^-(2^k) in Q0.31 for k = -2 .. 4. */
    private static final int[] EXP_MINUS_POWER = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};

    /** 48/17 and -32/17 in Q2.29: the line that starts the Newton steps. */
    private static final int LINE_OFFSET = 1515870810;

    private static final int LINE_SLOPE = -1010580540;

    private final int low;
    private final int high;
    private final int multiplier;
    private final int leftShift;

    /** The farthest distance that counts; the code of all others is the lowest. */
    private final int mostDistance;

    /** By distance. */
    private final int[] exponentials = new int[DISTANCES];

    private final WeightTable weights;

    /** Whether no exponential is larger than one before it, so that after the lowest code only that follows. */
    private final boolean falling;

    TfliteSoftmax(QuantParams input, QuantParams output) {
        super(input.type());
        this.low = output.type().low();
        this.high = output.type().high();
        FixedPoint scaling =
                FixedPoint.of(Math.min((double) input.scale() * (1 << INPUT_FRACTION_BITS), Integer.MAX_VALUE));
        this.multiplier = scaling.mantissa();
        this.leftShift = scaling.shift();
        this.mostDistance = (int) Math.floor(Math.scalb(31.0, INPUT_FRACTION_BITS - leftShift));
        int[] shifted = new int[DISTANCES];
        for (int d = 0; d < DISTANCES && d <= mostDistance; d++) {
            exponentials[d] = exponential(-d);
            shifted[d] = FixedPoint.shiftRight(exponentials[d], SUM_INTEGER_BITS);
        }
        this.weights = WeightTable.of(shifted);
        this.falling = IntStream.range(1, DISTANCES).allMatch(d -> exponentials[d] <= exponentials[d - 1]);
    }

    @Override
    WeightTable weights(int length) {
        return weights;
    }

    @Override
    boolean codes(byte[] table, byte largest, byte[] distances, int count, long rowSum, int length) {
        int sum = (int) rowSum; // wraps as the engine's
        int zeros = Integer.numberOfLeadingZeros(sum);
        int reciprocal = reciprocal((sum << zeros) ^ Integer.MIN_VALUE);
        int shift = SUM_INTEGER_BITS + Integer.SIZE - 1 - OUTPUT_BITS - zeros;
        Arrays.fill(table, (byte) low);
        for (int i = 0; i < count; i++) {
            int d = distances[i] & 0xFF;
            if (d > mostDistance) {
                continue;
            }
            int product = FixedPoint.multiplyHigh(reciprocal, exponentials[d]);
            int code = Math.min(Math.max(FixedPoint.shiftRight(product, shift) + low, low), high);
            if (code == low && falling && reciprocal >= 0 && distances == ASCENDING) {
                break;
            }
            table[(largest - d) & 0xFF] = (byte) code;
        }
        return true;
    }

    /** e^(difference * scale) in Q0.31, for a difference of 0 or below. */
    private int exponential(int difference) {
        int a = FixedPoint.multiplyHigh(FixedPoint.shiftLeft(difference, leftShift), multiplier);
        if (a == 0) {
            return Integer.MAX_VALUE;
        }
        int quarter = 1 << (INPUT_FRACTION_BITS - 2);
        int fraction = (a & (quarter - 1)) - quarter;
        int result = exponentialOfQuarter(FixedPoint.shiftLeft(fraction, 5));
        int remainder = fraction - a;
        for (int k = 0; k < EXP_MINUS_POWER.length; k++) {
            if ((remainder & (quarter << k)) != 0) {
                result = FixedPoint.multiplyHigh(result, EXP_MINUS_POWER[k]);
            }
        }
        return result;
    }

    /** e^a for a in [-1/4, 0), Q0.31: a polynomial of degree four around -1/8. */
    private static int exponentialOfQuarter(int a) {
        int x = a + (1 << 28);
        int x2 = FixedPoint.multiplyHigh(x, x);
        int x3 = FixedPoint.multiplyHigh(x2, x);
        int x4 = FixedPoint.multiplyHigh(x2, x2);
        int high = FixedPoint.multiplyHigh(FixedPoint.shiftRight(x4, 2) + x3, THIRD) + x2;
        int series = x + FixedPoint.shiftRight(high, 1);
        return EXP_MINUS_EIGHTH + FixedPoint.multiplyHigh(EXP_MINUS_EIGHTH, series);
    }

    /** 1 / (1 + x) in Q0.31 for x in [0, 1), Q0.31. */
    private static int reciprocal(int x) {
        int half = (int) (((long) x + Integer.MAX_VALUE + 1) >> 1);
        int y = LINE_OFFSET + FixedPoint.multiplyHigh(half, LINE_SLOPE);
        for (int step = 0; step < 3; step++) {
            int residue = (1 << 29) - FixedPoint.multiplyHigh(half, y);
            y += FixedPoint.shiftLeft(FixedPoint.multiplyHigh(y, residue), 2);
        }
        return FixedPoint.shiftLeft(y, 1);
    }
}
