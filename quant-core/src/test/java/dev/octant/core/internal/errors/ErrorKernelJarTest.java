// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.FloatEdges;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of error sums beside the scalar loop, bit by bit. */
class ErrorKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(5);

    @Test
    void everyLengthAndOffset() {
        float[] inputs = FloatEdges.mixed(random, LENGTHS + OFFSETS, false);
        float[] values = FloatEdges.mixed(random, LENGTHS + OFFSETS, false);
        float[] approximations = FloatEdges.mixed(random, LENGTHS + OFFSETS, false);
        for (ErrorKernel kernel : Twins.of(Kernels.ERRORS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    ErrorSums expected = new ErrorSums(-1, 1.25, -0.5, 2);
                    ErrorSums actual = new ErrorSums(-1, 1.25, -0.5, 2);
                    Kernels.ERRORS.scalar().run(inputs, values, approximations, offset, length, expected);
                    kernel.run(inputs, values, approximations, offset, length, actual);
                    assertSame(expected, actual, kernel);
                }
            }
        }
    }

    /** Bounds are doubles: some lie between two floats, on one, or nowhere. */
    @Test
    void everyEdgeAtEveryBound() {
        float[] edges = FloatEdges.all();
        double[] bounds = {
            Double.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -1,
            Math.nextUp(-1.0),
            -0.0,
            0,
            Double.MIN_VALUE,
            Float.MIN_VALUE,
            1,
            Math.nextDown(1.0),
            2048,
            Float.MAX_VALUE,
            Double.POSITIVE_INFINITY
        };
        for (ErrorKernel kernel : Twins.of(Kernels.ERRORS)) {
            for (float edge : edges) {
                for (double bound : bounds) {
                    float[] values = FloatEdges.ordinary(random, 40);
                    values[random.nextInt(values.length)] = edge;
                    float[] inputs = FloatEdges.ordinary(random, 40);
                    inputs[random.nextInt(inputs.length)] = edge;
                    float[] zeros = new float[40];
                    for (int side = 0; side < 4; side++) {
                        assertSame(
                                run(Kernels.ERRORS.scalar(), inputs, values, zeros, bound, side),
                                run(kernel, inputs, values, zeros, bound, side),
                                kernel);
                    }
                }
            }
        }
    }

    /** What was added before stays: lanes go on where they were. */
    @Test
    void blockAfterBlock() {
        for (ErrorKernel kernel : Twins.of(Kernels.ERRORS)) {
            ErrorSums expected = new ErrorSums(-1, 1, -1, 1);
            ErrorSums actual = new ErrorSums(-1, 1, -1, 1);
            for (int block = 0; block < 500; block++) {
                int length = random.nextInt(100);
                float[] values = FloatEdges.ordinary(random, length);
                float[] approximations = FloatEdges.ordinary(random, length);
                Kernels.ERRORS.scalar().run(values, values, approximations, 0, length, expected);
                kernel.run(values, values, approximations, 0, length, actual);
                assertSame(expected, actual, kernel);
            }
        }
    }

    private static ErrorSums run(
            ErrorKernel kernel, float[] inputs, float[] values, float[] approximations, double bound, int side) {
        ErrorSums sums = new ErrorSums(
                side == 0 ? bound : -10, side == 1 ? bound : 10, side == 2 ? bound : -10, side == 3 ? bound : 10);
        kernel.run(inputs, values, approximations, 0, values.length, sums);
        return sums;
    }

    private static void assertSame(ErrorSums expected, ErrorSums actual, ErrorKernel kernel) {
        assertEquals(
                ErrorTrial.outcome(expected),
                ErrorTrial.outcome(actual),
                kernel.getClass().getSimpleName());
        for (int lane = 0; lane < ErrorSums.LANES; lane++) {
            assertEquals(expected.signal[lane], actual.signal[lane]);
            assertEquals(expected.inside[lane], actual.inside[lane]);
            assertEquals(expected.outside[lane], actual.outside[lane]);
            assertEquals(expected.largest[lane], actual.largest[lane]);
        }
    }
}
