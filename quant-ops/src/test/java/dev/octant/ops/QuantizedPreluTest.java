// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.ReferenceFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class QuantizedPreluTest {
    private static final QuantParams IN = QuantParams.of(QuantType.INT8, 0.05f, 3);
    private static final QuantParams OUT = QuantParams.of(QuantType.UINT8, 0.04f, 100);

    /** Slopes for each element, each channel, each column, and one: every type, random grids, more than a block. */
    @Test
    void codesAreTheOracles() {
        Random random = new Random(5);
        int[] shape = {3, 5, 7, 61};
        List<int[]> slopeShapes = List.of(
                shape, new int[] {5, 1, 1}, new int[] {61}, new int[] {3, 1, 7, 1}, new int[0], new int[] {7, 61});
        for (QuantType inputType : QuantType.values()) {
            for (QuantType outputType : QuantType.values()) {
                for (int[] slopeShape : slopeShapes) {
                    Broadcast broadcast = Broadcast.of(slopeShape, shape);
                    float[] slopes = new float[broadcast.sourceSize()];
                    for (int i = 0; i < slopes.length; i++) {
                        slopes[i] = i % 7 == 3 ? 0 : (float) (random.nextGaussian() * 0.5);
                    }
                    check(Grids.random(inputType, random), Grids.random(outputType, random), slopes, broadcast, random);
                }
            }
        }
    }

    private static void check(
            QuantParams input, QuantParams output, float[] slopes, Broadcast broadcast, Random random) {
        QuantizedPrelu prelu = QuantizedPrelu.of(input, output, slopes, broadcast);
        byte[] codes = new byte[broadcast.size()];
        random.nextBytes(codes);
        byte[] expected = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            int code = input.type().code(codes[i]);
            float x = Oracle.dequantize(code, Grids.of(input));
            float slope = slopes[broadcast.source(i)];
            double y = slope == 0 && x < 0 ? 0 : ReferenceFunctions.leakyRelu(x, slope);
            int wanted = Oracle.quantize((float) y, Grids.of(output));
            expected[i] = (byte) wanted;
            assertEquals(wanted, prelu.apply(code, i));
        }
        byte[] actual = new byte[codes.length + 2];
        prelu.apply(codes, 0, actual, 1);
        assertArrayEquals(expected, Arrays.copyOfRange(actual, 1, actual.length - 1));
        assertEquals(0, actual[0] | actual[actual.length - 1]);
        prelu.apply(codes, 0, codes, 0);
        assertArrayEquals(expected, codes, "in place");
    }

    /** One slope is a table as well, with the same codes. */
    @Test
    void oneSlopeIsTheTable() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        for (float slope : new float[] {0.25f, -0.3f, 0, 2}) {
            QuantizedActivation table = QuantizedActivation.compile(Activation.prelu(slope), IN, OUT);
            QuantizedPrelu prelu =
                    QuantizedPrelu.of(IN, OUT, new float[] {slope}, Broadcast.of(new int[0], new int[] {256}));
            QuantizedTensor tensor = QuantizedTensor.of(IN, all.clone());
            assertEquals(table.apply(tensor), prelu.apply(tensor));
        }
    }

    /** 0 times an infinite real value is 0. */
    @Test
    void gridsBeyondTheFloatsHaveTheLimits() {
        QuantParams coarse = QuantParams.of(QuantType.INT8, 1e38f, 0);
        QuantizedPrelu prelu =
                QuantizedPrelu.of(coarse, OUT, new float[] {0, 1, -1}, Broadcast.of(new int[] {3}, new int[] {3}));
        byte[] codes = {-100, -100, -100};
        prelu.apply(codes, 0, codes, 0);
        assertArrayEquals(new byte[] {100, 0, (byte) 255}, codes);
    }

    @Test
    void badPartsAreRefused() {
        Broadcast rows = Broadcast.of(new int[] {3}, new int[] {2, 3});
        refused("slopes must be the 3 of their shape, were 2", () -> QuantizedPrelu.of(IN, OUT, new float[2], rows));
        refused(
                "slope must be finite, was NaN at 1",
                () -> QuantizedPrelu.of(IN, OUT, new float[] {1, Float.NaN, 1}, rows));
        float[] slopes = {1, 2, 3};
        QuantizedPrelu prelu = QuantizedPrelu.of(IN, OUT, slopes, rows);
        slopes[0] = 9;
        assertEquals(OUT.quantize(-0.05f), prelu.apply(2, 0));
        assertEquals(IN, prelu.input());
        assertEquals(OUT, prelu.output());
        assertEquals(6, prelu.broadcast().size());
        assertEquals("prelu with 3 slopes: " + IN + " -> " + OUT, prelu.toString());
        byte[] codes = new byte[8];
        assertThrows(IndexOutOfBoundsException.class, () -> prelu.apply(codes, 3, new byte[6], 0));
        refused(
                "source and destination in one array must be the same block or disjoint, were 6 elements at 0 and at 2",
                () -> prelu.apply(codes, 0, codes, 2));
        refused(
                "source must have the 6 codes of its shape, had 5",
                () -> prelu.apply(QuantizedTensor.of(IN, new byte[5])));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> prelu.apply(QuantizedTensor.of(OUT, new byte[6])))
                .getMessage()
                .startsWith("tensor must have the parameters"));
        refused("code must be within -128..127 of int8, was 200", () -> prelu.apply(200, 0));
        refused("element must be within the tensor's 6, was 6", () -> prelu.apply(2, 6));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
