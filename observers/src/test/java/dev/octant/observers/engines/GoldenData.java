// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What the engines answered, and the data they were asked about. */
final class GoldenData {
    private static final Pattern ROW = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":\\s*(\\[[^]]*]|\"[^\"]*\"|[^,\\s]+)");
    private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

    /** An array in row-major order. */
    static final class Tensor {
        private final int[] shape;
        private final float[] values;

        Tensor(int[] shape, float[] values) {
            this.shape = shape;
            this.values = values;
        }

        int[] shape() {
            return shape;
        }

        float[] values() {
            return values;
        }

        /**
         * The parts that numpy.array_split makes along axis 0: the first ones are longer by one where it does not
         * divide.
         */
        List<float[]> split(int parts) {
            int row = values.length / shape[0];
            List<float[]> batches = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < parts; i++) {
                int to = from + (shape[0] / parts + (i < shape[0] % parts ? 1 : 0)) * row;
                batches.add(Arrays.copyOfRange(values, from, to));
                from = to;
            }
            return batches;
        }

        Tensor flat() {
            return new Tensor(new int[] {values.length}, values);
        }
    }

    private GoldenData() {}

    /** 65,536 heavy-tailed values, the same as in EstimatorGoldenTest. */
    static Tensor heavyTailed() {
        SplittableRandom random = new SplittableRandom(42);
        float[] values = new float[65_536];
        for (int i = 0; i < values.length; i++) {
            double t = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[i] = (float) (((t * t) * t) * 8);
        }
        return new Tensor(new int[] {values.length}, values);
    }

    /** The activations of a small network, by name. */
    static Map<String, Tensor> digits() {
        Map<String, Tensor> tensors = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(open("/dev/octant/cli/digits/digits_preactivations.npz"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                ByteBuffer bytes = ByteBuffer.wrap(zip.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
                int header = bytes.getShort(8);
                Matcher shape = SHAPE.matcher(new String(bytes.array(), 10, header, StandardCharsets.US_ASCII));
                if (!shape.find()) {
                    throw new IllegalStateException("no shape in " + entry.getName());
                }
                int[] dimensions = Pattern.compile(",\\s*")
                        .splitAsStream(shape.group(1))
                        .filter(d -> !d.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
                bytes.position(10 + header);
                float[] values = new float[bytes.remaining() / Float.BYTES];
                bytes.asFloatBuffer().get(values);
                tensors.put(entry.getName().replace(".npy", ""), new Tensor(dimensions, values));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tensors;
    }

    /** The innermost objects of a JSON file: fields as text without quotes, lists with single spaces. */
    static List<Map<String, String>> rows(String name) {
        List<Map<String, String>> rows = new ArrayList<>();
        Matcher row = ROW.matcher(text(name));
        while (row.find()) {
            Map<String, String> fields = new LinkedHashMap<>();
            Matcher field = FIELD.matcher(row.group(1));
            while (field.find()) {
                fields.put(field.group(1), field.group(2).replaceAll("[\\[\\]\"\\s]", ""));
            }
            rows.add(fields);
        }
        return rows;
    }

    static List<String> lines(String name) {
        return text(name).lines().filter(l -> !l.startsWith("#")).toList();
    }

    static float bits(String hex) {
        return Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16));
    }

    private static String text(String name) {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(GoldenData.class.getResourceAsStream(name), name);
    }
}
