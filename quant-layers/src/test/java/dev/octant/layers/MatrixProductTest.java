// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.train.QuantizerStage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;

/** Exact sums, of any shape, at the ends of the codes too. */
class MatrixProductTest {
    private static final List<QuantType> TYPES = List.of(QuantType.values());

    private final Random random = new Random(6);

    private static int[] definition(byte[] x, byte[] w, int rows, int inputs, int outputs, QuantType type, int zero) {
        int[] sums = new int[rows * outputs];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                long sum = 0;
                for (int k = 0; k < inputs; k++) {
                    sum += (long) (type.code(x[r * inputs + k]) - zero) * w[o * inputs + k];
                }
                sums[r * outputs + o] = Math.toIntExact(sum);
            }
        }
        return sums;
    }

    @Test
    void everySmallShapeAndSomeLargeOnes() {
        for (int trial = 0; trial < 400; trial++) {
            boolean large = trial % 40 == 0;
            int rows = 1 + random.nextInt(large ? 100 : 14);
            int inputs = 1 + random.nextInt(large ? 3000 : 60);
            int outputs = 1 + random.nextInt(large ? 70 : 40);
            QuantType type = TYPES.get(random.nextInt(TYPES.size()));
            int zero = type.low() + random.nextInt(type.levels());
            byte[] x = new byte[rows * inputs + 3];
            byte[] w = new byte[outputs * inputs];
            random.nextBytes(x);
            random.nextBytes(w);
            int[] sums = new int[rows * outputs + 2];
            MatrixProduct.java().prepare(w, outputs, inputs).multiply(x, 3, rows, type, zero, sums, 2);
            byte[] block = Arrays.copyOfRange(x, 3, x.length);
            assertArrayEquals(
                    definition(block, w, rows, inputs, outputs, type, zero),
                    Arrays.copyOfRange(sums, 2, sums.length),
                    rows + " x " + inputs + " x " + outputs + " of " + type);
            assertEquals(0, sums[0] | sums[1]);
        }
    }

    /** Sums of the largest magnitude, whose parts of 1,024 are 2^24. */
    @Test
    void theEndsOfTheCodes() {
        int inputs = MatrixProduct.MOST_INPUTS;
        byte[] w = new byte[2 * inputs];
        Arrays.fill(w, (byte) -128);
        Arrays.fill(w, inputs, w.length, (byte) 127);
        for (byte code : new byte[] {-128, 127, -1, 0}) {
            byte[] x = new byte[inputs];
            Arrays.fill(x, code);
            for (QuantType type : new QuantType[] {QuantType.INT8, QuantType.UINT8}) {
                for (int zero : new int[] {type.low(), type.high()}) {
                    int[] sums = new int[2];
                    MatrixProduct.java().prepare(w, 2, inputs).multiply(x, 0, 1, type, zero, sums, 0);
                    assertArrayEquals(definition(x, w, 1, inputs, 2, type, zero), sums);
                }
            }
        }
    }

    /** Weights are copied. */
    @Test
    void preparedWeightsDoNotChange() {
        byte[] w = {1, 2};
        MatrixProduct.Prepared prepared = MatrixProduct.java().prepare(w, 1, 2);
        w[0] = 100;
        int[] sums = new int[1];
        prepared.multiply(new byte[] {3, 4}, 0, 1, QuantType.INT8, 0, sums, 0);
        assertEquals(11, sums[0]);
    }

    /** One that is found must give these sums, or is left alone. */
    @Test
    void aWrongProductIsNotUsed() {
        assertTrue(TrialProduct.agrees(MatrixProduct.java()));
        assertFalse(TrialProduct.agrees(new Wrong(false)));
        assertSame(MatrixProduct.java(), MatrixProduct.fastest());
        assertEquals("java is used: no other product is found", MatrixProduct.fastestReason());
    }

    /** Why one that was found is not used is told, and the next is tried. */
    @Test
    void theReasonIsTold() {
        TrialProduct.Choice none = TrialProduct.fastest(List.of(
                () -> new Wrong(false),
                () -> new Wrong(true),
                () -> {
                    throw new NoClassDefFoundError("ai/onnx/proto/OnnxMl");
                },
                () -> {
                    throw new ServiceConfigurationError("not a product");
                }));
        assertSame(MatrixProduct.java(), none.product());
        assertEquals(
                "wrong is not used: its sums are not those of java; wrong is not used:"
                        + " java.lang.IllegalStateException: no such instruction; a product is not used:"
                        + " java.lang.NoClassDefFoundError: ai/onnx/proto/OnnxMl; a product is not used:"
                        + " java.util.ServiceConfigurationError: not a product; java is used: no other product is left",
                none.reason());
        TrialProduct.Choice second = TrialProduct.fastest(List.of(() -> new Wrong(true), MatrixProduct::java));
        assertTrue(second.reason().endsWith("java is used: it gives the sums of java"), second.reason());
    }

    /** Octant's own but for one sum, or one that throws. */
    private record Wrong(boolean isThrowing) implements MatrixProduct {
        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public Prepared prepare(byte[] weights, int outputs, int inputs) {
            Prepared right = MatrixProduct.java().prepare(weights, outputs, inputs);
            return new Prepared() {
                @Override
                public int inputs() {
                    return inputs;
                }

                @Override
                public int outputs() {
                    return outputs;
                }

                @Override
                public void multiply(byte[] x, int at, int rows, QuantType type, int zero, int[] sums, int to) {
                    if (isThrowing) {
                        throw new IllegalStateException("no such instruction");
                    }
                    right.multiply(x, at, rows, type, zero, sums, to);
                    sums[to + rows * outputs - 1]++;
                }
            };
        }
    }

    @Test
    void refusals() {
        MatrixProduct java = MatrixProduct.java();
        assertEquals("outputs must be positive, were 0", refusal(() -> java.prepare(new byte[1], 0, 1)));
        assertEquals("inputs must be within 1..65536, were 65537", refusal(() -> java.prepare(new byte[1], 1, 65537)));
        assertEquals(
                "weights must be outputs x inputs = 2 x 3, were 5", refusal(() -> java.prepare(new byte[5], 2, 3)));
        MatrixProduct.Prepared prepared = java.prepare(new byte[6], 2, 3);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> prepared.multiply(new byte[5], 0, 2, QuantType.INT8, 0, new int[4], 0));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> prepared.multiply(new byte[6], 0, 2, QuantType.INT8, 0, new int[3], 0));
    }

    /** Blocks that no array holds, and zero points that are no codes, are refused in a sentence everywhere. */
    @Test
    void sizesThatLeaveTheInts() {
        QuantParams params = QuantParams.of(QuantType.UINT8, 0.1f, 0);
        QuantizedWeights weights = QuantizedWeights.of(new byte[4], 2, 0.01f);
        SumsToCodes end = SumsToCodes.engine(params, weights, params, Profile.ONNX);
        QuantizedLinear linear = QuantizedLinear.of(params, weights, end, MatrixProduct.java());
        String source = "source must fit an array, would be 2147483647 x 2 = 4294967294 elements";
        assertEquals(source, refusal(() -> linear.apply(new byte[1], 0, Integer.MAX_VALUE, new byte[1], 0)));
        MatrixProduct.Prepared prepared = MatrixProduct.java().prepare(new byte[4], 2, 2);
        assertEquals(
                source,
                refusal(() -> prepared.multiply(new byte[1], 0, Integer.MAX_VALUE, QuantType.INT8, 0, new int[1], 0)));
        QuantizedConv2d convolution =
                QuantizedConv2d.of(Conv2dShape.of(2, 1, 1, 2, 1, 1), params, weights, end, MatrixProduct.java());
        assertEquals(source, refusal(() -> convolution.apply(new byte[1], 0, Integer.MAX_VALUE, new byte[1], 0)));
        QuantizerStage pass = new QuantizerStage.Pass();
        int many = 1 << 20;
        assertEquals(
                "inputs must fit an array, would be 1048576 x 1048576 = 1099511627776 elements",
                refusal(() -> FakeQuantLinear.of(many, 1, pass, pass).gradients(many)));
        assertEquals(
                "weights must fit an array, would be 1048576 x 1048576 = 1099511627776 elements",
                refusal(() -> FakeQuantLinear.of(many, many, pass, pass).gradients(1)));
        assertEquals(
                "inputs must fit an array, would be 1048576 x 1048576 = 1099511627776 elements",
                refusal(() -> FakeQuantConv2d.of(Conv2dShape.of(1, 1024, 1024, 1, 1, 1), pass, pass)
                        .gradients(many)));
        assertEquals(
                "weights must fit an int, were 1 x 65536 x 1024 x 64",
                refusal(() -> new Conv2dShape(1 << 16, 1, 1, 1, 1 << 10, 1 << 6, 1, 1, 1 << 10, 1 << 6, 1, 1, 1)));
        assertEquals(
                "elements of an image must fit an int, were 2097152 x 2097152 x 2097152",
                refusal(() -> Conv2dShape.of(1 << 21, 1 << 21, 1 << 21, 1, 1, 1)));
        assertEquals(
                "elements of an output image must fit an int, were 65536 x 256 x 256",
                refusal(() -> Conv2dShape.of(1, 256, 256, 1 << 16, 1, 1)));
        for (int zero : new int[] {1000, -129, 128}) {
            assertEquals(
                    "zero point must be within -128..127 of int8, was " + zero,
                    refusal(() -> prepared.multiply(new byte[2], 0, 1, QuantType.INT8, zero, new int[2], 0)));
        }
    }

    /** Sums of very many outputs are kept for fewer rows at a time. */
    @Test
    void manyOutputs() {
        int outputs = 100_000;
        byte[] w = new byte[outputs];
        random.nextBytes(w);
        QuantParams params = QuantParams.of(QuantType.INT8, 1, 0);
        QuantizedWeights weights = QuantizedWeights.of(w, outputs, 1);
        SumsToCodes end = SumsToCodes.engine(params, weights, params, Profile.ONNX);
        byte[] x = new byte[45];
        Arrays.fill(x, 40, 45, (byte) 1);
        byte[] y = new byte[45 * outputs];
        QuantizedLinear.of(params, weights, end, MatrixProduct.java()).apply(x, 0, 45, y, 0);
        assertArrayEquals(w, Arrays.copyOfRange(y, 44 * outputs, y.length));
        assertArrayEquals(new byte[outputs], Arrays.copyOf(y, outputs));
        assertEquals(1, QuantizedLinear.rowsAtATime(45_000_000));
        assertEquals(48, QuantizedLinear.rowsAtATime(87_381));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
