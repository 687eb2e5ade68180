// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
        assertFalse(TrialProduct.agrees(new Wrong(true)));
        assertSame(MatrixProduct.java(), MatrixProduct.fastest());
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

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
