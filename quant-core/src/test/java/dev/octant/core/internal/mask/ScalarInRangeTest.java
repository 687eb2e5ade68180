// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Rounding;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scalar loops that say what need not be clamped, beside their definition. */
class ScalarInRangeTest {
    private static final byte UNTOUCHED = 77;

    private final Random random = new Random(12);

    private static InRangeKernel kernel(Rounding rounding) {
        return switch (rounding) {
            case DIVISION -> new ScalarInRange();
            case RECIPROCAL -> new ScalarReciprocalInRange();
            case HALF_AWAY -> new ScalarHalfAwayInRange();
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
                        check(rounding, src, 0, 0, src.length, scale, zeroPoint, qmin, qmin + 255);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthAndOffset(Rounding rounding) {
        float[] src = KernelInputs.odd(40, 0.1f, random);
        for (int length = 0; length <= 20; length++) {
            for (int offset = 0; offset <= 20; offset++) {
                check(rounding, src, offset, 20 - offset, length, 0.1f, 3, -7, 7);
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
            int qmax) {
        byte[] dst = new byte[dstOffset + length + 2];
        Arrays.fill(dst, UNTOUCHED);
        kernel(rounding).run(src, srcOffset, dst, dstOffset, length, scale, zeroPoint, qmin, qmax);
        for (int i = 0; i < dst.length; i++) {
            int at = i - dstOffset;
            if (at < 0 || at >= length) {
                assertEquals(UNTOUCHED, dst[i]);
            } else {
                float x = src[srcOffset + at];
                int inRange = rounding.inRange(x, scale, zeroPoint, qmin, qmax);
                if (inRange != dst[i]) {
                    assertEquals(inRange, dst[i], () -> x + " at scale " + scale + " and zero point " + zeroPoint);
                }
            }
        }
    }
}
