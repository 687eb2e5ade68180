// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Rows of a golden file by the names of its fields. */
public final class GoldenTable {
    private GoldenTable() {}

    /** One row. */
    public static final class Row {
        private final Map<String, String> fields = new HashMap<>();

        private Row(String[] names, String line) {
            String[] values = line.split(";", -1);
            for (int i = 0; i < names.length; i++) {
                fields.put(names[i], values[i]);
            }
        }

        /** A field as it stands. */
        public String text(String name) {
            return Objects.requireNonNull(fields.get(name), name);
        }

        /** Whether a field is given. */
        public boolean has(String name) {
            return !text(name).equals("-");
        }

        /** A field of one whole number. */
        public int whole(String name) {
            return Integer.parseInt(text(name));
        }

        /** A field of whole numbers with commas between them. */
        public int[] wholes(String name) {
            return has(name)
                    ? Arrays.stream(text(name).split(",", -1))
                            .mapToInt(Integer::parseInt)
                            .toArray()
                    : new int[0];
        }

        /** A field of floats by their bits. */
        public float[] floats(String name) {
            int[] bits = ints(name);
            float[] values = new float[bits.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(bits[i]);
            }
            return values;
        }

        /** A field of one float. */
        public float single(String name) {
            return floats(name)[0];
        }

        /** A field of ints of eight digits each. */
        public int[] ints(String name) {
            String hex = has(name) ? text(name) : "";
            int[] values = new int[hex.length() / 8];
            for (int i = 0; i < values.length; i++) {
                values[i] = Integer.parseUnsignedInt(hex, 8 * i, 8 * i + 8, 16);
            }
            return values;
        }

        /** A field of doubles by their bits. */
        public double[] doubles(String name) {
            String hex = has(name) ? text(name) : "";
            double[] values = new double[hex.length() / 16];
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.longBitsToDouble(Long.parseUnsignedLong(hex, 16 * i, 16 * i + 16, 16));
            }
            return values;
        }

        /** A field of raw bytes. */
        public byte[] bytes(String name) {
            return HexFormat.of().parseHex(text(name));
        }

        @Override
        public String toString() {
            Map<String, String> shown = new HashMap<>(fields);
            shown.values().removeIf(value -> value.length() > 40);
            return shown.toString();
        }
    }

    /** The rows of a file of {@code resources/golden}. */
    public static List<Row> rows(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(GoldenTable.class.getResourceAsStream("/golden/" + file))),
                StandardCharsets.US_ASCII))) {
            String[] names = reader.readLine().split(";", -1);
            return reader.lines().map(line -> new Row(names, line)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
