// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scalar loop from codes to floats beside its definition. */
class ScalarDequantizeTest {
    private static final float UNTOUCHED = 77;

    /** The distance from the zero point has 9 bits, so its product with a float is exact in double and rounded once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCodeScaleAndZeroPoint(boolean signed) {
        int qmin = signed ? -128 : 0;
        byte[] src = new byte[260];
        for (int i = 0; i < src.length; i++) {
            src[i] = (byte) i;
        }
        for (float scale : KernelInputs.scales()) {
            for (int zeroPoint = qmin; zeroPoint < qmin + 256; zeroPoint++) {
                float[] dst = new float[262];
                Arrays.fill(dst, UNTOUCHED);
                new ScalarDequantize().run(src, 2, dst, 3, 256, scale, zeroPoint, signed);
                for (int i = 0; i < dst.length; i++) {
                    if (i < 3 || i >= 259) {
                        assertEquals(UNTOUCHED, dst[i]);
                    } else {
                        int code = signed ? src[i - 1] : src[i - 1] & 0xFF;
                        assertEquals((float) ((code - zeroPoint) * (double) scale), dst[i]);
                    }
                }
            }
        }
    }
}
