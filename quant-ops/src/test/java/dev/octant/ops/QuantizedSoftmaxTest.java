// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax rows of the engines, and of plain doubles. */
class QuantizedSoftmaxTest {
    /**
     * Every row of ONNX Runtime. In rows of one element its product overflows, and the uint8 kernel answers with the
     * zero point, probability 0 for the only choice there is. Octant saturates: those rows, and no others, differ.
     */
    @Test
    void everyRowIsOnnxRuntimes() {
        int rows = 0;
        int defects = 0;
        for (String line : GoldenRow.lines("ort_softmax.csv.gz")) {
            String[] f = line.split(";", -1);
            QuantParams in = GoldenRow.params(f[1], f[2], f[3]);
            QuantParams out = GoldenRow.params(f[1], f[4], f[5]);
            int cols = Integer.parseInt(f[7]);
            boolean agreed = out.scale() == 1 / 256f || out.scale() == 1 / 255f;
            byte[] src = HexFormat.of().parseHex(f[8]);
            byte[] dst = new byte[src.length];
            QuantizedSoftmax.softmax(in, out, Profile.ONNX_RUNTIME)
                    .apply(src, 0, dst, 0, src.length, new ChannelLayout(cols, 1));
            byte[] expected = HexFormat.of().parseHex(f[9]);
            rows++;
            if (cols == 1 && in.type() == QuantType.UINT8 && 1 / out.scale() > Math.exp(5)) {
                defects++;
                for (int i = 0; i < dst.length; i++) {
                    assertEquals((byte) out.zeroPoint(), expected[i], line);
                    assertEquals((byte) Math.min(255, out.zeroPoint() + Math.floor(1 / out.scale())), dst[i], line);
                }
            } else if (agreed) {
                assertArrayEquals(expected, dst, () -> line.substring(0, 60));
            } else {
                for (int i = 0; i < dst.length; i++) {
                    int difference = in.type().code(expected[i]) - in.type().code(dst[i]);
                    assertTrue(Math.abs(difference) <= 1, line);
                }
            }
        }
        assertEquals(72, rows);
        System.out.println("ort_softmax: " + rows + " blocks of rows, of which " + defects
                + " blocks of uint8 rows of one element are the engine's defect");
    }

    @ParameterizedTest
    @CsvSource({"tflite, 48", "xnnpack, 24"})
    void everyRowOfIntegersIsTheEngines(String profile, int blocks) {
        int checked = 0;
        for (String line : GoldenRow.lines("integer_softmax.csv.gz")) {
            String[] f = line.split(";", -1);
            if (!f[0].equals(profile)) {
                continue;
            }
            checked++;
            QuantType type = f[1].equals("int8") ? QuantType.INT8 : QuantType.UINT8;
            QuantParams in = GoldenRow.params(f[1], f[2], "0");
            byte[] src = HexFormat.of().parseHex(f[5]);
            byte[] dst = new byte[src.length];
            QuantizedSoftmax.softmax(
                            in,
                            QuantizedSoftmax.fixedOutput(type),
                            profile.equals("tflite") ? Profile.TFLITE : Profile.XNNPACK)
                    .apply(src, 0, dst, 0, src.length, new ChannelLayout(Integer.parseInt(f[4]), 1));
            assertEquals(f[6], HexFormat.of().formatHex(dst), line);
        }
        assertEquals(blocks, checked);
    }

    /** Along any axis: each row against exponentials added in plain doubles. */
    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void onnxIsTheDoubleSoftmax(QuantType type) {
        Random random = new Random(31);
        for (int round = 0; round < 60; round++) {
            int length = 1 + random.nextInt(40);
            int inner = 1 + random.nextInt(4);
            int outer = 1 + random.nextInt(3);
            float scale = (float) Math.pow(10, -2.5 + 2.2 * random.nextDouble());
            QuantParams in = QuantParams.of(type, scale, type.low() + random.nextInt(256));
            QuantParams out = round % 2 == 0
                    ? QuantizedSoftmax.fixedOutput(type)
                    : QuantParams.of(type, 1 / 100f, type.low() + random.nextInt(100));
            QuantParams logOut = QuantParams.of(type, 16f / 256, type.high());
            byte[] src = new byte[outer * length * inner];
            random.nextBytes(src);
            ChannelLayout axis = new ChannelLayout(length, inner);
            QuantizedTensor codes = QuantizedTensor.of(in, src);
            QuantizedTensor soft = QuantizedSoftmax.softmax(in, out).apply(codes, axis);
            QuantizedTensor log = QuantizedSoftmax.logSoftmax(in, logOut).apply(codes, axis);
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    int start = o * length * inner + i;
                    double max = Double.NEGATIVE_INFINITY;
                    for (int k = 0; k < length; k++) {
                        max = Math.max(max, type.code(src[start + k * inner]));
                    }
                    double sum = 0;
                    for (int k = 0; k < length; k++) {
                        sum += Math.exp((type.code(src[start + k * inner]) - max) * scale);
                    }
                    for (int k = 0; k < length; k++) {
                        double d = (type.code(src[start + k * inner]) - max) * scale;
                        Grid grid = new Grid(out.scale(), out.zeroPoint(), type.low(), type.high());
                        int[] inside = Oracle.codesWithin(grid, 0, 1);
                        int expected = Oracle.quantize((float) (Math.exp(d) / sum), grid);
                        assertEquals(Math.min(Math.max(expected, inside[0]), inside[1]), soft.code(start + k * inner));
                        Grid logGrid = new Grid(logOut.scale(), logOut.zeroPoint(), type.low(), type.high());
                        assertEquals(
                                Oracle.quantize((float) (d - Math.log(sum)), logGrid), log.code(start + k * inner));
                    }
                }
            }
        }
    }

    /** Rows along an axis in the middle. */
    @Test
    void equalCodesShareTheWhole() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.1f, 0);
        byte[] codes = new byte[10];
        QuantizedSoftmax.softmax(in, QuantizedSoftmax.fixedOutput(QuantType.INT8))
                .apply(codes, 0, codes, 0, 10, new ChannelLayout(5, 2));
        for (byte code : codes) {
            assertEquals((byte) (-128 + Math.round(256 / 5.0)), code);
        }
    }

    /** Longer than a block, its elements two apart: the same codes as of neighbours. */
    @Test
    void longRowsMayLieApart() {
        int length = 9000;
        byte[] row = new byte[length];
        new Random(73).nextBytes(row);
        byte[] apart = new byte[2 * length];
        for (int i = 0; i < length; i++) {
            apart[2 * i] = row[i];
            apart[2 * i + 1] = (byte) i;
        }
        QuantizedSoftmax softmax = QuantizedSoftmax.softmax(
                QuantParams.of(QuantType.INT8, 0.01f, 0), QuantParams.of(QuantType.INT8, 1e-5f, -128));
        softmax.apply(row, 0, row, 0, length, new ChannelLayout(length, 1));
        softmax.apply(apart, 0, apart, 0, 2 * length, new ChannelLayout(length, 2));
        for (int i = 0; i < length; i++) {
            assertEquals(row[i], apart[2 * i]);
        }
    }
}
