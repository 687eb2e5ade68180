// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.TensorQuantizer;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantInputs;
import dev.octant.fixtures.ReferenceFunction;
import dev.octant.ops.functions.ActivationFunctions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every pair of codes of sums, products and gates. */
class QuantizedBinaryTest {
    @ParameterizedTest
    @CsvSource({
        "onnxruntime, add, 32",
        "onnxruntime, multiply, 32",
        "tflite, add, 32",
        "tflite, multiply, 32",
        "xnnpack, add, 32",
        "xnnpack, multiply, 32"
    })
    void everyPairIsTheEngines(String profile, String op, int rows) {
        int checked = 0;
        for (String line : GoldenRow.lines("binary.csv.gz")) {
            String[] f = line.split(";", -1);
            if (!f[0].equals(profile) || !f[1].equals(op)) {
                continue;
            }
            checked++;
            QuantParams a = GoldenRow.params(f[2], f[3], f[4]);
            QuantParams b = GoldenRow.params(f[2], f[5], f[6]);
            QuantParams y = GoldenRow.params(f[2], f[7], f[8]);
            QuantizedBinary binary = op.equals("add")
                    ? QuantizedBinary.add(a, b, y, profileOf(profile))
                    : QuantizedBinary.multiply(a, b, y, profileOf(profile));
            byte[] grid = grid(binary);
            byte[] sample = new byte[256];
            for (int i = 0; i < sample.length; i++) {
                sample[i] = grid[i * 257];
            }
            assertEquals(f[10], HexFormat.of().formatHex(sample), line);
            CRC32 crc = new CRC32();
            crc.update(grid);
            assertEquals(f[9], String.format(Locale.ROOT, "%08x", crc.getValue()), line);
        }
        assertEquals(rows, checked);
    }

    /** PyTorch has no golden rows of pairs: its rule is held to the nearest code, from which it is at most one away. */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyPairIsWithinOneCodeOfTheNearest(Profile profile) {
        Random random = new Random(5);
        for (int set = 0; set < 6; set++) {
            QuantType type = set % 2 == 0 ? QuantType.INT8 : QuantType.UINT8;
            QuantParams a = params(random, type);
            QuantParams b = params(random, type);
            QuantParams y = params(random, type);
            QuantParams product = QuantParams.of(type, y.scale() * 0.25f, y.zeroPoint());
            near(QuantizedBinary.add(a, b, y, profile), Double::sum);
            near(QuantizedBinary.multiply(a, b, product, profile), (u, v) -> u * v);
        }
    }

    private static void near(QuantizedBinary binary, DoubleBinaryOperator op) {
        QuantParams y = binary.output();
        forEachPair(binary, (qa, qb) -> {
            double exact = op.applyAsDouble(
                    (qa - binary.left().zeroPoint()) * (double) binary.left().scale(),
                    (qb - binary.right().zeroPoint()) * (double) binary.right().scale());
            double steps = Math.min(
                    Math.max(exact / y.scale() + y.zeroPoint(), y.type().low()),
                    y.type().high());
            // Half a step is rounding; the other half is what float and fixed point may add before it.
            assertTrue(
                    Math.abs(binary.apply(qa, qb) - steps) <= 1,
                    () -> binary.left() + " " + qa + ", " + binary.right() + " " + qb + " -> " + y);
        });
    }

    @Test
    void onnxSumsAndProductsAreTheOracles() {
        Random random = new Random(9);
        for (int set = 0; set < 12; set++) {
            Grid a = QuantInputs.realisticGrid(random);
            Grid b = QuantInputs.realisticGrid(random);
            Grid y = QuantInputs.realisticGrid(random);
            QuantizedBinary add = QuantizedBinary.add(Grids.params(a), Grids.params(b), Grids.params(y));
            QuantizedBinary multiply = QuantizedBinary.multiply(Grids.params(a), Grids.params(b), Grids.params(y));
            forEachPair(add, (qa, qb) -> {
                float u = Oracle.dequantize(qa, a);
                float v = Oracle.dequantize(qb, b);
                assertEquals(Oracle.quantize((float) ((double) u + v), y), add.apply(qa, qb));
                assertEquals(Oracle.quantize((float) ((double) u * v), y), multiply.apply(qa, qb));
                assertEquals(
                        Math.max(Oracle.quantize((float) ((double) u + v), y), y.zeroPoint()),
                        add.withRelu().apply(qa, qb));
            });
        }
    }

    /** GLU, SwiGLU, GeGLU, ReGLU: one rounding of the double product. */
    @ParameterizedTest
    @ValueSource(strings = {"sigmoid", "silu", "gelu", "relu"})
    void gatesAreTheOracles(String name) {
        Random random = new Random(13);
        ReferenceFunction f = ReferenceFunction.of(name);
        Activation activation = Activation.of(ActivationKind.valueOf(name.toUpperCase(Locale.ROOT)));
        for (int set = 0; set < 6; set++) {
            Grid gate = QuantInputs.realisticGrid(random);
            Grid value = QuantInputs.realisticGrid(random);
            Grid y = QuantInputs.realisticGrid(random);
            QuantizedBinary gated =
                    QuantizedBinary.gated(activation, Grids.params(gate), Grids.params(value), Grids.params(y));
            int first = gate.firstStored();
            for (int g = first; g < first + 256; g++) {
                double weight = f.function().applyAsDouble(Oracle.dequantize(g, gate));
                for (int v = value.firstStored(); v < value.firstStored() + 256; v++) {
                    int expected = Oracle.quantize((float) (weight * Oracle.dequantize(v, value)), y);
                    assertEquals(expected, gated.apply(g, v));
                }
            }
        }
    }

    @Test
    void blocksAreTheScalarsAtEveryLengthAndOffset() {
        QuantParams a = QuantParams.of(QuantType.UINT8, 0.02f, 128);
        QuantParams b = QuantParams.of(QuantType.INT8, 0.05f, -3);
        QuantParams y = QuantParams.of(QuantType.INT8, 0.03f, 7);
        QuantizedBinary add = QuantizedBinary.add(a, b, y);
        byte[] left = new byte[160];
        byte[] right = new byte[160];
        new Random(1).nextBytes(left);
        new Random(2).nextBytes(right);
        for (int length = 0; length <= 130; length++) {
            int offset = length % 7;
            byte[] dst = new byte[160];
            add.apply(left, offset, right, offset + 1, dst, offset + 2, length);
            for (int i = 0; i < dst.length; i++) {
                int at = i - offset - 2;
                byte expected =
                        at < 0 || at >= length ? 0 : (byte) add.apply(left[offset + at] & 0xFF, right[offset + 1 + at]);
                assertEquals(expected, dst[i]);
            }
        }
        byte[] inPlace = left.clone();
        byte[] fresh = new byte[160];
        add.apply(inPlace, 0, right, 0, inPlace, 0, 160);
        add.apply(left, 0, right, 0, fresh, 0, 160);
        assertArrayEquals(fresh, inPlace);
    }

    /** All pairs, at once and one by one, of gates and ops whose scales are round numbers and so full of ties. */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void blocksAreTheScalarsForEveryPair(Profile profile) {
        Random random = new Random(23);
        for (int set = 0; set < 12; set++) {
            QuantType type = set % 2 == 0 ? QuantType.INT8 : QuantType.UINT8;
            QuantParams[] p = new QuantParams[3];
            for (int i = 0; i < p.length; i++) {
                float scale = set % 4 < 2
                        ? (1 + random.nextInt(9)) * 0.02f
                        : params(random, type).scale();
                p[i] = QuantParams.of(type, scale, type.low() + random.nextInt(256));
            }
            everyPair(QuantizedBinary.add(p[0], p[1], p[2], profile));
            everyPair(QuantizedBinary.add(p[0], p[1], p[2], profile).withRelu());
            everyPair(QuantizedBinary.multiply(p[0], p[1], p[2], profile));
            if (profile == Profile.ONNX) {
                everyPair(QuantizedBinary.gated(Activation.SILU, p[0], p[1], p[2]));
                everyPair(QuantizedBinary.gated(Activation.SIGMOID, p[0], p[1], p[2])
                        .withRelu());
                everyPair(QuantizedBinary.gated(Activation.RELU, p[0], p[1], p[2]));
            }
        }
    }

    private static void everyPair(QuantizedBinary binary) {
        byte[] a = new byte[1 << 16];
        byte[] b = new byte[1 << 16];
        byte[] expected = new byte[1 << 16];
        for (int i = 0; i < a.length; i++) {
            a[i] = (byte) (i >> 8);
            b[i] = (byte) i;
            expected[i] = (byte) binary.apply(
                    binary.left().type().code(a[i]), binary.right().type().code(b[i]));
        }
        byte[] actual = new byte[1 << 16];
        binary.apply(a, 0, b, 0, actual, 0, a.length);
        assertArrayEquals(expected, actual);
        ByteBuffer direct = ByteBuffer.allocateDirect(a.length + 3).position(3);
        ByteBuffer left = ByteBuffer.wrap(a);
        binary.apply(left, ByteBuffer.allocateDirect(b.length).put(b).flip(), direct);
        assertEquals(0, direct.remaining());
        assertEquals(0, left.remaining());
        assertEquals(ByteBuffer.wrap(expected), direct.position(3));
    }

    /** What the two-step form costs, in the numbers that its javadoc states. */
    @Test
    void siluInTwoStepsLosesCodes() {
        Random random = new Random(21);
        long differing = 0;
        int largest = 0;
        for (int set = 0; set < 300; set++) {
            QuantType type = QuantType.INT8;
            float low = -(float) (1 + 9 * random.nextDouble());
            float high = (float) (1 + 9 * random.nextDouble());
            QuantParams in =
                    dev.octant.core.QuantScheme.ASYMMETRIC.choose(dev.octant.core.RealRange.of(low, high), type);
            QuantParams out = dev.octant.core.QuantScheme.ASYMMETRIC.choose(
                    dev.octant.core.RealRange.of(
                            Math.min(-0.2785, ActivationFunctions.silu(low)), ActivationFunctions.silu(high)),
                    type);
            QuantizedActivation one = QuantizedActivation.compile(Activation.SILU, in, out);
            QuantizedActivation two = QuantizedActivation.compileTwoStepSilu(in, out, Profile.ONNX_RUNTIME);
            for (int q = -128; q < 128; q++) {
                int difference = Math.abs(one.apply(q) - two.apply(q));
                differing += difference > 0 ? 1 : 0;
                largest = Math.max(largest, difference);
            }
        }
        double share = differing / (300 * 256.0);
        assertTrue(share > 0.10 && share < 0.25, "share " + share);
        assertTrue(largest >= 2 && largest <= 4, "largest " + largest);
    }

    @Test
    void twoStepsAreTheTwoOps() {
        for (Profile profile : Profile.values()) {
            QuantParams in = QuantParams.of(QuantType.INT8, 0.05f, 3);
            QuantParams out = QuantParams.of(QuantType.INT8, 0.03f, -118);
            QuantizedActivation silu = QuantizedActivation.compileTwoStepSilu(in, out, profile);
            QuantizedTensor x = TensorQuantizer.of(in).quantize(-3f, -1f, 0f, 0.7f, 4f);
            QuantParams unit = QuantParams.of(QuantType.INT8, 1 / 256f, -128);
            QuantizedTensor sigmoid = QuantizedActivation.compile(Activation.SIGMOID, in, unit, profile)
                    .apply(x);
            assertEquals(QuantizedBinary.multiply(in, unit, out, profile).apply(x, sigmoid), silu.apply(x));
        }
    }

    @FunctionalInterface
    private interface PairCheck {
        void check(int left, int right);
    }

    private static void forEachPair(QuantizedBinary binary, PairCheck check) {
        int a = binary.left().type().firstStored();
        int b = binary.right().type().firstStored();
        for (int qa = a; qa < a + 256; qa++) {
            for (int qb = b; qb < b + 256; qb++) {
                check.check(qa, qb);
            }
        }
    }

    private static byte[] grid(QuantizedBinary binary) {
        List<Byte> codes = new ArrayList<>(1 << 16);
        forEachPair(binary, (qa, qb) -> codes.add((byte) binary.apply(qa, qb)));
        byte[] grid = new byte[codes.size()];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = codes.get(i);
        }
        return grid;
    }

    /** Scales close enough together for every engine to accept them. */
    private static QuantParams params(Random random, QuantType type) {
        float scale = (float) Math.pow(10, -2.5 + 2 * random.nextDouble());
        return QuantParams.of(type, scale, type.low() + random.nextInt(256));
    }

    private static Profile profileOf(String label) {
        for (Profile profile : Profile.values()) {
            if (profile.label().equals(label)) {
                return profile;
            }
        }
        throw new AssertionError(label);
    }
}
