// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.QuantInputs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DynamicQuantizerTest {
    private static final List<String[]> ROWS = rows();

    /** Scale, zero point and every code that the engine chose, per tensor and per row. */
    @ParameterizedTest
    @CsvSource({
        "ort_DynamicQuantizeLinear, ONNX, UINT8, 30",
        "torch_dynamic_uint8, PYTORCH, UINT8, 30",
        "torch_dynamic_int8, PYTORCH, INT8, 30",
        "torch_dynamic_uint8_reduced, PYTORCH_REDUCED, UINT8, 30",
        "torch_token_symmetric, PYTORCH_TOKEN_SYMMETRIC, INT8, 12",
        "torch_token_asymmetric, PYTORCH_TOKEN, INT8, 12",
        "torchao_token_asymmetric, TORCHAO, INT8, 12",
        "torchao_token_symmetric, TORCHAO_NARROW, INT8, 12",
        "torchao_token_symmetric_full, TORCHAO_SYMMETRIC, INT8, 12",
        "torchao_token_no_clipping, TORCHAO_NO_CLIPPING, INT8, 12",
        "nvidia_token, NVIDIA, INT8, 12"
    })
    void parametersAndCodesAreTheEngines(String form, DynamicPolicy policy, IntegerType type, int count) {
        DynamicQuantizer quantizer = DynamicQuantizer.of(policy, type);
        List<String[]> rows = ROWS.stream().filter(f -> f[0].equals(form)).toList();
        assertEquals(count, rows.size());
        int subnormal = 0;
        for (String[] f : rows) {
            if (form.equals("ort_DynamicQuantizeLinear") && floats(f[4])[0] < Float.MIN_NORMAL) {
                subnormal++;
                continue; // by intent, see below
            }
            int lines = Integer.parseInt(f[1]);
            int columns = Integer.parseInt(f[2]);
            float[] x = floats(f[3]);
            byte[] codes = new byte[x.length];
            float[] scales = new float[lines];
            int[] zeroPoints = new int[lines];
            assertEquals(0, quantizer.quantize(x, 0, codes, 0, lines, columns, scales, zeroPoints));
            float[] engine = floats(f[4]);
            for (int r = 0; r < lines; r++) {
                String where = form + ", row " + r + " of " + lines + " x " + columns;
                if (policy == DynamicPolicy.NVIDIA) {
                    // The engine holds the factor 127 / amax, which is 1 for a row of nearly nothing.
                    assertEquals(1 / (double) engine[r], scales[r], Math.ulp(scales[r]), where);
                    assertEquals(0, zeroPoints[r], where);
                } else {
                    assertEquals(engine[r], scales[r], where);
                    assertEquals(Integer.parseInt(f[5].split(",", -1)[r]), zeroPoints[r], where);
                }
            }
            assertEquals(f[6], HexFormat.of().formatHex(codes), form + " " + lines + " x " + columns);
        }
        assertEquals(form.equals("ort_DynamicQuantizeLinear") ? 1 : 0, subnormal);
        assertEquals(204, ROWS.size());
    }

    /** ONNX's formula gives a tensor of subnormal values a subnormal scale, which is none here: it is as zeros. */
    @Test
    void nearlyNothingIsNothing() {
        float[] x = {1e-40f, -2e-39f, 0, Float.MIN_VALUE};
        QuantizedTensor tensor =
                DynamicQuantizer.of(DynamicPolicy.ONNX, IntegerType.UINT8).quantize(x);
        assertEquals(QuantParams.of(QuantType.UINT8, 1, 0), tensor.params());
        assertArrayEquals(new byte[4], tensor.codes());
    }

    /** Real 0 is exact and no value of a row is farther than a step from its code, but where a policy clips. */
    @ParameterizedTest
    @EnumSource
    void rowsFitTheirGrids(DynamicPolicy policy) {
        Random random = new Random(policy.label().hashCode());
        for (IntegerType type : List.of(IntegerType.INT8, IntegerType.UINT8, IntegerType.INT4, IntegerType.UINT4)) {
            if (policy.isSymmetric() && !type.isSigned()) {
                continue;
            }
            DynamicQuantizer quantizer = DynamicQuantizer.of(policy, type);
            checkRows(quantizer, random, 40, 33);
            checkRows(quantizer, random, 3, 4999);
        }
    }

    private static void checkRows(DynamicQuantizer quantizer, Random random, int rows, int length) {
        DynamicPolicy policy = quantizer.policy();
        IntegerType type = quantizer.type();
        float[] x = new float[rows * length + 3];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.scalb(random.nextGaussian(), i / length % 20 - 6);
        }
        int stored = type.storedLength(length);
        byte[] codes = new byte[rows * stored + 1];
        float[] scales = new float[rows];
        int[] zeroPoints = new int[rows];
        assertEquals(0, quantizer.quantize(x, 3, codes, 1, rows, length, scales, zeroPoints));
        float[] back = new float[length];
        for (int r = 0; r < rows; r++) {
            IntegerQuantizer grid = IntegerQuantizer.of(type, scales[r], zeroPoints[r]);
            grid.dequantize(codes, 1 + r * stored, back, 0, length);
            // Half a step, another for the zero point's rounding or the clipped end, two where codes are halved.
            double most = (policy == DynamicPolicy.PYTORCH_REDUCED ? 2 : 1.01) * scales[r];
            for (int i = 0; i < length; i++) {
                assertEquals(x[3 + r * length + i], back[i], most, policy + " " + type + " row " + r);
            }
        }
    }

    /** NaN and infinities do not move the range of their row; others' rows are not touched by them. */
    @ParameterizedTest
    @EnumSource
    void whatIsNotFiniteIsCountedAndLeftOut(DynamicPolicy policy) {
        IntegerType type = policy == DynamicPolicy.ONNX ? IntegerType.UINT8 : IntegerType.INT8;
        DynamicQuantizer quantizer = DynamicQuantizer.of(policy, type);
        float[] plain = {-1, 0.5f, 2, 0, 0, 0, -3, 1, 0.25f, 0, 0, 0};
        float[] odd = plain.clone();
        odd[3] = Float.NaN;
        odd[4] = Float.POSITIVE_INFINITY;
        odd[5] = Float.NEGATIVE_INFINITY;
        byte[] codes = new byte[12];
        byte[] oddCodes = new byte[12];
        float[] scales = new float[4];
        int[] zeroPoints = new int[4];
        assertEquals(0, quantizer.quantize(plain, 0, codes, 0, 2, 6, scales, zeroPoints));
        assertEquals(3, quantizer.quantize(odd, 0, oddCodes, 0, 2, 6, new float[2], zeroPoints));
        int low = policy == DynamicPolicy.NVIDIA || policy == DynamicPolicy.TORCHAO_NARROW ? -127 : type.low();
        assertEquals((byte) zeroPoints[0], oddCodes[3]);
        assertEquals((byte) type.high(), oddCodes[4]);
        assertEquals((byte) low, oddCodes[5]);
        for (int i : new int[] {0, 1, 2, 6, 7, 8, 9, 10, 11}) {
            assertEquals(codes[i], oddCodes[i]);
        }
        Arrays.fill(odd, Float.NaN);
        assertEquals(12, quantizer.quantize(odd, 0, oddCodes, 0, 1, 12, scales, zeroPoints));
        byte[] zeros = new byte[12];
        float[] scale = new float[1];
        int[] zeroPoint = new int[1];
        quantizer.quantize(new float[12], 0, zeros, 0, 1, 12, scale, zeroPoint);
        assertArrayEquals(zeros, oddCodes, "nothing finite is as zeros");
        assertEquals(scale[0], scales[0]);
    }

    /** Scales are normal floats, and every code's value is finite, whatever the row. */
    @ParameterizedTest
    @EnumSource
    void everyRowHasALegalGrid(DynamicPolicy policy) {
        IntegerType type = policy == DynamicPolicy.ONNX ? IntegerType.UINT8 : IntegerType.INT8;
        DynamicQuantizer quantizer = DynamicQuantizer.of(policy, type);
        float[] x = QuantInputs.anyFloats(9, 3000);
        byte[] codes = new byte[x.length];
        float[] scales = new float[1500];
        int[] zeroPoints = new int[1500];
        quantizer.quantize(x, 0, codes, 0, 1500, 2, scales, zeroPoints);
        float[][] hard = {
            {0, -0f},
            {Float.MIN_VALUE, -Float.MIN_VALUE},
            {Float.MAX_VALUE, -Float.MAX_VALUE},
            {Float.MAX_VALUE, 0},
            {0, -Float.MAX_VALUE},
            {Float.MIN_NORMAL, 0},
            {1e-36f, 0},
            {-1e-36f, 1e-38f}
        };
        for (float[] row : hard) {
            float[] scale = new float[1];
            int[] zeroPoint = new int[1];
            byte[] code = new byte[2];
            quantizer.quantize(row, 0, code, 0, 1, 2, scale, zeroPoint);
            check(type, scale[0], zeroPoint[0], Arrays.toString(row));
        }
        for (int r = 0; r < 1500; r++) {
            check(type, scales[r], zeroPoints[r], x[2 * r] + ", " + x[2 * r + 1]);
        }
    }

    private static void check(IntegerType type, float scale, int zeroPoint, String row) {
        IntegerQuantizer.of(type, scale, zeroPoint); // refuses what is none
        int farthest = Math.max(zeroPoint - type.low(), type.high() - zeroPoint);
        assertTrue(Float.isFinite(scale * farthest), row + " gave " + scale + ", " + zeroPoint);
    }

    /** Groups of whole bytes lie as one packed tensor, which the quantizer of blocks reads. */
    @Test
    void groupsAreBlocksAlongTheLastAxis() {
        float[] x = new float[6 * 64];
        Random random = new Random(8);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        byte[] codes = new byte[3 * 64];
        float[] scales = new float[12];
        int[] zeroPoints = new int[12];
        DynamicQuantizer.of(DynamicPolicy.TORCHAO_SYMMETRIC, IntegerType.INT4)
                .quantize(x, 0, codes, 0, 12, 32, scales, zeroPoints);
        IntegerQuantizer blocks =
                IntegerQuantizer.of(IntegerType.INT4, BlockLayout.of(1, 32, 6, 64), scales, zeroPoints);
        float[] back = new float[x.length];
        blocks.dequantize(codes, 0, back, 0, back.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(x[i], back[i], scales[i / 32] * 0.51);
        }
    }

    @Test
    void tensorsCarryTheirParameters() {
        QuantizedTensor tensor =
                DynamicQuantizer.of(DynamicPolicy.ONNX, IntegerType.UINT8).quantize(0, 2, -3, -2.5f, 1.34f, 0.5f);
        // By the standard's formulas in floats: 0.5 is 25.5 steps, a tie, and 2.5 a little less than 127.5.
        assertEquals(QuantParams.of(QuantType.UINT8, 5 / 255f, 153), tensor.params());
        assertArrayEquals(new byte[] {(byte) 153, (byte) 255, 0, 26, (byte) 221, (byte) 179}, tensor.codes());
        assertEquals(
                0,
                DynamicQuantizer.of(DynamicPolicy.NVIDIA, IntegerType.INT8)
                        .quantize()
                        .length());
    }

    @ParameterizedTest
    @EnumSource
    void namesAreRead(DynamicPolicy policy) {
        assertEquals(policy, DynamicPolicy.parse(policy.label().toUpperCase(Locale.ROOT)));
        assertEquals(policy.label(), policy.toString());
    }

    @Test
    void badPartsAreRefused() {
        refused(
                "type must have 8 bits at most, was int16",
                () -> DynamicQuantizer.of(DynamicPolicy.ONNX, IntegerType.INT16));
        refused(
                "type must be signed under policy torchao_symmetric, was uint8",
                () -> DynamicQuantizer.of(DynamicPolicy.TORCHAO_SYMMETRIC, IntegerType.UINT8));
        DynamicQuantizer four = DynamicQuantizer.of(DynamicPolicy.TORCHAO, IntegerType.INT4);
        refused("type must have 8 bits for a tensor of bytes, was int4", () -> four.quantize(1, 2));
        float[] x = new float[8];
        byte[] codes = new byte[4];
        refused(
                "rows x length must be 0 or more and fit an int, was -1 x 4",
                () -> four.quantize(x, 0, codes, 0, -1, 4, new float[2], new int[2]));
        refused(
                "rows x length must be 0 or more and fit an int, was 65536 x 65536",
                () -> four.quantize(x, 0, codes, 0, 65536, 65536, new float[2], new int[2]));
        refused(
                "scales and zero points must have room for 2 rows, had 2 and 1",
                () -> four.quantize(x, 0, codes, 0, 2, 4, new float[2], new int[1]));
        refused("scales must not be the array of the values", () -> four.quantize(x, 0, codes, 0, 2, 4, x, new int[2]));
        assertThrows(
                IndexOutOfBoundsException.class, () -> four.quantize(x, 1, codes, 0, 2, 4, new float[2], new int[2]));
        assertThrows(
                IndexOutOfBoundsException.class, () -> four.quantize(x, 0, codes, 1, 2, 4, new float[2], new int[2]));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static float[] floats(String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static List<String[]> rows() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(DynamicQuantizerTest.class.getResourceAsStream("/golden/dynamic.csv.gz")),
                StandardCharsets.US_ASCII))) {
            return lines.lines().skip(1).map(line -> line.split(";", -1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
