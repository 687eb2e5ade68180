// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.fixtures.GradientCheck;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.QuantizerStage;
import dev.octant.layers.train.StepStart;
import dev.octant.ops.Activation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers beside their definitions, gradients beside finite differences, and what layers refuse. */
class QuantizedLayersTest {
    private static final QuantParams INPUT = QuantParams.of(QuantType.UINT8, 0.02f, 120);
    private static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.05f, -10);

    private final Random random = new Random(12);

    private float[] normal(int length, double size) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (random.nextGaussian() * size);
        }
        return values;
    }

    /** By the formula of a convolution, index by index. */
    private static byte[] definition(
            Conv2dShape s, byte[] x, int images, QuantParams input, QuantizedWeights w, int[] bias, SumsToCodes end) {
        int oh = (s.height() + 2 * s.paddingY() - s.dilationY() * (s.kernelHeight() - 1) - 1) / s.strideY() + 1;
        int ow = (s.width() + 2 * s.paddingX() - s.dilationX() * (s.kernelWidth() - 1) - 1) / s.strideX() + 1;
        byte[] codes = w.codes();
        byte[] y = new byte[images * s.outputChannels() * oh * ow];
        int cg = s.inputChannels() / s.groups();
        for (int i = 0, at = 0; i < images; i++) {
            for (int o = 0; o < s.outputChannels(); o++) {
                int g = o / (s.outputChannels() / s.groups());
                for (int p = 0; p < oh * ow; p++, at++) {
                    int sum = bias[o];
                    for (int c = 0; c < cg; c++) {
                        for (int ky = 0; ky < s.kernelHeight(); ky++) {
                            for (int kx = 0; kx < s.kernelWidth(); kx++) {
                                int row = p / ow * s.strideY() - s.paddingY() + ky * s.dilationY();
                                int column = p % ow * s.strideX() - s.paddingX() + kx * s.dilationX();
                                if (row < 0 || row >= s.height() || column < 0 || column >= s.width()) {
                                    continue;
                                }
                                int from =
                                        ((i * s.inputChannels() + g * cg + c) * s.height() + row) * s.width() + column;
                                int weight = ((o * cg + c) * s.kernelHeight() + ky) * s.kernelWidth() + kx;
                                sum += (input.type().code(x[from]) - input.zeroPoint()) * codes[weight];
                            }
                        }
                    }
                    end.apply(new int[] {sum}, 0, y, at, 1, o);
                }
            }
        }
        return y;
    }

    @Test
    void convolutionsOfEveryShape() {
        for (int trial = 0; trial < 150; trial++) {
            int groups = 1 + random.nextInt(3);
            Conv2dShape shape = new Conv2dShape(
                    groups * (1 + random.nextInt(3)),
                    5 + random.nextInt(8),
                    5 + random.nextInt(8),
                    groups * (1 + random.nextInt(4)),
                    1 + random.nextInt(3),
                    1 + random.nextInt(3),
                    1 + random.nextInt(2),
                    1 + random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(2),
                    1 + random.nextInt(2),
                    1 + random.nextInt(2),
                    groups);
            QuantizedWeights weights = QuantizedWeights.quantize(
                    normal(shape.outputChannels() * shape.inputs(), 0.3), shape.outputChannels());
            int[] bias = random.ints(shape.outputChannels(), -3000, 3000).toArray();
            SumsToCodes end = SumsToCodes.engine(INPUT, weights, OUTPUT, Profile.ONNX_RUNTIME);
            QuantizedConv2d layer = QuantizedConv2d.of(shape, INPUT, weights, bias, end, MatrixProduct.java());
            int images = 1 + random.nextInt(2);
            byte[] x = new byte[images * shape.imageLength()];
            random.nextBytes(x);
            QuantizedTensor y = layer.apply(QuantizedTensor.of(INPUT, x));
            assertEquals(OUTPUT, y.params());
            assertArrayEquals(definition(shape, x, images, INPUT, weights, bias, end), y.codes(), shape.toString());
        }
    }

    /** A linear layer is the convolution of one place. */
    @Test
    void linearLayersOfManyRows() {
        int inputs = 37;
        int outputs = 70;
        QuantizedWeights weights = QuantizedWeights.quantize(normal(inputs * outputs, 0.2), outputs);
        float[] bias = normal(outputs, 1);
        for (Between between : Between.values()) {
            SumsToCodes end = SumsToCodes.of(INPUT, weights, bias, Activation.GELU, OUTPUT, between);
            Conv2dShape place = Conv2dShape.of(inputs, 1, 1, outputs, 1, 1);
            byte[] x = new byte[101 * inputs];
            random.nextBytes(x);
            QuantizedLinear layer = QuantizedLinear.of(INPUT, weights, end, MatrixProduct.java());
            byte[] y = layer.apply(QuantizedTensor.of(INPUT, x)).codes();
            assertArrayEquals(definition(place, x, 101, INPUT, weights, new int[outputs], end), y);
            for (int i = 0; i < y.length; i++) {
                double sum = bias[i % outputs];
                for (int k = 0; k < inputs; k++) {
                    int code = x[i / outputs * inputs + k] & 0xFF;
                    sum += (double) (code - 120)
                            * 0.02f
                            * weights.codes()[i % outputs * inputs + k]
                            * weights.scale(i % outputs);
                }
                double expected = Activation.GELU.value(sum);
                int off = Math.abs(OUTPUT.quantize((float) expected) - y[i]);
                assertTrue(off <= (between == Between.EIGHT_BITS ? 2 : 1), between + " at " + i + " off by " + off);
            }
        }
    }

    /**
     * The frozen layer gives the codes of the layer it was trained as, but where the last rounding is a tie; with a
     * table between, codes that are off by one or two more.
     */
    @Test
    void frozenLayersGiveWhatWasTrained() {
        frozenLayersGiveWhatWasTrained(LearnedStep.affine(new CodeRange(0, 255), 0.02f, 120, 40));
        frozenLayersGiveWhatWasTrained(LearnedStep.affine(new CodeRange(0, 15), 0.2f, 6, 40));
        frozenLayersGiveWhatWasTrained(LearnedStep.symmetric(new CodeRange(-8, 7), 0.25f, 40));
    }

    private void frozenLayersGiveWhatWasTrained(LearnedStep inputStep) {
        int inputs = 40;
        int outputs = 9;
        int rows = 200;
        float[] w = normal(inputs * outputs, 0.3);
        float[] bias = normal(outputs, 0.5);
        float[] x = normal(rows * inputs, 1);
        LearnedStep weightStep = LearnedStep.ofRows(w, outputs, new CodeRange(-8, 7), StepStart.LEAST_SQUARES);
        FakeQuantLinear training = FakeQuantLinear.of(inputs, outputs, inputStep.quantizer(), weightStep.quantizer());
        float[] y = new float[rows * outputs];
        training.forward(x, w, bias, y);
        float[] qx = new float[x.length];
        float[] qw = new float[w.length];
        inputStep.quantizer().forward(x, 0, qx, 0, x.length);
        weightStep.quantizer().forward(w, 0, qw, 0, w.length);
        QuantParams input = inputStep.quantizer().stored(0);
        QuantizedWeights weights = QuantizedWeights.freeze(weightStep, w, outputs);
        byte[] codes = new byte[x.length];
        inputStep.quantizer().quantize(x, 0, codes, 0, x.length);
        for (Activation f : new Activation[] {Activation.IDENTITY, Activation.SILU, Activation.GELU, Activation.TANH}) {
            // No slope of these is above 1.13.
            QuantParams output = f.fixedOutput(QuantType.INT8).orElse(OUTPUT);
            for (Between between : Between.values()) {
                SumsToCodes end = SumsToCodes.of(input, weights, bias, f, output, between);
                QuantizedLinear frozen = QuantizedLinear.of(input, weights, end, MatrixProduct.java());
                byte[] served = frozen.apply(QuantizedTensor.of(input, codes)).codes();
                int more = f.equals(Activation.IDENTITY) ? 0 : between.mostOff();
                int decided = 0;
                for (int i = 0; i < y.length; i++) {
                    int o = i % outputs;
                    double value = f.value(y[i]);
                    double apart = 1.13 * FrozenBound.between(qx, i / outputs, qw, o, inputs, bias[o]);
                    int most = FrozenBound.codes(value, apart + FrozenBound.UNIT * Math.abs(value), output);
                    decided += most == 0 ? 1 : 0;
                    int off = Math.abs(served[i] - output.quantize((float) value));
                    assertTrue(off <= most + more, f + ", " + between + " at " + i + " off by " + off);
                }
                assertTrue(decided > y.length / 2, "decided " + decided);
            }
        }
    }

    /** Gradients to inputs, weights, bias and steps of both layers, by finite differences with rounding frozen. */
    @Test
    void gradientsOfLayersThatTrain() {
        Conv2dShape shape =
                Conv2dShape.of(2, 4, 3, 4, 3, 2).padding(1).groups(2).stride(2);
        for (int seed = 0; seed < 5; seed++) {
            checkGradients(shape, seed);
            checkGradients(Conv2dShape.of(5, 1, 1, 3, 1, 1), seed);
        }
    }

    private void checkGradients(Conv2dShape shape, int seed) {
        CodeRange codes = new CodeRange(-4, 3);
        int nx = shape.imageLength();
        int nw = shape.outputChannels() * shape.inputs();
        int nb = shape.outputChannels();
        double[] start = new double[nx + nw + nb + 2];
        for (int i = 0; i < nx + nw + nb; i++) {
            start[i] = (float) random.nextGaussian();
        }
        start[nx + nw + nb] = 0.4f;
        start[nx + nw + nb + 1] = 0.3f;
        boolean linear = shape.height() == 1;
        GradientCheck.of(
                        linear ? "linear" : "convolution",
                        (v, rounding) -> {
                            double[] q = v.clone();
                            for (int i = 0; i < nx + nw; i++) {
                                double step = v[nx + nw + nb + (i < nx ? 0 : 1)];
                                q[i] = rounding.code(v[i] / step, -4, 3) * step;
                            }
                            double[] y = new double[shape.outputLength()];
                            int places = shape.outputHeight() * shape.outputWidth();
                            for (int i = 0; i < y.length; i++) {
                                int o = i / places;
                                y[i] = q[nx + nw + o];
                                for (int k = 0; k < shape.inputs(); k++) {
                                    int place = shape.place(o / shape.groupOutputs(), i % places, k);
                                    y[i] += place < 0 ? 0 : q[place] * q[nx + o * shape.inputs() + k];
                                }
                            }
                            return y;
                        },
                        (v, dy) -> {
                            float[] f = new float[v.length];
                            for (int i = 0; i < f.length; i++) {
                                f[i] = (float) v[i];
                            }
                            FakeQuantizer input = FakeQuantizer.of(codes, f[nx + nw + nb], 0, Profile.ONNX);
                            FakeQuantizer weights = FakeQuantizer.of(codes, f[nx + nw + nb + 1], 0, Profile.ONNX);
                            float[] x = Arrays.copyOf(f, nx);
                            float[] w = Arrays.copyOfRange(f, nx, nx + nw);
                            float[] upstream = new float[dy.length];
                            for (int i = 0; i < dy.length; i++) {
                                upstream[i] = (float) dy[i];
                            }
                            LayerGradients g;
                            if (linear) {
                                FakeQuantLinear layer = FakeQuantLinear.of(nx, nb, input, weights);
                                g = layer.gradients(1);
                                layer.backward(x, w, upstream, g);
                            } else {
                                FakeQuantConv2d layer = FakeQuantConv2d.of(shape, input, weights);
                                g = layer.gradients(1);
                                layer.backward(x, w, upstream, g);
                            }
                            double[] dv = new double[v.length];
                            for (int i = 0; i < nx + nw + nb; i++) {
                                dv[i] = i < nx ? g.dx()[i] : i < nx + nw ? g.dw()[i - nx] : g.db()[i - nx - nw];
                            }
                            dv[nx + nw + nb] = g.input().orElseThrow().scale(0);
                            dv[nx + nw + nb + 1] = g.weights().orElseThrow().scale(0);
                            return dv;
                        })
                .check(start, seed);
    }

    @Test
    void weights() {
        QuantizedWeights weights = QuantizedWeights.quantize(new float[] {1, -2, 0, 0, 1e-44f, 0}, 3);
        assertArrayEquals(new byte[] {64, -127, 0, 0, 0, 0}, weights.codes());
        assertEquals(2 / 127f, weights.scale(0));
        assertEquals(1, weights.scale(1));
        assertEquals(Float.MIN_NORMAL, weights.scale(2));
        assertEquals(-2, weights.values()[1], 1e-6);
    }

    @Test
    void refusals() {
        QuantizedWeights weights = QuantizedWeights.quantize(new float[] {1, 2, 3, 4}, 2);
        SumsToCodes end = SumsToCodes.engine(INPUT, weights, OUTPUT, Profile.ONNX);
        QuantizedLinear layer = QuantizedLinear.of(INPUT, weights, end, MatrixProduct.java());
        byte[] codes = new byte[8];
        assertEquals("rows must be positive, were 0", refusal(() -> layer.apply(codes, 0, 0, new byte[8], 0)));
        assertEquals(
                "source must be one or more rows of 2 codes, had 3",
                refusal(() -> layer.apply(QuantizedTensor.of(INPUT, new byte[3]))));
        assertEquals(
                "source must be one or more rows of 2 codes, had 0",
                refusal(() -> layer.apply(QuantizedTensor.of(INPUT, new byte[0]))));
        assertTrue(refusal(() -> layer.apply(QuantizedTensor.of(OUTPUT, codes)))
                .startsWith("tensor must have the parameters " + INPUT));
        assertEquals(
                "source and destination in one array must be disjoint, were 4 codes at 0 and 4 at 3",
                refusal(() -> layer.apply(codes, 0, 2, codes, 3)));
        assertThrows(IndexOutOfBoundsException.class, () -> layer.apply(codes, 6, 2, new byte[8], 0));
        SumsToCodes toCodes =
                SumsToCodes.engine(INPUT, QuantizedWeights.of(new byte[4], 2, 1, 1), OUTPUT, Profile.ONNX);
        assertEquals(
                "sums must have room for 2 values from 0, had 1",
                outside(() -> toCodes.apply(new int[1], 0, codes, 0, 2, 0)));
        assertEquals(
                "destination must have room for 2 values from 7, had 8",
                outside(() -> toCodes.apply(new int[2], 0, codes, 7, 2, 0)));
        assertEquals(
                "outputs must have room for 2 values from 1, had 2",
                outside(() -> toCodes.apply(new int[2], 0, codes, 0, 2, 1)));
        assertEquals(
                "outputs must have an offset of at least 0, had -1",
                outside(() -> toCodes.apply(new int[2], 0, codes, 0, 2, -1)));
        assertEquals("row must be within 0..1, was 2", outside(() -> weights.scale(2)));
        assertEquals("row must be within 0..1, was -1", outside(() -> weights.scale(-1)));
        assertEquals(
                "weights must be finite, was NaN at 1",
                refusal(() -> QuantizedWeights.quantize(new float[] {1, Float.NaN}, 1)));
        assertEquals(
                "weights must be as many in each of 2 rows, were 3",
                refusal(() -> QuantizedWeights.quantize(new float[3], 2)));
        assertEquals(
                "scale must be a positive normal float, was 0.0 at row 0",
                refusal(() -> QuantizedWeights.of(new byte[2], 1, 0)));
        assertEquals(
                "sums must fit an int, could be 2147484692 at row 0",
                refusal(() -> QuantizedLinear.of(
                        INPUT, weights, new int[] {Integer.MAX_VALUE - 24740, 0}, end, MatrixProduct.java())));
        assertEquals(
                "kernel must fit into the padded image, was 3 x 3 with dilation 1 x 1 in 2 x 2 with padding 0 x 0",
                refusal(() -> Conv2dShape.of(1, 2, 2, 1, 3, 3)));
        assertEquals(
                "groups must divide 3 input and 4 output channels, were 2",
                refusal(() -> Conv2dShape.of(3, 4, 4, 4, 1, 1).groups(2)));
        Conv2dShape shape = Conv2dShape.of(1, 4, 4, 2, 2, 2);
        assertEquals(
                "weights must be 2 rows of 4, were 2 of 2",
                refusal(() -> QuantizedConv2d.of(shape, INPUT, weights, end, MatrixProduct.java())));
        float[] scale = {1e38f};
        assertEquals(
                "scales and bias must give a finite multiplier and offset, gave Infinity and 0.0 at row 0",
                refusal(() -> SumsToCodes.engine(
                        QuantParams.of(QuantType.INT8, 1e38f, 0),
                        QuantizedWeights.of(new byte[1], 1, scale),
                        OUTPUT,
                        Profile.ONNX)));
        assertEquals(
                "profile must multiply sums by floats, was tflite",
                refusal(() -> SumsToCodes.engine(INPUT, weights, OUTPUT, Profile.TFLITE)));
        QuantizerStage pass = new QuantizerStage.Pass();
        FakeQuantLinear training = FakeQuantLinear.of(2, 1, pass, pass);
        float[] y = {7};
        assertEquals(
                "weights must be finite, was Infinity at 0",
                refusal(() -> training.forward(new float[2], new float[] {1 / 0f, 0}, new float[1], y)));
        assertEquals(7, y[0]);
        assertEquals(
                "inputs must be one or more rows of 2, were 0",
                refusal(() -> training.forward(new float[0], new float[2], new float[1], y)));
        assertEquals(
                "bias must be 1 values, was 2",
                refusal(() -> training.forward(new float[2], new float[2], new float[2], y)));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    private static String outside(Executable call) {
        return assertThrows(IndexOutOfBoundsException.class, call).getMessage();
    }
}
