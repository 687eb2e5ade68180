// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ends of layers beside their formula, function by function, and what they refuse. */
class SumsToCodesTest {
    private static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.02f, 0);
    private static final QuantizedWeights WEIGHTS = QuantizedWeights.of(new byte[] {1, 1}, 2, 0.01f, 0.003f);
    private static final float[] BIAS = {0, 0.7f};

    /** Ordinary for inputs of -8 to 8, or of 0.05 to 8 where a function is of positive numbers. */
    private static QuantParams grid(Activation f, QuantType type) {
        boolean positive = f.kind() == ActivationKind.LOG || f.kind() == ActivationKind.RSQRT;
        double low = 0;
        double high = 0;
        for (double x = positive ? 0.05 : -8; x <= 8; x += 1 / 64.0) {
            low = Math.min(low, f.value(x));
            high = Math.max(high, f.value(x));
        }
        return QuantScheme.ASYMMETRIC.choose(RealRange.of(low, high), type);
    }

    private static List<Activation> activations() {
        List<Activation> all = new ArrayList<>();
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind != ActivationKind.CUSTOM) {
                all.add(Activation.of(kind));
            }
        }
        all.addAll(clips());
        all.addAll(List.of(
                Activation.leakyRelu(-0.5),
                Activation.swish(-1),
                Activation.swish(0),
                Activation.selu(-1, 1),
                Activation.shrink(0.5, 0.5),
                Activation.hardshrink(2),
                Activation.thresholdedRelu(-1),
                Activation.hardsigmoid(0.2, 0.5),
                Activation.of("bump", x -> Math.exp(-100 * (x - 6) * (x - 6)), RealRange.UNIT),
                Activation.of("step", x -> x < 1.25 ? 0 : 1, RealRange.UNIT),
                Activation.of("waves", Math::sin, RealRange.of(-1, 1)),
                Activation.of("constant", x -> 0.5, RealRange.UNIT)));
        return all;
    }

    private static List<Activation> clips() {
        return List.of(
                Activation.IDENTITY,
                Activation.RELU,
                Activation.RELU6,
                Activation.HARDTANH,
                Activation.CLIP,
                Activation.clip(0, 6),
                Activation.clip(-2, 3.3),
                Activation.clip(3, 1),
                Activation.hardtanh(-0.1, 0.7),
                Activation.leakyRelu(0),
                Activation.leakyRelu(1),
                Activation.prelu(1),
                Activation.elu(0),
                Activation.selu(0, 1),
                Activation.thresholdedRelu(0),
                Activation.shrink(0, 0),
                Activation.hardshrink(0),
                Activation.softshrink(0));
    }

    /** What the page and {@link Between} promise, for every function that is not refused. */
    @Test
    void codesAreOffByNoMoreThanStated() {
        Random random = new Random(4);
        for (Activation f : activations()) {
            for (QuantType type : new QuantType[] {QuantType.INT8, QuantType.UINT8}) {
                QuantParams output = grid(f, type);
                SumsToCodes exact = SumsToCodes.of(INPUT, WEIGHTS, BIAS, f, output, Between.EXACT);
                for (Between between : List.of(Between.TWELVE_BITS, Between.EIGHT_BITS)) {
                    SumsToCodes end;
                    try {
                        end = SumsToCodes.of(INPUT, WEIGHTS, BIAS, f, output, between);
                    } catch (IllegalArgumentException e) {
                        String sentence = "codes of " + f + " must be within " + (between == Between.EIGHT_BITS ? 2 : 1)
                                + " of the exact ones with Between." + between + ", were ";
                        assertTrue(e.getMessage().startsWith(sentence), e.getMessage());
                        assertTrue(e.getMessage().endsWith(": use Between.EXACT"), e.getMessage());
                        continue;
                    }
                    for (int i = 0; i < 4000; i++) {
                        // From -16 to 16, and what no value of the weights reaches.
                        int sum = i < 3900 ? random.nextInt(160_000) - 80_000 : random.nextInt();
                        int row = i % 2;
                        int off = Math.abs(code(exact, sum, row) - code(end, sum, row));
                        assertTrue(
                                off <= (between == Between.EIGHT_BITS ? 2 : 1),
                                f + " at " + sum + ", " + between + " off by " + off);
                    }
                }
            }
        }
    }

    /** Products of scales below and above the floats, with every way between: by at most a tie from the formula. */
    @Test
    void scalesAtTheEndsOfTheFloats() {
        float[][] scales = {
            {1e-25f, 1e-20f, 2e-38f}, {1e-21f, 1e-21f, 2e-38f}, {1e30f, 1e6f, 1e38f}, {1e20f, 1e20f, 3e38f}
        };
        int[] sums = {0, 1, -1, 1000, -1000, 1_000_000, -123_456_789, 2_000_000_000, -2_000_000_000};
        for (float[] s : scales) {
            QuantParams input = QuantParams.of(QuantType.INT8, s[0], 0);
            QuantizedWeights weights = QuantizedWeights.of(new byte[] {1}, 1, s[1]);
            QuantParams output = QuantParams.of(QuantType.INT8, s[2], 3);
            for (Activation f : List.of(
                    Activation.IDENTITY,
                    Activation.RELU,
                    Activation.leakyRelu(0.5),
                    Activation.elu(1),
                    Activation.SOFTPLUS)) {
                for (Between between : Between.values()) {
                    SumsToCodes end = SumsToCodes.of(input, weights, new float[1], f, output, between);
                    for (int sum : sums) {
                        double steps = f.value((double) s[0] * s[1] * sum) / s[2] + 3;
                        double held = Math.min(Math.max(steps, -128), 127);
                        // A tie aside, which the roundings of x may turn.
                        double off = 0.5 + 1e-4 + between.mostOff();
                        assertEquals(held, code(end, sum, 0), off, f + " at " + sum + " of " + s[2] + ", " + between);
                    }
                }
            }
        }
    }

    /** A bias that is all of the value, and a BatchNorm that makes the product small. */
    @Test
    void offsetsBesideTheSmallestProducts() {
        QuantParams input = QuantParams.of(QuantType.INT8, 1e-20f, 0);
        QuantizedWeights weights = QuantizedWeights.of(new byte[] {1}, 1, 1);
        QuantParams output = QuantParams.of(QuantType.INT8, 2e-38f, 0);
        BatchNorm norm = BatchNorm.of(new float[] {1e-25f}, new float[] {1e-36f}, new float[1], new float[] {1}, 0);
        for (Between between : Between.values()) {
            SumsToCodes end = SumsToCodes.of(input, weights, new float[1], norm, Activation.elu(1), output, between);
            for (int sum : new int[] {0, 1_000_000_000, -1_000_000_000}) {
                double x = (double) 1e-25f * 1e-20f * sum + 1e-36f;
                assertEquals(x / 2e-38f, code(end, sum, 0), 0.5 + 1e-4 + between.mostOff(), between + " at " + sum);
            }
        }
    }

    private static int code(SumsToCodes end, int sum, int row) {
        byte[] code = new byte[1];
        end.apply(new int[] {sum}, 0, code, 0, 1, row);
        return end.output().type().code(code[0]);
    }

    /** Which functions are refused on these grids: those that jump, or that are steep and go far. */
    @Test
    void whichTablesAreRefused() {
        Set<ActivationKind> refused = EnumSet.noneOf(ActivationKind.class);
        Set<ActivationKind> refusedAtEight = EnumSet.noneOf(ActivationKind.class);
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind == ActivationKind.CUSTOM) {
                continue;
            }
            Activation f = Activation.of(kind);
            if (isRefused(f, Between.TWELVE_BITS)) {
                refused.add(kind);
            }
            if (isRefused(f, Between.EIGHT_BITS)) {
                refusedAtEight.add(kind);
            }
        }
        Set<ActivationKind> jumpOrReachFar = EnumSet.of(
                ActivationKind.RSQRT,
                ActivationKind.THRESHOLDED_RELU,
                ActivationKind.SHRINK,
                ActivationKind.HARDSHRINK);
        assertEquals(jumpOrReachFar, refused);
        jumpOrReachFar.addAll(EnumSet.of(ActivationKind.LOG, ActivationKind.EXP, ActivationKind.SOFTSIGN));
        assertEquals(jumpOrReachFar, refusedAtEight);
        assertTrue(isRefused(Activation.of("step", x -> x < 1.25 ? 0 : 1, RealRange.UNIT), Between.TWELVE_BITS));
    }

    private static boolean isRefused(Activation f, Between between) {
        try {
            SumsToCodes.of(INPUT, WEIGHTS, BIAS, f, grid(f, QuantType.INT8), between);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** A function that only clips has no table: its codes are the same with all three. */
    @Test
    void clipsNeedNoTable() {
        Random random = new Random(5);
        int[] sums = random.ints(9000, -80_000, 80_000).map(sum -> sum / 2 * 2).toArray();
        for (Activation f : clips()) {
            for (QuantParams output :
                    new QuantParams[] {grid(f, QuantType.UINT8), QuantParams.of(QuantType.INT8_NARROW, 0.04f, 5)}) {
                List<byte[]> codes = new ArrayList<>();
                for (Between between : Between.values()) {
                    byte[] given = new byte[sums.length];
                    codes.add(given);
                    SumsToCodes end = SumsToCodes.of(INPUT, WEIGHTS, BIAS, f, output, between);
                    for (int i = 0; i < sums.length; i++) {
                        end.apply(sums, i, given, i, 1, i % 2);
                    }
                }
                assertArrayEquals(codes.get(0), codes.get(1), f.toString());
                assertArrayEquals(codes.get(0), codes.get(2), f.toString());
                for (int i = 0; i < sums.length; i++) {
                    double pre = sums[i] * (double) 0.02f * (i % 2 == 0 ? 0.01f : 0.003f) + BIAS[i % 2];
                    double steps = f.value(pre) / output.scale();
                    if (Math.abs(Math.abs(steps - Math.rint(steps)) - 0.5) < 1e-4) {
                        continue;
                    }
                    double code = Math.rint(steps) + output.zeroPoint();
                    code = Math.min(
                            Math.max(code, output.type().low()), output.type().high());
                    assertEquals(code, output.type().code(codes.get(0)[i]), f + " at " + pre);
                }
            }
        }
    }

    /** The exact way is the graph in double behind the float of the sum, rounded once. */
    @Test
    void exactIsTheFormula() {
        Random random = new Random(6);
        for (Activation f : activations()) {
            if (clips().contains(f)) {
                continue;
            }
            QuantParams output = grid(f, QuantType.INT8);
            SumsToCodes end = SumsToCodes.of(INPUT, WEIGHTS, BIAS, f, output, Between.EXACT);
            for (int i = 0; i < 2000; i++) {
                int sum = random.nextInt(160_000) - 80_000;
                float multiplier = (float) ((double) 0.02f * 0.003f);
                double y = f.value((float) sum * multiplier + 0.7f);
                double code = Math.min(Math.max(Math.rint(y / output.scale()) + output.zeroPoint(), -128), 127);
                assertEquals(code, code(end, sum, 1), f + " at " + sum);
            }
        }
    }

    /** Multipliers are made for the scales of sums, so a layer of other scales refuses them. */
    @Test
    void endsOfOtherSumsAreRefused() {
        QuantParams output = QuantParams.of(QuantType.INT8, 0.1f, 0);
        QuantParams other = QuantParams.of(QuantType.INT8, 10, 5);
        QuantizedWeights row = QuantizedWeights.of(new byte[] {1, 1}, 2, 0.01f, 0.004f);
        Conv2dShape place = Conv2dShape.of(1, 1, 1, 2, 1, 1);
        for (SumsToCodes end : new SumsToCodes[] {
            SumsToCodes.of(INPUT, WEIGHTS, BIAS, Activation.RELU, output, Between.EXACT),
            SumsToCodes.of(INPUT, WEIGHTS, BIAS, Activation.SILU, output, Between.EXACT),
            SumsToCodes.of(INPUT, WEIGHTS, BIAS, Activation.SILU, output, Between.TWELVE_BITS),
            SumsToCodes.engine(INPUT, WEIGHTS, output, Profile.ONNX),
            SumsToCodes.pytorch(INPUT, WEIGHTS, BIAS, output)
        }) {
            QuantizedLinear.of(INPUT, WEIGHTS, end, MatrixProduct.java());
            String scale = "end must be made for the layer's input scale 10.0, was made for 0.02";
            assertEquals(scale, refusal(() -> QuantizedLinear.of(other, WEIGHTS, end, MatrixProduct.java())));
            assertEquals(scale, refusal(() -> QuantizedConv2d.of(place, other, WEIGHTS, end, MatrixProduct.java())));
            assertEquals(
                    "end must be made for the layer's weight scale 0.004 at row 1, was made for 0.003",
                    refusal(() -> QuantizedLinear.of(INPUT, row, end, MatrixProduct.java())));
            assertEquals(
                    "end must be of 1 outputs, was of 2",
                    refusal(() -> QuantizedLinear.of(
                            INPUT, QuantizedWeights.of(new byte[1], 1, 0.01f), end, MatrixProduct.java())));
        }
    }

    @Test
    void refusals() {
        QuantParams output = QuantParams.of(QuantType.INT8, 0.1f, 0);
        Activation nan = Activation.of("root", x -> x < 0 ? Double.NaN : Math.sqrt(x), RealRange.ALL);
        assertTrue(refusal(() -> SumsToCodes.of(INPUT, WEIGHTS, BIAS, nan, output, Between.TWELVE_BITS))
                .startsWith("root must be a number for every input, was NaN at -7.2"));
        BatchNorm steep = BatchNorm.of(new float[] {1e30f}, new float[1], new float[1], new float[] {1e-20f}, 0);
        assertTrue(refusal(() -> steep.foldWeights(new float[] {0, 1e20f}))
                .matches("folded weights must be a finite float, was \\S+ at 1"));
        assertTrue(refusal(() -> steep.foldBias(new float[] {1e20f}))
                .matches("folded bias must be a finite float, was \\S+ at 0"));
        assertTrue(refusal(() -> steep.foldWeights(new float[] {Float.NaN})).endsWith("was NaN at 0"));
        BatchNorm plain = BatchNorm.of(new float[] {1}, new float[1], new float[1], new float[] {1}, 0);
        assertTrue(refusal(() -> plain.table(0, output, nan, output))
                .startsWith("root must be a number for every input, was NaN at -12.8"));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
