// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Rounding;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scalar loops from floats and sums to codes, beside their definitions. */
class ScalarQuantizeTest {
    private static final byte UNTOUCHED = 77;

    private final Random random = new Random(11);

    private static QuantizeKernel kernel(Rounding rounding) {
        return switch (rounding) {
            case DIVISION -> new ScalarQuantize();
            case RECIPROCAL -> new ScalarReciprocalQuantize();
            case HALF_AWAY -> new ScalarHalfAwayQuantize();
        };
    }

    @ParameterizedTest
    @EnumSource
    void tiesAndEdgesAtEveryScaleAndZeroPoint(Rounding rounding) {
        for (float scale : KernelInputs.scales()) {
            for (float[] src : new float[][] {
                KernelInputs.aroundTies(scale), KernelInputs.odd(500, scale, random),
            }) {
                for (int qmin : new int[] {-128, 0}) {
                    for (int zeroPoint : KernelInputs.zeroPoints(qmin)) {
                        check(rounding, src, 0, 0, src.length, scale, zeroPoint, qmin, qmin + 255, zeroPoint);
                    }
                }
            }
        }
    }

    /** The codes of NaN and of the ends are the caller's, and nothing beside the block is written. */
    @ParameterizedTest
    @EnumSource
    void everyLengthAndOffset(Rounding rounding) {
        float[] src = KernelInputs.odd(40, 0.1f, random);
        for (int length = 0; length <= 20; length++) {
            for (int offset = 0; offset <= 20; offset++) {
                src[offset] = Float.NaN;
                check(rounding, src, offset, 20 - offset, length, 0.1f, 3, -127, 100, -127);
                check(rounding, src, offset, 20 - offset, length, 0.1f, 3, -127, 100, 3);
            }
        }
    }

    private static void check(
            Rounding rounding,
            float[] src,
            int srcOffset,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax,
            int nan) {
        byte[] dst = new byte[dstOffset + length + 2];
        Arrays.fill(dst, UNTOUCHED);
        kernel(rounding).run(src, srcOffset, dst, dstOffset, length, scale, zeroPoint, qmin, qmax, nan);
        for (int i = 0; i < dst.length; i++) {
            int at = i - dstOffset;
            if (at < 0 || at >= length) {
                assertEquals(UNTOUCHED, dst[i]);
            } else {
                float x = src[srcOffset + at];
                int code = rounding.code(x, scale, zeroPoint, qmin, qmax, nan);
                if ((byte) code != dst[i]) {
                    assertEquals((byte) code, dst[i], () -> x + " at scale " + scale + " and zero point " + zeroPoint);
                }
            }
        }
    }

    @Test
    void sumsAreScaledAndRoundedHalfToEven() {
        float[] multipliers = {0, Float.MIN_VALUE, 0x1p-24f, 0.000177f, 0.5f, 1, 2.5f, 1e30f, Float.MAX_VALUE};
        for (float multiplier : multipliers) {
            for (int qmin : new int[] {-128, 0}) {
                for (int zeroPoint : KernelInputs.zeroPoints(qmin)) {
                    int[] src = new int[100];
                    for (int i = 0; i < src.length; i++) {
                        src[i] = i < 50 ? random.nextInt() >> random.nextInt(32) : i - 75;
                    }
                    src[7] = Integer.MIN_VALUE;
                    src[8] = Integer.MAX_VALUE;
                    byte[] dst = new byte[100];
                    Arrays.fill(dst, UNTOUCHED);
                    new ScalarRequantize().run(src, 5, dst, 3, 90, multiplier, zeroPoint, qmin, qmin + 255);
                    for (int i = 0; i < dst.length; i++) {
                        if (i < 3 || i >= 93) {
                            assertEquals(UNTOUCHED, dst[i]);
                        } else {
                            double steps = Math.rint((double) ((float) src[i + 2] * multiplier));
                            assertEquals((byte) Rounding.clamped(steps, zeroPoint, qmin, qmin + 255), dst[i]);
                        }
                    }
                }
            }
        }
    }

    /** The whole of floats' exponents, and all halves with their neighbours. */
    @Test
    void halfAwayFromZeroWithoutAGrid() {
        for (float steps : KernelInputs.aroundTies(1)) {
            assertEquals(Rounding.HALF_AWAY.steps(steps, 1), Affine.roundHalfAway(steps));
        }
        for (int trial = 0; trial < 20_000; trial++) {
            float steps = Float.intBitsToFloat(random.nextInt());
            assertEquals(Rounding.HALF_AWAY.steps(steps, 1), Affine.roundHalfAway(steps));
        }
    }
}
