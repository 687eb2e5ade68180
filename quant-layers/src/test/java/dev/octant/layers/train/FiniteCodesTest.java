// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.RealRange;
import dev.octant.layers.QuantizedWeights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The value of a code is a finite float, or there is no such quantizer: at the largest scales and magnitudes. */
class FiniteCodesTest {
    private static final float[] ENDS = {
        Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1, 0
    };

    private static void assertFinite(StraightThrough quantizer) {
        float[] y = new float[ENDS.length];
        quantizer.forward(ENDS, 0, y, 0, y.length);
        for (int i = 0; i < y.length; i++) {
            assertTrue(Float.isFinite(y[i]), quantizer + " makes " + y[i] + " of " + ENDS[i]);
        }
    }

    @Test
    void steps() {
        for (CodeRange codes : List.of(
                new CodeRange(-8, 7), new CodeRange(0, 15), new CodeRange(-127, 127), new CodeRange(0, 65535))) {
            for (int zeroPoint : new int[] {Math.max(codes.low(), -3), 0, codes.high()}) {
                float most = FakeQuantizer.largestScale(codes, zeroPoint);
                assertFinite(FakeQuantizer.of(codes, most, zeroPoint, Profile.ONNX));
                assertFinite(FakeQuantizer.of(codes, most, zeroPoint, Profile.PYTORCH));
                float beyond = Math.nextUp(most);
                int widest = Math.max(codes.high() - zeroPoint, zeroPoint - codes.low());
                assertTrue(Float.isInfinite(beyond * widest));
                assertEquals(
                        "scale must leave the values of all codes " + codes + " finite floats, was " + beyond,
                        refusal(() -> FakeQuantizer.of(codes, beyond, zeroPoint, Profile.ONNX)));
                assertTrue(refusal(() -> FakeQuantizer.of(
                                new ChannelLayout(2, 1),
                                codes,
                                new float[] {1, beyond},
                                new int[] {zeroPoint, zeroPoint},
                                Profile.ONNX))
                        .endsWith(" at channel 1"));
            }
            float[] weights = {Float.MAX_VALUE, -Float.MAX_VALUE, 1};
            for (StepStart start : StepStart.values()) {
                assertFinite(LearnedStep.ofWeights(weights, codes, start).quantizer());
            }
            RealRange all = RealRange.of(-Float.MAX_VALUE, Float.MAX_VALUE);
            for (boolean affine : new boolean[] {false, true}) {
                LearnedStep step = LearnedStep.ofRange(all, codes, affine, 1);
                assertFinite(step.quantizer());
                // Away, in both directions, with the zero point.
                for (float upstream : new float[] {1e30f, -1e30f}) {
                    StepGradient gradient = step.quantizer().gradient();
                    float[] dy = {upstream, -upstream};
                    step.quantizer().backward(ENDS, 0, dy, 0, new float[2], 0, 2, gradient);
                    assertFinite(step.minus(gradient, 1e20).quantizer());
                    assertFinite(step.minus(gradient, -1e20).quantizer());
                }
            }
        }
    }

    @Test
    void magnitudes() {
        for (int bits = 2; bits <= 16; bits++) {
            for (int kind = 0; kind < 3; kind++) {
                AmaxGrid grid = new AmaxGrid(bits, kind == 2, kind == 1);
                float most = AmaxQuantizer.largest(grid);
                assertTrue(most >= Float.MAX_VALUE / 2 * (1 - 0x1p-22f), grid.toString());
                assertFinite(AmaxQuantizer.of(grid, most));
                assertFinite(DynamicAmax.of(grid));
                assertFinite(new DynamicAmax(grid, KeptAxes.NONE, 10));
                if (most < Float.MAX_VALUE) {
                    assertEquals(
                            "amax must leave the values of all codes " + grid.low() + ".." + grid.high()
                                    + " finite floats, was " + Float.MAX_VALUE,
                            refusal(() -> AmaxQuantizer.of(grid, Float.MAX_VALUE)));
                }
            }
        }
        assertEquals(
                "factor must be a positive normal float, was 1.0E-50",
                refusal(() -> new DynamicAmax(AmaxGrid.INT8, KeptAxes.NONE, 1e-50)));
        AmaxQuantizer two = AmaxQuantizer.of(AmaxGrid.INT8, KeptAxes.of(new int[] {2}, 0), 1, 2);
        for (int group : new int[] {-1, 2}) {
            assertEquals(
                    "group must be within 0..1, was " + group,
                    assertThrows(IndexOutOfBoundsException.class, () -> two.code(1, group))
                            .getMessage());
        }
        FakeQuantizer one = FakeQuantizer.of(new CodeRange(0, 3), 1, 0, Profile.ONNX);
        assertEquals(
                "channel must be within 0..0, was 1",
                assertThrows(IndexOutOfBoundsException.class, () -> one.scale(1))
                        .getMessage());
    }

    @Test
    void weights() {
        float[] largest = {Float.MAX_VALUE, -Float.MAX_VALUE, 1};
        for (float value : QuantizedWeights.quantize(largest, 1).values()) {
            assertTrue(Float.isFinite(value));
        }
        assertEquals(
                "scale must leave weights finite floats, was " + Float.MAX_VALUE + " at row 1",
                refusal(() -> QuantizedWeights.of(new byte[] {1, -1, 1, 2}, 2, Float.MAX_VALUE)));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
