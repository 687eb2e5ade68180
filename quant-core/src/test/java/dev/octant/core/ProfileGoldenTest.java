// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engines themselves made of floats, every row. */
class ProfileGoldenTest {
    /** One row: parameters, inputs and the engine's answer in hex. */
    private static final class Row {
        private final QuantParams params;
        private final float[] inputs;
        private final String result;

        Row(String[] f) {
            params = QuantParams.of(
                    QuantType.valueOf(f[1].toUpperCase(Locale.ROOT)),
                    Float.intBitsToFloat(Integer.parseUnsignedInt(f[2], 16)),
                    Integer.parseInt(f[3]));
            inputs = new float[f[4].length() / 8];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(f[4], 8 * i, 8 * i + 8, 16));
            }
            result = f[5];
        }
    }

    @ParameterizedTest
    @CsvSource({
        "quantize.csv.gz, ort, ONNX, 32",
        "quantize.csv.gz, ort, ONNX_RUNTIME, 32",
        "quantize.csv.gz, tflite_ref, TFLITE, 32",
        "quantize.csv.gz, tflite_opt, XNNPACK, 32",
        "quantize.csv.gz, tflite_xnn, XNNPACK, 32",
        "torch_quantize.csv.gz, quantize_per_tensor, PYTORCH, 96"
    })
    void codes(String file, String form, Profile profile, int count) throws IOException {
        for (Row row : rows(file, form, count)) {
            byte[] codes = new byte[row.inputs.length];
            TensorQuantizer.of(row.params, profile).quantize(row.inputs, 0, codes, 0, codes.length);
            assertEquals(row.result, HexFormat.of().formatHex(codes), row.params::toString);
        }
    }

    @ParameterizedTest
    @CsvSource("PYTORCH, 96")
    void fakeQuantizedValues(Profile profile, int count) throws IOException {
        for (Row row : rows("torch_quantize.csv.gz", "fake_quantize", count)) {
            float[] values = new float[row.inputs.length];
            TensorQuantizer.of(row.params, profile).fakeQuantize(row.inputs, 0, values, 0, values.length);
            StringBuilder hex = new StringBuilder();
            for (float value : values) {
                hex.append(HexFormat.of().toHexDigits(Float.floatToRawIntBits(value)));
            }
            assertEquals(row.result, hex.toString(), row.params::toString);
        }
    }

    @ParameterizedTest
    @CsvSource("PYTORCH, 96")
    void gradientMasks(Profile profile, int count) throws IOException {
        for (Row row : rows("torch_quantize.csv.gz", "fake_quantize_grad", count)) {
            byte[] mask = new byte[row.inputs.length];
            TensorQuantizer.of(row.params, profile).fakeQuantizeMask(row.inputs, 0, mask, 0, mask.length);
            assertEquals(row.result, HexFormat.of().formatHex(mask), row.params::toString);
        }
    }

    private static List<Row> rows(String file, String form, int count) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(
                        Objects.requireNonNull(ProfileGoldenTest.class.getResourceAsStream("/golden/" + file))),
                StandardCharsets.US_ASCII))) {
            List<Row> rows = reader.lines()
                    .map(line -> line.split(";", -1))
                    .filter(f -> f[0].equals(form))
                    .map(Row::new)
                    .toList();
            assertEquals(count, rows.size(), form);
            return rows;
        }
    }
}
