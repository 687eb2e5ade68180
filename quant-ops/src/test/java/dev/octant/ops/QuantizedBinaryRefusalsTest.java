// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static dev.octant.ops.Refusal.UNTOUCHED;
import static dev.octant.ops.Refusal.sentence;
import static dev.octant.ops.Refusal.untouched;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What functions of two codes refuse, in which words, and that nothing has been written by then. */
class QuantizedBinaryRefusalsTest {
    private static final QuantParams LEFT = QuantParams.of(QuantType.INT8, 0.1f, 0);
    private static final QuantParams RIGHT = QuantParams.of(QuantType.INT8, 0.2f, 4);
    private static final QuantParams OUT = QuantParams.of(QuantType.INT8, 0.3f, -7);

    private final QuantizedBinary add = QuantizedBinary.add(LEFT, RIGHT, OUT);

    @Test
    void blocksOutsideTheirArraysAreRefusedBeforeAnythingIsWritten() {
        byte[] dst = untouched(10);
        int[][] refused = {
            {-1, 0, 0, 1},
            {0, -1, 0, 1},
            {0, 0, -1, 1},
            {0, 0, 0, -1},
            {1, 0, 0, 10},
            {0, 1, 0, 10},
            {0, 0, 1, 10},
            {11, 0, 0, 0},
            {0, 11, 0, 0},
            {0, 0, 11, 0},
            {5, 0, 0, Integer.MAX_VALUE}
        };
        for (int[] b : refused) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> add.apply(new byte[10], b[0], new byte[10], b[1], dst, b[2], b[3]));
            assertArrayEquals(untouched(10), dst);
        }
        add.apply(new byte[10], 10, new byte[10], 10, dst, 10, 0);
        assertArrayEquals(untouched(10), dst);
    }

    /**
     * A destination may be either operand's block, or lie beside it in the same array, and must not overlap it
     * otherwise.
     */
    @Test
    void overlapWithEitherOperandIsRefusedBeforeAnythingIsWritten() {
        byte[] bytes = untouched(30);
        byte[] other = new byte[30];
        for (int shift : new int[] {1, 9, -1, -9}) {
            String expected = "source and destination in one array must be the same block or disjoint,"
                    + " were 10 elements at 10 and at " + (10 + shift);
            assertEquals(expected, sentence(() -> add.apply(bytes, 10, other, 0, bytes, 10 + shift, 10)));
            assertEquals(expected, sentence(() -> add.apply(other, 0, bytes, 10, bytes, 10 + shift, 10)));
            assertArrayEquals(untouched(30), bytes);
        }
        byte result = (byte) add.apply(UNTOUCHED, 0);
        for (int to : new int[] {0, 20, 10}) {
            byte[] expected = untouched(30);
            Arrays.fill(expected, to, to + 10, result);
            byte[] actual = untouched(30);
            add.apply(actual, 10, other, 0, actual, to, 10);
            assertArrayEquals(expected, actual);
        }
        byte mirrored = (byte) add.apply(0, UNTOUCHED);
        for (int to : new int[] {0, 20, 10}) {
            byte[] expected = untouched(30);
            Arrays.fill(expected, to, to + 10, mirrored);
            byte[] actual = untouched(30);
            add.apply(other, 0, actual, 10, actual, to, 10);
            assertArrayEquals(expected, actual);
        }
    }

    @Test
    void buffersOfOtherLengthsAreRefusedAndNothingIsRead() {
        ByteBuffer two = ByteBuffer.allocate(2);
        ByteBuffer three = ByteBuffer.allocate(4).position(1);
        ByteBuffer dst = ByteBuffer.wrap(untouched(2));
        assertEquals("operands must have equal lengths, were 2 and 3", sentence(() -> add.apply(two, three, three)));
        assertEquals("operands must have equal lengths, were 3 and 2", sentence(() -> add.apply(three, two, three)));
        assertEquals(
                "destination must have room for 3 elements, had 2 remaining",
                sentence(() -> add.apply(three, three.duplicate(), dst)));
        assertEquals(2, two.remaining());
        assertEquals(3, three.remaining());
        assertEquals(ByteBuffer.wrap(untouched(2)), dst);
        assertEquals(0, three.get(1));
    }

    @Test
    void tensorsOfOtherParametersOrLengthsAreRefused() {
        QuantizedTensor left = QuantizedTensor.of(LEFT, new byte[3]);
        QuantizedTensor right = QuantizedTensor.of(RIGHT, new byte[3]);
        assertEquals(
                "tensor must have the parameters " + LEFT + ", had " + RIGHT, sentence(() -> add.apply(right, right)));
        assertEquals(
                "tensor must have the parameters " + RIGHT + ", had " + LEFT, sentence(() -> add.apply(left, left)));
        for (int length : new int[] {2, 4}) {
            QuantizedTensor longer = QuantizedTensor.of(RIGHT, new byte[length]);
            assertEquals(
                    "operands must have equal lengths, were 3 and " + length, sentence(() -> add.apply(left, longer)));
        }
        QuantizedTensor sum = add.apply(left, right);
        assertEquals(OUT, sum.params());
        assertEquals(3, sum.length());
        assertEquals(add.apply(0, 0), sum.code(2));
    }

    @Test
    void aGateThatIsNotANumberIsRefused() {
        Activation pole = Activation.of("pole", x -> x > 1.05 ? Double.NaN : x, RealRange.ALL);
        assertEquals(
                "pole must be a number for every input, was NaN at code 11",
                sentence(() -> QuantizedBinary.gated(pole, LEFT, RIGHT, OUT)));
        Activation root = Activation.of("root", Math::sqrt, RealRange.of(0, 10));
        QuantParams positive = QuantParams.of(QuantType.UINT8, 0.1f, 0);
        QuantizedBinary gated = QuantizedBinary.gated(root, positive, RIGHT, OUT);
        assertEquals(
                OUT.quantize((float) (Math.sqrt(positive.dequantize(40)) * RIGHT.dequantize(9))), gated.apply(40, 9));
    }

    /** Each of the three grids may be the one of another type; narrow int8 is none of an engine's. */
    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "ONNX", mode = EnumSource.Mode.EXCLUDE)
    void enginesHaveOneTypeForAllThree(Profile profile) {
        QuantType[][] refused = {
            {QuantType.UINT8, QuantType.INT8, QuantType.INT8},
            {QuantType.INT8, QuantType.UINT8, QuantType.INT8},
            {QuantType.INT8, QuantType.INT8, QuantType.UINT8},
            {QuantType.INT8_NARROW, QuantType.INT8_NARROW, QuantType.INT8_NARROW}
        };
        for (QuantType[] t : refused) {
            QuantParams a = QuantParams.of(t[0], 0.1f, 0);
            QuantParams b = QuantParams.of(t[1], 0.1f, 0);
            QuantParams c = QuantParams.of(t[2], 0.1f, 0);
            String expected = "types must all be int8 or all uint8 under profile " + profile + ", were " + t[0] + ", "
                    + t[1] + " and " + t[2];
            assertEquals(expected, sentence(() -> QuantizedBinary.add(a, b, c, profile)));
            assertEquals(expected, sentence(() -> QuantizedBinary.multiply(a, b, c, profile)));
            QuantizedBinary.add(a, b, c);
            QuantizedBinary.multiply(a, b, c);
        }
    }

    /** XNNPACK's sums take ratios in [2^-10, 2^8) on either side. */
    @ParameterizedTest
    @CsvSource({
        "0x1p-10, true",
        "0x1.fffffep-11, false",
        "0x1.fffffep7, true",
        "0x1p8, false",
    })
    void xnnpackBoundsTheRatioOfEachOperandOfASum(String hex, boolean taken) {
        float ratio = Float.parseFloat(hex);
        QuantParams one = QuantParams.of(QuantType.INT8, 1f, 0);
        QuantParams other = QuantParams.of(QuantType.INT8, ratio, 0);
        if (taken) {
            assertEquals(
                    1, QuantizedBinary.add(one, other, one, Profile.XNNPACK).apply(1, 0));
            assertEquals(
                    1, QuantizedBinary.add(other, one, one, Profile.XNNPACK).apply(0, 1));
        } else {
            String expected = "ratio of the input scale to the output scale must be within [9.765625E-4, 256.0)"
                    + " under profile xnnpack, was " + ratio;
            assertEquals(expected, sentence(() -> QuantizedBinary.add(one, other, one, Profile.XNNPACK)));
            assertEquals(expected, sentence(() -> QuantizedBinary.add(other, one, one, Profile.XNNPACK)));
        }
    }

    /** Its products take ratios in [2^-16, 2^8). */
    @ParameterizedTest
    @CsvSource({
        "0x1p-16, true",
        "0x1.fffffep-17, false",
        "0x1.fffffep7, true",
        "0x1p8, false",
    })
    void xnnpackBoundsTheRatioOfAProduct(String hex, boolean taken) {
        float ratio = Float.parseFloat(hex);
        QuantParams one = QuantParams.of(QuantType.INT8, 1f, 0);
        QuantParams other = QuantParams.of(QuantType.INT8, ratio, 0);
        if (taken) {
            QuantizedBinary product = QuantizedBinary.multiply(one, other, one, Profile.XNNPACK);
            assertEquals((int) Math.min(Math.rint(100 * ratio), 127), product.apply(100, 1));
        } else {
            assertEquals(
                    "ratio of the product of the input scales to the output scale must be within"
                            + " [1.5258789E-5, 256.0) under profile xnnpack, was " + ratio,
                    sentence(() -> QuantizedBinary.multiply(one, other, one, Profile.XNNPACK)));
        }
    }

    /** With an infinite multiplier a product of 0 would be NaN. */
    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"ONNX_RUNTIME", "TFLITE", "PYTORCH"})
    void aProductsRatioBeyondTheFloatsIsRefused(Profile profile) {
        for (float[] scales :
                new float[][] {{0x1p64f, 0x1p64f, 1}, {1, 1e10f, 1e-30f}, {0x1p100f, 0x1p100f, 0x1p127f}}) {
            QuantParams a = QuantParams.of(QuantType.INT8, scales[0], 3);
            QuantParams b = QuantParams.of(QuantType.INT8, scales[1], -5);
            QuantParams c = QuantParams.of(QuantType.INT8, scales[2], 7);
            assertEquals(
                    "ratio of the product of the input scales to the output scale must be a finite float under profile "
                            + profile + ", was Infinity",
                    sentence(() -> QuantizedBinary.multiply(a, b, c, profile)));
        }
        QuantParams large = QuantParams.of(QuantType.INT8, 0x1p63f, 3);
        QuantParams one = QuantParams.of(QuantType.INT8, 1f, 7);
        QuantizedBinary product = QuantizedBinary.multiply(large, large, one, profile);
        assertEquals(7, product.apply(3, 100));
        assertEquals(127, product.apply(4, 4));
        assertEquals(-128, product.apply(2, 4));
        QuantParams small = QuantParams.of(QuantType.INT8, 0x1p-100f, 3);
        assertEquals(7, QuantizedBinary.multiply(small, small, one, profile).apply(127, 127));
    }

    @Test
    void onnxRuntimesSumsTakeRatiosThatCannotOverflow() {
        QuantParams one = QuantParams.of(QuantType.INT8, 1f, 7);
        QuantParams most = QuantParams.of(QuantType.INT8, 0x1p118f, 0);
        QuantParams more = QuantParams.of(QuantType.INT8, Math.nextUp(0x1p118f), 0);
        QuantizedBinary sum = QuantizedBinary.add(most, most, one, Profile.ONNX_RUNTIME);
        for (int qa = -128; qa < 128; qa++) {
            for (int qb = -128; qb < 128; qb++) {
                // Where huge terms cancel, the engine has lost the zero point to their rounding.
                int expected = qa + qb > 0 ? 127 : qa + qb < 0 ? -128 : qa == 0 ? 7 : 0;
                assertEquals(expected, sum.apply(qa, qb));
            }
        }
        String sentence = "ratio of an input scale to the output scale must be at most 2^118 under profile onnxruntime,"
                + " was " + more.scale();
        assertEquals(sentence, sentence(() -> QuantizedBinary.add(more, one, one, Profile.ONNX_RUNTIME)));
        assertEquals(sentence, sentence(() -> QuantizedBinary.add(one, more, one, Profile.ONNX_RUNTIME)));
        QuantParams least = QuantParams.of(QuantType.INT8, Float.MIN_NORMAL, 7);
        assertEquals(
                "ratio of an input scale to the output scale must be at most 2^118 under profile onnxruntime,"
                        + " was Infinity",
                sentence(() -> QuantizedBinary.add(most, one, least, Profile.ONNX_RUNTIME)));
        QuantParams largest = QuantParams.of(QuantType.INT8, Float.MAX_VALUE, 7);
        assertEquals(
                7,
                QuantizedBinary.add(least, least, largest, Profile.ONNX_RUNTIME).apply(-128, 127));
    }

    @Test
    void tflitesSumsTakeOutputScalesBelowTwoToThe108() {
        QuantParams large = QuantParams.of(QuantType.INT8, 0x1p108f, 7);
        QuantParams below = QuantParams.of(QuantType.INT8, Math.nextDown(0x1p108f), 7);
        assertEquals(
                "output scale must be below 2^108, so that its product with 2^20 is a float, for sums under profile"
                        + " tflite, was " + 0x1p108f,
                sentence(() -> QuantizedBinary.add(below, below, large, Profile.TFLITE)));
        assertEquals(
                7 + 10 + 20,
                QuantizedBinary.add(below, below, below, Profile.TFLITE).apply(17, 27));
    }
}
