// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.scalar.HalfType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node test case of the ONNX standard whose operator is a product of codes. */
record OnnxProduct(String test, String op, JsonNode attributes, List<Tensor> inputs, Tensor output) {
    private static final Set<String> OPS = Set.of("QLinearMatMul", "MatMulInteger", "QLinearConv", "ConvInteger");
    private static final JsonMapper JSON = new JsonMapper();

    /** Elements as they are written: big-endian. */
    static final class Tensor {
        private final String dtype;
        private final int[] shape;
        private final byte[] raw;

        private Tensor(JsonNode node) {
            dtype = node.get("dtype").asString();
            shape = array(node.get("shape"));
            raw = HexFormat.of().parseHex(node.get("hex").asString());
        }

        String dtype() {
            return dtype;
        }

        int dimensions() {
            return shape.length;
        }

        /** The size of a dimension; negative ones count from the last. */
        int size(int dimension) {
            return shape[dimension < 0 ? shape.length + dimension : dimension];
        }

        int length() {
            return IntStream.of(shape).reduce(1, Math::multiplyExact);
        }

        byte[] raw() {
            return raw.clone();
        }

        /** Codes of 8 bits with their sign, or int32. */
        int[] wholes() {
            ByteBuffer bytes = ByteBuffer.wrap(raw);
            int[] values = new int[length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (dtype) {
                    case "int8" -> bytes.get();
                    case "uint8" -> Byte.toUnsignedInt(bytes.get());
                    case "int32" -> bytes.getInt();
                    default -> throw new IllegalArgumentException(dtype);
                };
            }
            return values;
        }

        float[] floats() {
            ByteBuffer bytes = ByteBuffer.wrap(raw);
            float[] values = new float[length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = dtype.equals("float16") ? HalfType.FLOAT16.toFloat(bytes.getShort()) : bytes.getFloat();
            }
            return values;
        }
    }

    /** The products of a file of JSON lines, packed by gzip. */
    static List<OnnxProduct> all(InputStream packed) {
        List<OnnxProduct> cases = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = JSON.readTree(line);
                if (OPS.contains(node.get("op").asString())) {
                    List<Tensor> inputs = new ArrayList<>();
                    node.get("inputs").forEach(tensor -> inputs.add(new Tensor(tensor)));
                    cases.add(new OnnxProduct(
                            node.get("test").asString(),
                            node.get("op").asString(),
                            node.get("attributes"),
                            inputs,
                            new Tensor(node.get("outputs").get(0))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static int[] array(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    /** An attribute of whole numbers, or {@code count} times the same. */
    int[] attribute(String name, int count, int otherwise) {
        return attributes.has(name)
                ? array(attributes.get(name))
                : IntStream.generate(() -> otherwise).limit(count).toArray();
    }

    /** An attribute of one whole number. */
    int attribute(String name, int otherwise) {
        return attributes.has(name) ? attributes.get(name).asInt() : otherwise;
    }

    /** The word of an attribute. */
    String word(String name, String otherwise) {
        return attributes.has(name) ? attributes.get(name).asString() : otherwise;
    }

    @Override
    public String toString() {
        return test;
    }
}
