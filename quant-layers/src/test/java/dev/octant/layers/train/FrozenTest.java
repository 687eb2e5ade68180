// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.CodeRange;
import dev.octant.core.IntegerQuantizer;
import dev.octant.core.IntegerType;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.layers.Between;
import dev.octant.layers.MatrixProduct;
import dev.octant.layers.QuantizedLinear;
import dev.octant.layers.QuantizedWeights;
import dev.octant.layers.SumsToCodes;
import dev.octant.ops.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What was trained is what is served: values, codes, ends, profile, and every channel. */
class FrozenTest {
    private static final List<Profile> PROFILES =
            List.of(Profile.ONNX, Profile.ONNX_RUNTIME, Profile.XNNPACK, Profile.PYTORCH);

    private final Random random = new Random(29);

    /** Half steps, where rules part, values beyond the ends, and what is not finite but NaN. */
    private float[] values(int length, float scale, CodeRange codes) {
        float[] x = new float[length];
        int reach = 2 * (codes.high() - codes.low() + 2);
        for (int i = 0; i < length; i++) {
            x[i] = (random.nextInt(2 * reach) - reach) * 0.5f * scale;
        }
        x[0] = Float.POSITIVE_INFINITY;
        x[1] = Float.NEGATIVE_INFINITY;
        x[2] = Float.MAX_VALUE;
        return x;
    }

    private List<CodeRange> everyCodes() {
        List<CodeRange> all = new ArrayList<>();
        for (IntegerType type : IntegerType.values()) {
            all.add(new CodeRange(type.low(), type.high()));
        }
        for (int bits = 2; bits <= 16; bits++) {
            all.add(new CodeRange(1 - (1 << (bits - 1)), (1 << (bits - 1)) - 1));
        }
        all.add(new CodeRange(-3, 20));
        return all;
    }

    private int zeroPoint(CodeRange codes) {
        return codes.low() + random.nextInt(codes.high() - codes.low() + 1);
    }

    @Test
    void aFrozenStageGivesTheValuesOfItsQuantizer() {
        List<StraightThrough> quantizers = new ArrayList<>();
        for (CodeRange codes : everyCodes()) {
            for (Profile profile : PROFILES) {
                quantizers.add(FakeQuantizer.of(codes, 0.0313f, zeroPoint(codes), profile));
                int[] zeroPoints = {zeroPoint(codes), zeroPoint(codes)};
                float[] scales = {0.0313f, 0.7f};
                quantizers.add(FakeQuantizer.of(new ChannelLayout(2, 5), codes, scales, zeroPoints, profile));
            }
        }
        KeptAxes axes = KeptAxes.of(new int[] {3, 2, 5}, 1, 2);
        float[] magnitudes = {1, 2, 3, 0.1f, 0.5f, 0, 7, 8, 9, 10};
        for (int bits = 2; bits <= 16; bits++) {
            AmaxGrid grid = new AmaxGrid(bits, bits % 3 == 0, bits % 2 == 0);
            quantizers.add(AmaxQuantizer.of(grid, 1));
            quantizers.add(AmaxQuantizer.of(grid, axes, magnitudes));
            quantizers.add(new DynamicAmax(grid, axes, 0.9));
        }
        for (StraightThrough quantizer : quantizers) {
            float[] x = values(600, 0.0313f, new CodeRange(-20, 20));
            x[3] = Float.NaN;
            float[] trained = new float[x.length];
            float[] served = new float[x.length];
            quantizer.forward(x, 0, trained, 0, x.length);
            new QuantizerStage.Frozen(quantizer).forward(x, 0, served, 0, x.length);
            assertArrayEquals(trained, served, quantizer::toString);
        }
    }

    /** The case of a page: a magnitude of 1 on 4 bits, where 1.2 is beyond the end. */
    @Test
    void fewerThanEightBitsAreClippedAtTheirEnds() {
        float[] y = {1.2f, -1.2f};
        new QuantizerStage.Frozen(AmaxQuantizer.of(new AmaxGrid(4, false, true), 1)).forward(y, 0, y, 0, 2);
        assertArrayEquals(new float[] {1, -1}, y);
        y[0] = 5;
        LearnedStep step = LearnedStep.symmetric(new CodeRange(-8, 7), 0.1f, 1);
        new QuantizerStage.Frozen(step.quantizer()).forward(y, 0, y, 0, 2);
        assertArrayEquals(new float[] {7 * 0.1f, -8 * 0.1f}, y);
    }

    @Test
    void frozenStepsOfEightBitsGiveTheCodesThatWereTrained() {
        for (Profile profile : PROFILES) {
            for (QuantType type : QuantType.values()) {
                CodeRange codes = new CodeRange(type.low(), type.high());
                LearnedStep step =
                        LearnedStep.affine(codes, 0.0313f, zeroPoint(codes), 1).as(profile);
                float[] x = values(20_000, 0.0313f, codes);
                byte[] trained = new byte[x.length];
                step.quantizer().quantize(x, 0, trained, 0, x.length);
                assertArrayEquals(trained, step.freeze().quantize(x).codes(), profile + " " + type);
                assertEquals(profile, step.freeze().profile());
                byte[] served = new byte[x.length];
                step.freezeChannels().quantize(x, 0, served, 0, x.length);
                assertArrayEquals(trained, served);
            }
            ChannelLayout layout = new ChannelLayout(2, 50);
            CodeRange codes = new CodeRange(-128, 127);
            LearnedStep rows = LearnedStep.symmetric(layout, codes, new float[] {0.0313f, 0.02f}, 1)
                    .as(profile);
            float[] x = values(20_000, 0.0313f, codes);
            byte[] trained = new byte[x.length];
            byte[] served = new byte[x.length];
            rows.quantizer().quantize(x, 0, trained, 0, x.length);
            rows.freezeChannels().quantize(x, 0, served, 0, x.length);
            assertArrayEquals(trained, served, profile.toString());
            assertEquals(layout, rows.freezeChannels().layout());
        }
    }

    @Test
    void integersStandForTheValuesThatWereTrained() {
        for (IntegerType type : IntegerType.values()) {
            for (Profile profile : PROFILES) {
                CodeRange codes = new CodeRange(type.low(), type.high());
                check(FakeQuantizer.of(codes, 0.0313f, zeroPoint(codes), profile), type);
                int[] zeroPoints = {zeroPoint(codes), zeroPoint(codes), 0};
                float[] scales = {0.0313f, 0.02f, 0.5f};
                check(FakeQuantizer.of(new ChannelLayout(3, 4), codes, scales, zeroPoints, profile), type);
                check(FakeQuantizer.of(new ChannelLayout(3, 1), codes, scales, zeroPoints, profile), type);
            }
        }
        assertEquals(
                "codes must be all those of an integer type of 2, 4, 8 or 16 bits, were -7..7",
                refusal(() -> FakeQuantizer.of(new CodeRange(-7, 7), 1, 0, Profile.ONNX)
                        .integers()));
    }

    private void check(FakeQuantizer quantizer, IntegerType type) {
        IntegerQuantizer integers = quantizer.integers();
        assertEquals(type, integers.type());
        assertEquals(quantizer.profile(), integers.profile());
        float[] x = values(2400, 0.0313f, quantizer.codes());
        float[] trained = new float[x.length];
        float[] served = new float[x.length];
        quantizer.forward(x, 0, trained, 0, x.length);
        if (type.isWide()) {
            short[] stored = new short[x.length];
            integers.quantize(x, 0, stored, 0, x.length);
            integers.dequantize(stored, 0, served, 0, x.length);
        } else {
            byte[] stored = new byte[type.storedLength(x.length)];
            integers.quantize(x, 0, stored, 0, x.length);
            integers.dequantize(stored, 0, served, 0, x.length);
        }
        assertArrayEquals(trained, served, () -> quantizer + " as " + integers);
    }

    /** Parameters are of grids that clip where the quantizer does, or none are given. */
    @Test
    void parametersOfEightBitsAreOfTheirCodesOnly() {
        for (CodeRange codes : everyCodes()) {
            FakeQuantizer quantizer = FakeQuantizer.of(codes, 1, 0, Profile.ONNX);
            boolean whole = false;
            for (QuantType type : QuantType.values()) {
                whole |= codes.equals(new CodeRange(type.low(), type.high()));
            }
            if (whole) {
                assertEquals(codes.low(), quantizer.params(0).type().low());
                assertEquals(codes.high(), quantizer.params(0).type().high());
            } else {
                String expected = "codes must be -128..127, -127..127 or 0..255 for 8-bit parameters, were " + codes
                        + "; QuantizerStage.Frozen keeps any, FakeQuantizer.integers() those of 2 to 16 bits";
                assertEquals(expected, refusal(() -> quantizer.params(0)));
                LearnedStep step = LearnedStep.symmetric(codes, 1, 1);
                assertEquals(expected, refusal(step::freeze));
                assertEquals(expected, refusal(step::freezeChannels));
            }
        }
        assertEquals(
                QuantParams.of(QuantType.INT8_NARROW, 2 / 127f, 0),
                AmaxQuantizer.of(new AmaxGrid(8, false, true), 2).params(0));
        AmaxQuantizer four = AmaxQuantizer.of(new AmaxGrid(4, false, false), 1);
        assertTrue(refusal(() -> four.params(0))
                .endsWith("were -8..7; QuantizerStage.Frozen keeps any,"
                        + " FakeQuantizer.integers() those of 2 to 16 bits"));
    }

    /** Codes are read by what {@code stored} says, also where they are fewer than a byte has. */
    @Test
    void storedCodesAreReadAsWhatWasTrained() {
        for (CodeRange codes : List.of(new CodeRange(-8, 7), new CodeRange(0, 15), new CodeRange(-128, 127))) {
            FakeQuantizer quantizer = FakeQuantizer.of(codes, 0.0313f, codes.high() / 2, Profile.PYTORCH);
            float[] x = values(500, 0.0313f, codes);
            byte[] stored = new byte[x.length];
            float[] trained = new float[x.length];
            float[] read = new float[x.length];
            quantizer.quantize(x, 0, stored, 0, x.length);
            quantizer.forward(x, 0, trained, 0, x.length);
            TensorQuantizer.of(quantizer.stored(0)).dequantize(stored, 0, read, 0, x.length);
            assertArrayEquals(trained, read);
        }
    }

    /** A layer's end clips at 8 bits; clipped in its function to the values of fewer codes, it gives those. */
    @Test
    void endsOfLayersWithFewerCodesThanEightBits() {
        QuantParams input = QuantParams.of(QuantType.INT8, 0.02f, 0);
        QuantizedWeights weights = QuantizedWeights.of(new byte[] {3, -2, 1, 5, 7, -4}, 2, 0.01f, 0.03f);
        float[] bias = {0.1f, -0.2f};
        for (CodeRange codes : List.of(new CodeRange(0, 15), new CodeRange(-8, 7), new CodeRange(-1, 2))) {
            FakeQuantizer hidden = FakeQuantizer.of(codes, 0.021f, codes.low() + 1, Profile.ONNX);
            QuantParams stored = hidden.stored(0);
            float low = stored.dequantize(codes.low());
            float high = stored.dequantize(codes.high());
            Activation clipped = Activation.of(
                    "silu of fewer codes",
                    v -> Math.min(Math.max(Activation.SILU.value(v), low), high),
                    RealRange.of(low, high));
            SumsToCodes end = SumsToCodes.of(input, weights, bias, clipped, stored, Between.EXACT);
            QuantizedLinear layer = QuantizedLinear.of(input, weights, end, MatrixProduct.java());
            byte[] x = new byte[3 * 2000];
            random.nextBytes(x);
            byte[] served = new byte[2 * 2000];
            layer.apply(x, 0, 2000, served, 0);
            for (int i = 0; i < served.length; i++) {
                double sum = bias[i % 2];
                for (int k = 0; k < 3; k++) {
                    float weight = weights.codes()[i % 2 * 3 + k] * weights.scale(i % 2);
                    sum += (double) (x[i / 2 * 3 + k] * 0.02f) * weight;
                }
                double value = sum / (1 + Math.exp(-sum));
                byte[] trained = new byte[1];
                hidden.quantize(new float[] {(float) value}, 0, trained, 0, 1);
                double steps = value / 0.021f;
                double fromTie = Math.abs(steps - Math.floor(steps) - 0.5);
                // Sums of at most 40 steps, to which multiplier, offset and their sum add a rounding each.
                assertTrue(
                        served[i] == trained[0] || fromTie < 40 * 8 * 0x1p-24,
                        codes + ": " + served[i] + " for " + trained[0] + " of " + steps);
                assertTrue(codes.contains(stored.type().code(served[i])));
            }
        }
    }

    /** Next to ties an engine's codes for a magnitude differ by 1, elsewhere not at all. */
    @Test
    void parametersOfAMagnitudeDifferNextToTiesOnly() {
        for (int trial = 0; trial < 200; trial++) {
            AmaxQuantizer quantizer = AmaxQuantizer.of(AmaxGrid.INT8, 0.1f + random.nextFloat());
            QuantParams params = quantizer.params(0);
            for (int i = 0; i < 500; i++) {
                float x = (random.nextInt(1000) - 500) * 0.25f * params.scale();
                int off = Math.abs(params.quantize(x) - quantizer.code(x, 0));
                double steps = (double) x / params.scale();
                double fromTie = Math.abs(steps - Math.floor(steps) - 0.5);
                // Scale, factor and steps are each rounded: three relative errors of 2^-24, of at most 128 steps.
                assertTrue(off == 0 || (off == 1 && fromTie < 128 * 4 * 0x1p-24), x + " in " + params);
            }
        }
    }

    /** Gradients pass as through what was trained, by the profile's rounding, channel by channel. */
    @Test
    void gradientsPassThroughFrozenStages() {
        for (Profile profile : PROFILES) {
            for (int inner : new int[] {1, 5}) {
                ChannelLayout layout = new ChannelLayout(2, inner);
                CodeRange codes = new CodeRange(-128, 127);
                FakeQuantizer trained =
                        FakeQuantizer.of(layout, codes, new float[] {0.0313f, 0.02f}, new int[] {3, -100}, profile);
                List<QuantParams> params = List.of(trained.params(0), trained.params(1));
                float[] x = values(1000, 0.0313f, codes);
                float[] dy = new float[x.length];
                for (int i = 0; i < dy.length; i++) {
                    dy[i] = 1 + random.nextFloat();
                }
                float[] expected = new float[x.length];
                trained.backward(x, 0, dy, 0, expected, 0, x.length);
                for (QuantizerStage.Frozen frozen : List.of(
                        new QuantizerStage.Frozen(trained),
                        QuantizerStage.Frozen.of(ChannelQuantizer.of(layout, params, profile)))) {
                    float[] dx = new float[x.length];
                    frozen.backward(x, 0, dy, 0, dx, 0, x.length);
                    assertArrayEquals(expected, dx, frozen::toString);
                }
                FakeQuantizer one = FakeQuantizer.of(trained.params(1), profile);
                one.backward(x, 0, dy, 0, expected, 0, x.length);
                float[] dx = dy.clone();
                QuantizerStage.Frozen.of(TensorQuantizer.of(trained.params(1), profile))
                        .backward(x, 0, dx, 0, dx, 0, x.length);
                assertArrayEquals(expected, dx);
            }
        }
        QuantizerStage.Pass pass = new QuantizerStage.Pass();
        assertEquals("quantizer must not be a stage, was Pass[]", refusal(() -> new QuantizerStage.Frozen(pass)));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
