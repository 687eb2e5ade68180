// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantInputs;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorQuantizerTest {
    private static final byte UNTOUCHED = 99;
    private static final float UNTOUCHED_REAL = -12345;
    private static final int[] OFFSETS = {0, 1, 7, 33};

    /** Around every vector width, the staging block and its multiples. */
    private static final int[] LENGTHS = {
        0, 1, 2, 15, 16, 17, 63, 64, 65, 130, 4095, 4096, 4097, 8191, 8192, 8193, 20_000
    };

    private static QuantParams params(QuantType type) {
        return QuantParams.of(type, 0.1f, type == QuantType.UINT8 ? 131 : 3);
    }

    private static QuantParams target(QuantType type) {
        return QuantParams.of(type, 0.0625f, type.low());
    }

    private static float[] reals(int n) {
        return QuantInputs.tieRichFloats(7, n, 0.1f);
    }

    private static byte[] raws(int n) {
        byte[] raws = new byte[n];
        for (int i = 0; i < n; i++) {
            raws[i] = (byte) (i * 37 + 11);
        }
        return raws;
    }

    private static byte[] quantized(float[] src, int from, int length, Grid grid) {
        byte[] codes = new byte[length];
        for (int i = 0; i < length; i++) {
            codes[i] = (byte) Oracle.quantize(src[from + i], grid);
        }
        return codes;
    }

    private static float[] dequantized(byte[] src, int from, int length, Grid grid) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Oracle.dequantize(grid.code(src[from + i]), grid);
        }
        return values;
    }

    private static float[] fakeQuantized(float[] src, int from, int length, Grid grid) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Oracle.fakeQuantize(src[from + i], grid);
        }
        return values;
    }

    private static byte[] requantized(byte[] src, int from, int length, Grid grid, Grid to) {
        byte[] codes = new byte[length];
        for (int i = 0; i < length; i++) {
            codes[i] = (byte) Oracle.requantize(grid.code(src[from + i]), grid, to);
        }
        return codes;
    }

    private static byte[] untouched(int n) {
        byte[] bytes = new byte[n];
        Arrays.fill(bytes, UNTOUCHED);
        return bytes;
    }

    private static float[] untouchedReals(int n) {
        float[] reals = new float[n];
        Arrays.fill(reals, UNTOUCHED_REAL);
        return reals;
    }

    /** What a destination of {@code n} elements holds once {@code part} was written at {@code offset}. */
    private static byte[] around(byte[] part, int offset, int n) {
        byte[] bytes = untouched(n);
        System.arraycopy(part, 0, bytes, offset, part.length);
        return bytes;
    }

    private static float[] around(float[] part, int offset, int n) {
        float[] reals = untouchedReals(n);
        System.arraycopy(part, 0, reals, offset, part.length);
        return reals;
    }

    @ParameterizedTest
    @EnumSource
    void arraysOfAllLengthsAtAllOffsetsAreTheOracles(QuantType type) {
        QuantParams params = params(type);
        Grid grid = Grids.of(params);
        QuantParams target = target(QuantType.INT8);
        Grid to = Grids.of(target);
        TensorQuantizer quantizer = TensorQuantizer.of(params);
        float[] reals = reals(200);
        byte[] raws = raws(200);
        for (int length = 0; length <= 130; length++) {
            for (int from : OFFSETS) {
                for (int at : OFFSETS) {
                    byte[] codes = untouched(200);
                    quantizer.quantize(reals, from, codes, at, length);
                    assertArrayEquals(around(quantized(reals, from, length, grid), at, 200), codes);

                    float[] values = untouchedReals(200);
                    quantizer.dequantize(raws, from, values, at, length);
                    assertArrayEquals(around(dequantized(raws, from, length, grid), at, 200), values);

                    Arrays.fill(values, UNTOUCHED_REAL);
                    quantizer.fakeQuantize(reals, from, values, at, length);
                    assertArrayEquals(around(fakeQuantized(reals, from, length, grid), at, 200), values);

                    Arrays.fill(codes, UNTOUCHED);
                    quantizer.requantize(raws, from, target, codes, at, length);
                    assertArrayEquals(around(requantized(raws, from, length, grid, to), at, 200), codes);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void longArraysAreTheOracles(QuantType type) {
        QuantParams params = params(type);
        Grid grid = Grids.of(params);
        QuantParams target = target(QuantType.UINT8);
        TensorQuantizer quantizer = TensorQuantizer.of(params);
        for (int n : LENGTHS) {
            float[] reals = reals(n);
            byte[] raws = raws(n);
            QuantizedTensor tensor = quantizer.quantize(reals);
            assertEquals(QuantizedTensor.of(params, quantized(reals, 0, n, grid)), tensor);
            assertArrayEquals(dequantized(tensor.codes(), 0, n, grid), quantizer.dequantize(tensor));
            assertArrayEquals(dequantized(tensor.codes(), 0, n, grid), tensor.dequantize());
            float[] fake = new float[n];
            quantizer.fakeQuantize(reals, 0, fake, 0, n);
            assertArrayEquals(fakeQuantized(reals, 0, n, grid), fake);
            assertEquals(
                    QuantizedTensor.of(target, requantized(raws, 0, n, grid, Grids.of(target))),
                    quantizer.requantize(QuantizedTensor.of(params, raws), target));
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffersOfAllKindsAreTheOracles(QuantType type) {
        for (Memory source : Memory.values()) {
            for (Memory destination : Memory.values()) {
                for (int length = 0; length <= 130; length++) {
                    buffers(params(type), source, destination, length);
                }
                for (int length : LENGTHS) {
                    buffers(params(type), source, destination, length);
                }
            }
        }
    }

    private static void buffers(QuantParams params, Memory source, Memory destination, int length) {
        int from = 3;
        int at = 5;
        int n = length + 8;
        Grid grid = Grids.of(params);
        QuantParams target = target(QuantType.UINT8);
        TensorQuantizer quantizer = TensorQuantizer.of(params);
        float[] reals = reals(n);
        byte[] raws = raws(n);

        FloatBuffer realSource = source.floats(reals, from, length);
        ByteBuffer codes = destination.bytes(untouched(n), at, n - at);
        quantizer.quantize(realSource, codes);
        assertArrayEquals(around(quantized(reals, from, length, grid), at, n), Memory.all(codes));
        assertEquals(from + length, realSource.position());
        assertEquals(at + length, codes.position());

        ByteBuffer rawSource = source.bytes(raws, from, length);
        FloatBuffer values = destination.floats(untouchedReals(n), at, n - at);
        quantizer.dequantize(rawSource, values);
        assertArrayEquals(around(dequantized(raws, from, length, grid), at, n), Memory.all(values));
        assertEquals(from + length, rawSource.position());
        assertEquals(at + length, values.position());

        realSource.position(from);
        values = destination.floats(untouchedReals(n), at, n - at);
        quantizer.fakeQuantize(realSource, values);
        assertArrayEquals(around(fakeQuantized(reals, from, length, grid), at, n), Memory.all(values));
        assertEquals(from + length, realSource.position());
        assertEquals(at + length, values.position());

        rawSource.position(from);
        codes = destination.bytes(untouched(n), at, n - at);
        quantizer.requantize(rawSource, target, codes);
        assertArrayEquals(around(requantized(raws, from, length, grid, Grids.of(target)), at, n), Memory.all(codes));
        assertEquals(from + length, rawSource.position());
        assertEquals(at + length, codes.position());
        assertArrayEquals(reals, Memory.all(realSource));
        assertArrayEquals(raws, Memory.all(rawSource));
    }

    @Test
    void theSameBlockMayBeSourceAndDestination() {
        QuantParams params = params(QuantType.INT8);
        Grid grid = Grids.of(params);
        TensorQuantizer quantizer = TensorQuantizer.of(params);
        float[] reals = reals(9000);
        float[] expected = fakeQuantized(reals, 0, 9000, grid);
        quantizer.fakeQuantize(reals, 0, reals, 0, 9000);
        assertArrayEquals(expected, reals);
        byte[] raws = raws(9000);
        byte[] expectedCodes = requantized(raws, 0, 9000, grid, Grids.of(target(QuantType.UINT8)));
        quantizer.requantize(raws, 0, target(QuantType.UINT8), raws, 0, 9000);
        assertArrayEquals(expectedCodes, raws);
    }

    @Test
    void disjointBlocksOfOneArrayAreAllowed() {
        QuantParams params = params(QuantType.INT8);
        float[] reals = reals(20);
        float[] expected = fakeQuantized(reals, 0, 10, Grids.of(params));
        TensorQuantizer.of(params).fakeQuantize(reals, 0, reals, 10, 10);
        assertArrayEquals(expected, Arrays.copyOfRange(reals, 10, 20));
    }

    @Test
    void overlappingBlocksAreRefusedBeforeAnythingIsWritten() {
        TensorQuantizer quantizer = TensorQuantizer.of(params(QuantType.INT8));
        float[] reals = reals(20);
        byte[] raws = raws(20);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> quantizer.fakeQuantize(reals, 0, reals, 9, 10))
                .getMessage();
        assertEquals(
                "source and destination in one array must be the same block or disjoint,"
                        + " were 10 elements at 0 and at 9",
                message);
        assertThrows(
                IllegalArgumentException.class,
                () -> quantizer.requantize(raws, 5, target(QuantType.INT8), raws, 4, 10));
        assertArrayEquals(reals(20), reals);
        assertArrayEquals(raws(20), raws);
    }

    @Test
    void blocksOutsideTheirArraysAreRefusedBeforeAnythingIsWritten() {
        TensorQuantizer quantizer = TensorQuantizer.of(params(QuantType.INT8));
        int[][] bad = {
            {-1, 0, 1},
            {0, -1, 1},
            {0, 0, -1},
            {0, 0, 11},
            {1, 0, 10},
            {0, 1, 10},
            {11, 0, 0},
            {0, 11, 0},
            {Integer.MAX_VALUE, 0, 1},
            {0, 5, Integer.MAX_VALUE}
        };
        for (int[] b : bad) {
            byte[] codes = untouched(10);
            float[] values = untouchedReals(10);
            assertThrows(IndexOutOfBoundsException.class, () -> quantizer.quantize(reals(10), b[0], codes, b[1], b[2]));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> quantizer.dequantize(raws(10), b[0], values, b[1], b[2]));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> quantizer.fakeQuantize(reals(10), b[0], values, b[1], b[2]));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> quantizer.requantize(raws(10), b[0], target(QuantType.INT8), codes, b[1], b[2]));
            assertArrayEquals(untouched(10), codes);
            assertArrayEquals(untouchedReals(10), values);
        }
    }

    @Test
    void destinationsWithTooLittleRoomAreRefusedBeforeAnythingIsWritten() {
        TensorQuantizer quantizer = TensorQuantizer.of(params(QuantType.INT8));
        FloatBuffer reals = FloatBuffer.wrap(reals(10));
        ByteBuffer raws = ByteBuffer.wrap(raws(10));
        ByteBuffer codes = ByteBuffer.wrap(untouched(9));
        FloatBuffer values = FloatBuffer.wrap(untouchedReals(9));
        String message = assertThrows(IllegalArgumentException.class, () -> quantizer.quantize(reals, codes))
                .getMessage();
        assertEquals("destination must have room for 10 elements, had 9 remaining", message);
        assertThrows(IllegalArgumentException.class, () -> quantizer.dequantize(raws, values));
        assertThrows(IllegalArgumentException.class, () -> quantizer.fakeQuantize(reals, values));
        assertThrows(IllegalArgumentException.class, () -> quantizer.requantize(raws, target(QuantType.INT8), codes));
        assertEquals(0, reals.position());
        assertEquals(0, raws.position());
        assertArrayEquals(untouched(9), Memory.all(codes));
        assertArrayEquals(untouchedReals(9), Memory.all(values));
    }
}
