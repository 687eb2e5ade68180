// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.zip.GZIPInputStream;

/** A table that an engine made: its 256 output bytes in hex, in ascending order of the input code. */
record GoldenRow(String kernel, String op, QuantParams in, QuantParams out, String table) {
    /** All rows of {@code tflite_unary.csv.gz}. */
    static List<GoldenRow> all() {
        return lines("tflite_unary.csv.gz").stream().map(GoldenRow::of).toList();
    }

    /** The lines of a golden file after its header. */
    static List<String> lines(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(GoldenRow.class.getResourceAsStream("/golden/" + file))),
                StandardCharsets.US_ASCII))) {
            return reader.lines().skip(1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static QuantParams params(String type, String scaleBits, String zeroPoint) {
        return QuantParams.of(
                QuantType.valueOf(type.toUpperCase(Locale.ROOT)),
                Float.intBitsToFloat(Integer.parseUnsignedInt(scaleBits, 16)),
                Integer.parseInt(zeroPoint));
    }

    private static GoldenRow of(String line) {
        String[] f = line.split(";", -1);
        return new GoldenRow(f[0], f[1], params(f[2], f[3], f[4]), params(f[2], f[5], f[6]), f[7]);
    }

    /** Holds a rule to this row, all 256 codes. */
    void check(IntUnaryOperator codes) {
        byte[] actual = new byte[QuantType.RAW_VALUES];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = (byte) codes.applyAsInt(in.type().firstStored() + i);
        }
        assertEquals(table, HexFormat.of().formatHex(actual), () -> kernel + " " + op + " " + in + " -> " + out);
    }
}
