// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.layers.GoldenTable;
import dev.octant.layers.GoldenTable.Row;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.engines.NvidiaHistogramObserver;
import dev.octant.observers.estimators.MinMax;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What NVIDIA's TensorQuantizer gave, value by value. */
class AmaxQuantizerGoldenTest {
    @Test
    void everyRow() {
        int given = 0;
        int dynamic = 0;
        int learned = 0;
        for (Row row : GoldenTable.rows("tensor_quantizer.csv.gz")) {
            boolean real = row.text("mode").equals("real");
            // NVIDIA does not hand narrow_range on where codes are kept: they are always narrow.
            AmaxGrid grid =
                    new AmaxGrid(row.whole("num_bits"), flag(row, "unsigned"), real || flag(row, "narrow_range"));
            float[] x = row.floats("x_bits");
            float[] y = new float[x.length];
            float[] dx = new float[x.length];
            AmaxQuantizer quantizer;
            LearnedClip clip = null;
            float[] inside = x;
            if (flag(row, "learn_amax")) {
                learned++;
                float[] bounds = row.floats("amax_bits");
                clip = LearnedClip.of(bounds[0], bounds[1]);
                inside = new float[x.length];
                clip.forward(x, 0, inside, 0, x.length);
                quantizer = AmaxQuantizer.of(grid, clip);
            } else {
                KeptAxes axes = axes(row);
                double factor = row.has("scale_amax_bits64") ? row.doubles("scale_amax_bits64")[0] : 1;
                if (!row.text("amax_bits").equals("dynamic")) {
                    given++;
                    quantizer = AmaxQuantizer.of(grid, axes, row.floats("amax_bits"));
                    quantizer = factor == 1 ? quantizer : quantizer.scaled(factor);
                } else {
                    dynamic++;
                    quantizer = new DynamicAmax(grid, axes, factor).quantizer(x, 0, x.length);
                }
            }
            quantizer.forward(inside, 0, y, 0, x.length);
            float[] expected = row.floats("y_bits");
            for (int i = 0; i < x.length; i++) {
                float actual = real ? quantizer.code(inside[i], axes(row).group(i)) : y[i];
                assertEquals(expected[i] + 0f, actual + 0f, row + " at " + i + ", x " + x[i]);
            }
            if (!real) {
                gradients(row, quantizer, clip, x, dx);
            }
        }
        assertEquals(264, given + dynamic + learned);
        assertTrue(learned > 20, "learned " + learned);
    }

    private static void gradients(Row row, AmaxQuantizer quantizer, LearnedClip clip, float[] x, float[] dx) {
        float[] dy = row.floats("dy_bits");
        float[] expected = row.floats("dx_bits");
        if (clip == null) {
            quantizer.backward(x, 0, dy, 0, dx, 0, x.length);
        } else {
            ClipGradient gradient = clip.gradient();
            clip.then(quantizer).backward(x, 0, dy, 0, dx, 0, x.length, gradient);
            double rounding = 0;
            for (float upstream : dy) {
                rounding += x.length * 0x1p-24 * Math.abs(upstream);
            }
            assertEquals(row.single("dmin_bits"), gradient.low(), rounding, row.toString());
            assertEquals(row.single("dmax_bits"), gradient.high(), rounding, row.toString());
        }
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i] + 0f, dx[i] + 0f, row + " gradient at " + i + ", x " + x[i]);
        }
    }

    private static boolean flag(Row row, String name) {
        return row.text(name).equals("True");
    }

    private static KeptAxes axes(Row row) {
        String text = row.text("axis");
        // Dynamic, the engine takes the last axis for none.
        if (text.equals("null") || (text.equals("-1") && row.text("amax_bits").equals("dynamic"))) {
            return KeptAxes.NONE;
        }
        int[] axes = Arrays.stream(text.replaceAll("[\\[\\] ]", "").split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        return KeptAxes.of(row.wholes("shape"), axes);
    }

    /** The page's recipes for calibration, on data to either side of 0. */
    @Test
    void rangesOfEstimatorsAndOfNvidiasHistogram() {
        for (float[] ends : new float[][] {{-8, -1}, {-8, 2}, {1, 8}, {-2, 8}, {-1, 0}}) {
            float[] values = new float[5000];
            for (int i = 0; i < values.length; i++) {
                values[i] = ends[0] + (ends[1] - ends[0]) * i / (values.length - 1f);
            }
            float largest = Math.max(Math.abs(ends[0]), Math.abs(ends[1]));
            HistogramObserver observer = new HistogramObserver();
            observer.observe(values);
            NvidiaHistogramObserver nvidia = new NvidiaHistogramObserver();
            nvidia.observe(values);
            AmaxQuantizer exact = AmaxQuantizer.of(AmaxGrid.INT8, new MinMax().estimate(observer.summary()));
            assertEquals(largest, exact.amax()[0]);
            for (RealRange range : new RealRange[] {
                nvidia.entropy(QuantType.INT8, 1),
                nvidia.percentile(99.99, QuantType.INT8),
                nvidia.meanSquaredError(QuantType.INT8, 1)
            }) {
                float amax = AmaxQuantizer.of(AmaxGrid.INT8, range).amax()[0];
                assertEquals((float) range.max(), amax);
                // As NVIDIA has it, the divergence of uniform values is least at its first candidate.
                assertTrue(amax > largest / 9 && amax <= largest * 1.001f, range.toString());
            }
        }
        AmaxGrid unsigned = new AmaxGrid(8, true, false);
        assertEquals(3, AmaxQuantizer.of(unsigned, RealRange.of(-5, 3)).amax()[0]);
        assertEquals(0, AmaxQuantizer.of(unsigned, RealRange.of(0, 0)).amax()[0]);
        assertEquals(
                "range must reach above 0 where no code is negative, was " + RealRange.of(-5, -3),
                assertThrows(IllegalArgumentException.class, () -> AmaxQuantizer.of(unsigned, RealRange.of(-5, -3)))
                        .getMessage());
    }

    @Test
    void groupsOfKeptAxes() {
        KeptAxes axes = KeptAxes.of(new int[] {2, 3, 2}, 0, -1);
        assertEquals(4, axes.groups());
        int[] groups = new int[12];
        Arrays.setAll(groups, axes::group);
        assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3}, groups);
        assertEquals(3, axes.group(12 + 9), "the next tensor");
        for (KeptAxes any : new KeptAxes[] {axes, KeptAxes.NONE}) {
            assertEquals(
                    "element must not be negative, was -1",
                    assertThrows(IllegalArgumentException.class, () -> any.group(-1))
                            .getMessage());
        }
    }

    /** NVIDIA does not pass narrow_range on in its real mode: the page's row asks for the narrow grid. */
    @Test
    void codesOfTheRealModeAreThoseOfTheNarrowGrid() {
        assertEquals(-127, AmaxQuantizer.of(new AmaxGrid(8, false, true), 1).code(-1.01f, 0));
        assertEquals(-128, AmaxQuantizer.of(AmaxGrid.INT8, 1).code(-1.01f, 0));
    }
}
