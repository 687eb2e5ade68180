// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.layers.GoldenTable.Row;
import dev.octant.layers.train.AmaxGrid;
import dev.octant.layers.train.AmaxQuantizer;
import dev.octant.layers.train.KeptAxes;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What ONNX Runtime, PyTorch and NVIDIA's layers gave. */
class LayersGoldenTest {
    /** Sums and codes of ONNX Runtime and PyTorch, but for qnnpack, whose bias saturates and whose sums wrap. */
    @Test
    void linearLayersOfCodes() {
        int sumsCompared = 0;
        int codesCompared = 0;
        for (Row row : GoldenTable.rows("int8_linear.csv.gz")) {
            boolean symmetric = Arrays.stream(row.wholes("w_zp")).allMatch(zero -> zero == 0);
            if (!row.text("w_type").equals("int8")
                    || !symmetric
                    || row.text("op").endsWith("qnnpack")) {
                continue;
            }
            int m = row.whole("m");
            int k = row.whole("k");
            int n = row.whole("n");
            byte[] x = row.bytes("x_codes");
            byte[] w = transposed(row.bytes("w_codes"), k, n);
            QuantType type = QuantType.parse(row.text("x_type"));
            int zeroPoint = row.whole("x_zp");
            int[] sums = new int[m * n];
            MatrixProduct.java().prepare(w, n, k).multiply(x, 0, m, type, zeroPoint, sums, 0);
            assertArrayEquals(row.ints("sums"), sums, row.toString());
            sumsCompared++;
            if (row.text("op").equals("ort_MatMulInteger")) {
                continue;
            }
            QuantParams input = QuantParams.of(type, row.single("x_scale_bits"), zeroPoint);
            QuantizedWeights weights = QuantizedWeights.of(w, n, row.floats("w_scale_bits"));
            QuantParams output =
                    QuantParams.of(QuantType.parse(row.text("y_type")), row.single("y_scale_bits"), row.whole("y_zp"));
            QuantizedLinear layer;
            if (row.text("op").startsWith("torch")) {
                SumsToCodes end = SumsToCodes.pytorch(
                        input, weights, row.has("bias") ? row.floats("bias") : new float[n], output);
                layer = QuantizedLinear.of(input, weights, end, MatrixProduct.java());
            } else {
                int[] bias = row.has("bias") ? row.ints("bias") : new int[n];
                SumsToCodes end = SumsToCodes.engine(input, weights, output, Profile.ONNX_RUNTIME);
                layer = QuantizedLinear.of(input, weights, bias, end, MatrixProduct.java());
            }
            byte[] y = new byte[m * n];
            layer.apply(x, 0, m, y, 0);
            assertArrayEquals(row.bytes("y"), y, row.toString());
            codesCompared++;
        }
        assertEquals(168, codesCompared);
        assertEquals(168 + 48, sumsCompared);
    }

    private static byte[] transposed(byte[] w, int k, int n) {
        byte[] rows = new byte[w.length];
        for (int i = 0; i < k; i++) {
            for (int o = 0; o < n; o++) {
                rows[o * k + i] = w[i * n + o];
            }
        }
        return rows;
    }

    /** Fake-quantized operands are NVIDIA's; sums in double are within the rounding of its float sums. */
    @Test
    void layersThatTrain() {
        int rows = 0;
        for (Row row : GoldenTable.rows("quant_linear.csv.gz")) {
            rows++;
            int[] xShape = row.wholes("x_shape");
            int[] wShape = row.wholes("w_shape");
            AmaxGrid grid = new AmaxGrid(row.whole("num_bits"), false, false);
            AmaxQuantizer input = AmaxQuantizer.of(grid, row.single("input_amax_bits"));
            AmaxQuantizer weights = AmaxQuantizer.of(grid, KeptAxes.of(wShape, 0), row.floats("weight_amax_bits"));
            float[] x = row.floats("x_bits");
            float[] w = row.floats("w_bits");
            float[] dy = row.floats("dy_bits");
            float[] bias = row.has("b_bits") ? row.floats("b_bits") : new float[wShape[0]];
            assertArrayEquals(
                    row.floats("fqx_bits"), QuantizerPlace.of("inputs", input).quantized(x), row.toString());
            assertArrayEquals(
                    row.floats("fqw_bits"),
                    QuantizerPlace.of("weights", weights).quantized(w),
                    row.toString());
            double[] exact = row.doubles("y64_bits");
            float[] y = new float[exact.length];
            LayerGradients gradients;
            if (row.text("kind").equals("linear")) {
                FakeQuantLinear layer = FakeQuantLinear.of(wShape[1], wShape[0], input, weights);
                layer.forward(x, w, bias, y);
                gradients = layer.gradients(xShape[0]);
                layer.backward(x, w, dy, gradients);
            } else {
                Conv2dShape shape = Conv2dShape.of(xShape[1], xShape[2], xShape[3], wShape[0], wShape[2], wShape[3])
                        .stride(row.whole("stride"))
                        .padding(row.whole("padding"))
                        .groups(row.whole("groups"));
                FakeQuantConv2d layer = FakeQuantConv2d.of(shape, input, weights);
                layer.forward(x, w, bias, y);
                gradients = layer.gradients(xShape[0]);
                layer.backward(x, w, dy, gradients);
            }
            for (int i = 0; i < y.length; i++) {
                assertEquals(exact[i], y[i], Math.ulp((float) exact[i]), row + " at " + i);
            }
            assertNear(row.floats("dx_bits"), gradients.dx(), row);
            assertNear(row.floats("dw_bits"), gradients.dw(), row);
            if (row.has("db_bits")) {
                assertNear(row.floats("db_bits"), gradients.db(), row);
            }
        }
        assertEquals(40, rows);
    }

    /** Float sums of the engine, in an order of its own; of at most some hundred products. */
    private static void assertNear(float[] expected, float[] actual, Row row) {
        assertEquals(expected.length, actual.length);
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 100 * 0x1p-24 * largest, row + " at " + i);
        }
    }

    /** Convolution, BatchNorm and activation from int32 sums: codes of PyTorch's graph in double. */
    @Test
    void batchNormOnSums() {
        int codes = 0;
        Map<Between, Integer> differ = new EnumMap<>(Between.class);
        Map<Between, Integer> most = new EnumMap<>(Between.class);
        for (Row row : GoldenTable.rows("bn_fold.csv.gz")) {
            int[] xShape = row.wholes("x_shape");
            int[] wShape = row.wholes("w_shape");
            int channels = wShape[0];
            QuantParams input = QuantParams.of(QuantType.INT8, row.single("x_scale_bits"), row.whole("x_zp"));
            QuantParams output = QuantParams.of(QuantType.INT8, row.single("y_scale_bits"), row.whole("y_zp"));
            QuantizedWeights weights = QuantizedWeights.of(row.bytes("w_codes"), channels, row.floats("w_scale_bits"));
            float[] bias = row.has("bias_bits") ? row.floats("bias_bits") : new float[channels];
            BatchNorm batchNorm = BatchNorm.of(
                    row.floats("gamma_bits"),
                    row.floats("beta_bits"),
                    row.floats("mean_bits"),
                    row.floats("var_bits"),
                    row.doubles("eps_bits64")[0]);
            Activation activation = Activation.parse(row.text("act"));
            byte[] expected = row.bytes("y_double");
            codes += expected.length;
            int[] sums = row.ints("sums");
            int places = sums.length / xShape[0] / channels;
            for (Between between : Between.values()) {
                SumsToCodes end = SumsToCodes.of(input, weights, bias, batchNorm, activation, output, between);
                for (int i = 0; i < sums.length; i++) {
                    byte[] code = new byte[1];
                    end.apply(sums, i, code, 0, 1, i / places % channels);
                    int off = Math.abs(code[0] - expected[i]);
                    differ.merge(between, off == 0 ? 0 : 1, Integer::sum);
                    most.merge(between, off, Math::max);
                }
            }
            // The whole layer, whose padding of these rows is none or that of the recorded sums.
            Conv2dShape shape = Conv2dShape.of(xShape[1], xShape[2], xShape[3], channels, wShape[2], wShape[3]);
            shape = shape.outputHeight() * shape.outputWidth() == places ? shape : shape.padding(wShape[2] / 2);
            SumsToCodes exact = SumsToCodes.of(input, weights, bias, batchNorm, activation, output, Between.EXACT);
            QuantizedConv2d layer = QuantizedConv2d.of(shape, input, weights, exact, MatrixProduct.java());
            byte[] y = new byte[expected.length];
            layer.apply(row.bytes("x_codes"), 0, xShape[0], y, 0);
            assertArrayEquals(expected, y, row.toString());
        }
        String measured = differ + " of " + codes + " codes, by at most " + most;
        assertEquals(0, differ.get(Between.EXACT), measured);
        assertTrue(most.get(Between.TWELVE_BITS) <= 1, measured);
        assertTrue(most.get(Between.EIGHT_BITS) <= 2, measured);
    }

    /** BatchNorm on 8-bit input: a table is the graph in double itself, rounded once. */
    @Test
    void batchNormOnCodes() {
        Random random = new Random(9);
        for (int trial = 0; trial < 2_000; trial++) {
            float[] gamma = {trial % 100 == 0 ? 0 : random.nextFloat() * 2 - 1};
            float[] beta = {random.nextFloat() - 0.5f};
            float[] mean = {random.nextFloat() - 0.5f};
            float[] variance = {random.nextFloat() + 0.1f};
            QuantParams input = QuantParams.of(QuantType.INT8, 0.02f + random.nextFloat() * 0.05f, trial % 20 - 10);
            QuantParams output = QuantParams.of(QuantType.UINT8, 0.01f + random.nextFloat() * 0.05f, trial % 37);
            LookupTable table =
                    BatchNorm.of(gamma, beta, mean, variance, 1e-3).table(0, input, Activation.SILU, output);
            double factor = gamma[0] / Math.sqrt(variance[0] + 1e-3);
            for (int code = -128; code < 128; code++) {
                double x = (code - input.zeroPoint()) * (double) input.scale();
                double y = Activation.SILU.value(x * factor + (beta[0] - mean[0] * factor));
                double expected = Math.rint(y / output.scale()) + output.zeroPoint();
                expected = Math.min(Math.max(expected, 0), 255);
                assertEquals(expected, table.apply((byte) code) & 0xFF, "trial " + trial + ", code " + code);
            }
        }
    }

    /** Values next to a tie of the codes, which a float would take for it. */
    @Test
    void noFloatLiesBeforeTheRounding() {
        QuantParams input = QuantParams.of(QuantType.INT8, 1, 0);
        QuantParams output = QuantParams.of(QuantType.INT8, 0.1f, 3);
        BatchNorm line = BatchNorm.of(new float[] {1}, new float[1], new float[1], new float[] {1}, 0);
        QuantizedWeights one = QuantizedWeights.of(new byte[] {1}, 1, 1);
        for (double nudge : new double[] {-1e-9, 1e-9}) {
            double tie = 60.5 * (double) 0.1f * (1 + nudge);
            Activation f = Activation.of("tie", x -> x == 1 ? tie : x, RealRange.ALL);
            int expected = nudge < 0 ? 63 : 64;
            assertEquals(expected, line.table(0, input, f, output).apply((byte) 1));
            byte[] code = new byte[1];
            SumsToCodes.of(input, one, new float[1], f, output, Between.EXACT).apply(new int[] {1}, 0, code, 0, 1, 0);
            assertEquals(expected, code[0]);
        }
    }

    /** BatchNorm in the weights of a float layer. */
    @Test
    void batchNormInWeights() {
        BatchNorm batchNorm = BatchNorm.of(
                new float[] {1.5f, -0.7f}, new float[] {0.2f, 0}, new float[] {-1, 2}, new float[] {2, 0.5f}, 1e-3);
        float[] folded = batchNorm.foldWeights(new float[] {1, 2, 3, 4});
        float[] bias = batchNorm.foldBias(new float[] {0.5f, -0.5f});
        double factor = 1.5 / Math.sqrt(2 + 1e-3);
        assertEquals(2 * factor, folded[1], 1e-6);
        assertEquals((0.5 + 1) * factor + 0.2, bias[0], 1e-6);
        assertEquals(4 * -0.7 / Math.sqrt(0.501), folded[3], 1e-6);
    }
}
