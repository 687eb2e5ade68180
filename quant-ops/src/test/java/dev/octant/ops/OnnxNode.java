// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.scalar.HalfType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node test case of the ONNX standard: one operator, its attributes, inputs, and the outputs it must have. */
record OnnxNode(
        String test,
        String op,
        Map<String, Double> numbers,
        Map<String, String> words,
        List<Tensor> inputs,
        List<Tensor> outputs,
        double rtol,
        double atol) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Elements as they are written: big-endian, those below a byte in a byte each. */
    static final class Tensor {
        private final String dtype;
        private final int[] shape;
        private final byte[] raw;

        private Tensor(String dtype, int[] shape, byte[] raw) {
            this.dtype = dtype;
            this.shape = shape;
            this.raw = raw;
        }

        private static Tensor of(JsonNode node) {
            List<Integer> shape = new ArrayList<>();
            node.get("shape").forEach(d -> shape.add(d.asInt()));
            return new Tensor(
                    node.get("dtype").asString(),
                    shape.stream().mapToInt(Integer::intValue).toArray(),
                    HexFormat.of().parseHex(node.get("hex").asString()));
        }

        String dtype() {
            return dtype;
        }

        int[] shape() {
            return shape.clone();
        }

        byte[] raw() {
            return raw.clone();
        }

        int length() {
            int length = 1;
            for (int d : shape) {
                length *= d;
            }
            return length;
        }

        boolean isFloats() {
            return dtype.equals("float32") || dtype.equals("float16");
        }

        float[] floats() {
            ByteBuffer bytes = ByteBuffer.wrap(raw);
            float[] values = new float[length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = dtype.equals("float16") ? HalfType.FLOAT16.toFloat(bytes.getShort()) : bytes.getFloat();
            }
            return values;
        }

        /** Integers of at most 16 bits, with their sign. */
        int[] codes() {
            int bits = Integer.parseInt(dtype.replaceAll("\\D", ""));
            ByteBuffer bytes = ByteBuffer.wrap(raw);
            int[] values = new int[length()];
            for (int i = 0; i < values.length; i++) {
                int code = bits == 16 ? bytes.getShort() & 0xFFFF : bytes.get() & 0xFF;
                int unused = Integer.SIZE - bits;
                values[i] = dtype.startsWith("u") ? code : code << unused >> unused;
            }
            return values;
        }
    }

    /** All cases of a file of JSON lines, packed by gzip. */
    static List<OnnxNode> all(InputStream packed) {
        List<OnnxNode> cases = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                cases.add(of(JSON.readTree(line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static OnnxNode of(JsonNode node) {
        Map<String, Double> numbers = new HashMap<>();
        Map<String, String> words = new HashMap<>();
        node.get("attributes").properties().forEach(attribute -> {
            if (attribute.getValue().isNumber()) {
                numbers.put(attribute.getKey(), attribute.getValue().asDouble());
            } else if (attribute.getValue().isString()) {
                words.put(attribute.getKey(), attribute.getValue().asString());
            }
        });
        List<Tensor> inputs = new ArrayList<>();
        node.get("inputs").forEach(tensor -> inputs.add(Tensor.of(tensor)));
        List<Tensor> outputs = new ArrayList<>();
        node.get("outputs").forEach(tensor -> outputs.add(Tensor.of(tensor)));
        return new OnnxNode(
                node.get("test").asString(),
                node.get("op").asString(),
                numbers,
                words,
                inputs,
                outputs,
                node.get("rtol").asDouble(),
                node.get("atol").asDouble());
    }

    /** A whole number among the attributes. */
    int whole(String name, int otherwise) {
        return numbers.containsKey(name) ? numbers.get(name).intValue() : otherwise;
    }

    @Override
    public String toString() {
        return test;
    }
}
