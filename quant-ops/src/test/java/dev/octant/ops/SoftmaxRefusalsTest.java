// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static dev.octant.ops.Refusal.sentence;
import static dev.octant.ops.Refusal.untouched;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What softmax refuses, in which words, and that nothing has been written by then. */
class SoftmaxRefusalsTest {
    private static final QuantParams INT8 = QuantParams.of(QuantType.INT8, 0.1f, 0);
    private static final QuantParams UINT8 = QuantParams.of(QuantType.UINT8, 0.1f, 0);
    private static final QuantParams NARROW = QuantParams.of(QuantType.INT8_NARROW, 0.1f, 0);
    private static final QuantParams FIXED = QuantizedSoftmax.fixedOutput(QuantType.INT8);
    private static final QuantParams FIXED_UINT8 = QuantizedSoftmax.fixedOutput(QuantType.UINT8);
    private static final QuantParams FIXED_NARROW = QuantParams.of(QuantType.INT8_NARROW, 1 / 256f, -127);
    private static final ChannelLayout FIVE = new ChannelLayout(5, 1);

    private final QuantizedSoftmax softmax = QuantizedSoftmax.softmax(INT8, FIXED);

    @Test
    void theAgreedOutputSpansZeroToOne() {
        assertEquals(QuantParams.of(QuantType.INT8, 1 / 256f, -128), FIXED);
        assertEquals(QuantParams.of(QuantType.UINT8, 1 / 256f, 0), FIXED_UINT8);
        assertEquals(INT8, softmax.input());
        assertEquals(FIXED, softmax.output());
    }

    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"ONNX_RUNTIME", "TFLITE", "XNNPACK"})
    void enginesHaveOneFullTypeForBoth(Profile profile) {
        QuantParams[][] refused = {{INT8, FIXED_UINT8}, {UINT8, FIXED}, {NARROW, FIXED_NARROW}};
        for (QuantParams[] p : refused) {
            assertEquals(
                    "types of softmax must both be int8 or both uint8 under profile " + profile + ", were "
                            + p[0].type() + " and " + p[1].type(),
                    sentence(() -> QuantizedSoftmax.softmax(p[0], p[1], profile)));
        }
    }

    @Test
    void xnnpackHasUnsignedCodesAlone() {
        assertEquals(
                "type of softmax must be uint8 under profile xnnpack, was int8",
                sentence(() -> QuantizedSoftmax.softmax(INT8, FIXED, Profile.XNNPACK)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"TFLITE", "XNNPACK"})
    void integerEnginesHaveOneOutputGrid(Profile profile) {
        QuantParams otherScale = QuantParams.of(QuantType.UINT8, 1 / 255f, 0);
        QuantParams otherZero = QuantParams.of(QuantType.UINT8, 1 / 256f, 1);
        assertEquals(
                "output parameters must be 0.00390625 and 0 under profile " + profile + ", were 0.003921569 and 0",
                sentence(() -> QuantizedSoftmax.softmax(UINT8, otherScale, profile)));
        assertEquals(
                "output parameters must be 0.00390625 and 0 under profile " + profile + ", were 0.00390625 and 1",
                sentence(() -> QuantizedSoftmax.softmax(UINT8, otherZero, profile)));
        assertEquals(
                FIXED_UINT8,
                QuantizedSoftmax.softmax(UINT8, FIXED_UINT8, profile).output());
    }

    @Test
    void tflitesSignedGridBeginsAtTheLowestCode() {
        QuantParams zero = QuantParams.of(QuantType.INT8, 1 / 256f, 0);
        assertEquals(
                "output parameters must be 0.00390625 and -128 under profile tflite, were 0.00390625 and 0",
                sentence(() -> QuantizedSoftmax.softmax(INT8, zero, Profile.TFLITE)));
        assertEquals(INT8, QuantizedSoftmax.softmax(INT8, FIXED, Profile.TFLITE).input());
    }

    @Test
    void tflitesLogarithmsHaveOneGridAndTheCodesOfTheReference() {
        QuantParams log = QuantParams.of(QuantType.INT8, 1 / 16f, 127);
        assertEquals(
                "output parameters must be 0.0625 and 127 under profile tflite, were 0.0625 and 126",
                sentence(() -> QuantizedSoftmax.logSoftmax(
                        INT8, QuantParams.of(QuantType.INT8, 1 / 16f, 126), Profile.TFLITE)));
        assertEquals(
                "output parameters must be 0.0625 and 127 under profile tflite, were 0.125 and 127",
                sentence(() -> QuantizedSoftmax.logSoftmax(
                        INT8, QuantParams.of(QuantType.INT8, 1 / 8f, 127), Profile.TFLITE)));
        QuantizedTensor row = QuantizedTensor.of(INT8, new byte[] {0, 10, 20, -30, 5});
        QuantizedTensor reference = QuantizedSoftmax.logSoftmax(INT8, log).apply(row, FIVE);
        for (Profile profile : new Profile[] {Profile.ONNX, Profile.TFLITE}) {
            QuantizedSoftmax same = QuantizedSoftmax.logSoftmax(INT8, log, profile);
            assertEquals(reference, same.apply(row, FIVE));
            assertEquals(log, same.output());
        }
    }

    @Test
    void whatAnEngineLacksIsRefused() {
        assertEquals(
                "profile pytorch has no softmax of 8-bit arithmetic",
                sentence(() -> QuantizedSoftmax.softmax(INT8, FIXED, Profile.PYTORCH)));
        for (Profile profile : new Profile[] {Profile.ONNX_RUNTIME, Profile.XNNPACK, Profile.PYTORCH}) {
            assertEquals(
                    "profile " + profile + " has no log-softmax of 8-bit arithmetic",
                    sentence(() -> QuantizedSoftmax.logSoftmax(UINT8, FIXED_UINT8, profile)));
        }
    }

    @Test
    void blocksOutsideTheirArraysAreRefusedBeforeAnythingIsWritten() {
        byte[] dst = untouched(10);
        int[][] refused = {
            {-1, 0, 5}, {0, -1, 5}, {0, 0, -5}, {0, 0, 15}, {1, 0, 10}, {0, 1, 10}, {11, 0, 0}, {0, 11, 0}, {6, 0, 5}
        };
        for (int[] b : refused) {
            assertThrows(
                    IndexOutOfBoundsException.class, () -> softmax.apply(new byte[10], b[0], dst, b[1], b[2], FIVE));
            assertArrayEquals(untouched(10), dst);
        }
        softmax.apply(new byte[10], 10, dst, 10, 0, FIVE);
        assertArrayEquals(untouched(10), dst);
    }

    @Test
    void overlapIsRefusedBeforeAnythingIsWritten() {
        byte[] bytes = untouched(30);
        for (int shift : new int[] {1, 9, -1, -9}) {
            assertEquals(
                    "source and destination in one array must be the same block or disjoint,"
                            + " were 10 elements at 10 and at " + (10 + shift),
                    sentence(() -> softmax.apply(bytes, 10, bytes, 10 + shift, 10, FIVE)));
            assertArrayEquals(untouched(30), bytes);
        }
        byte fifth = (byte) (-128 + Math.round(256 / 5.0));
        for (int to : new int[] {0, 10, 20}) {
            byte[] expected = untouched(30);
            Arrays.fill(expected, to, to + 10, fifth);
            byte[] actual = untouched(30);
            softmax.apply(actual, 10, actual, to, 10, FIVE);
            assertArrayEquals(expected, actual);
        }
    }

    @Test
    void lengthsMustBeWholeRows() {
        byte[] dst = untouched(10);
        String expected = "length must be a multiple of the axis' period 6, was 10";
        assertEquals(expected, sentence(() -> softmax.apply(new byte[10], 0, dst, 0, 10, new ChannelLayout(3, 2))));
        ByteBuffer src = ByteBuffer.allocate(10);
        ByteBuffer to = ByteBuffer.wrap(dst);
        assertEquals(expected, sentence(() -> softmax.apply(src, to, new ChannelLayout(2, 3))));
        assertEquals(
                "destination must have room for 10 elements, had 9 remaining",
                sentence(() -> softmax.apply(src, to.position(1), FIVE)));
        assertEquals(10, src.remaining());
        assertEquals(1, to.position());
        assertArrayEquals(untouched(10), dst);
    }

    @Test
    void tensorsOfOtherParametersAreRefused() {
        assertEquals(
                "tensor must have the parameters " + INT8 + ", had " + UINT8,
                sentence(() -> softmax.apply(QuantizedTensor.of(UINT8, new byte[5]), FIVE)));
    }
}
