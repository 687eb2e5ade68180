// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.BlockLayout;
import dev.octant.core.ChannelLayout;
import dev.octant.core.DynamicPolicy;
import dev.octant.core.DynamicQuantizer;
import dev.octant.core.IntegerQuantizer;
import dev.octant.core.IntegerType;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.scalar.Float8Type;
import dev.octant.core.scalar.HalfType;
import dev.octant.core.scalar.Overflow;
import dev.octant.fixtures.IntegerOracle;
import dev.octant.ops.OnnxNode.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Computes a node test case with this library and compares, or says why this library does not compute it. */
final class OnnxNodeRunner {
    /** Types by the numbers of ONNX {@code TensorProto}. */
    private static final Map<Integer, String> TYPES =
            Map.of(2, "uint8", 3, "int8", 4, "uint16", 5, "int16", 21, "uint4", 22, "int4", 25, "uint2", 26, "int2");

    /** The type of floats, by the same numbers. */
    private static final int FLOAT = 1;

    private OnnxNodeRunner() {}

    /** Empty if the case was computed and its outputs are the standard's, else the reason why it is not computed. */
    static String run(OnnxNode node) {
        return switch (node.op()) {
            case "QuantizeLinear" -> quantize(node);
            case "DequantizeLinear" -> dequantize(node);
            case "DynamicQuantizeLinear" -> dynamic(node);
            case "PRelu" -> prelu(node);
            case "Softmax", "LogSoftmax", "Hardmax" -> "Octant's softmax is one of codes, not of floats";
            case "BatchNormalization" -> "an op of layers: quant-ops has functions of one value";
            case "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "QGemm" ->
                "a product: OnnxProductTest of quant-layers computes it with the layers";
            default -> activation(node);
        };
    }

    // ---- activations

    private static String activation(OnnxNode node) {
        Tensor x = node.inputs().get(0);
        Map<String, Double> attributes = new HashMap<>(node.numbers());
        if (node.op().equals("Clip")) {
            if (!x.isFloats() && !x.dtype().endsWith("int8")) {
                return "Octant clips floats and codes of 8 bits";
            }
            bounds(node, attributes);
        }
        boolean tanh = "tanh".equals(node.words().get("approximate"));
        Activation activation = tanh ? Activation.GELU_TANH : OnnxActivations.of(node.op(), attributes);
        if (activation == null) {
            return "Octant has no " + node.op();
        }
        switch (x.dtype()) {
            case "float32" -> {
                float[] values = x.floats();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) activation.value(values[i]);
                }
                assertNear(node, node.outputs().get(0).floats(), values);
            }
            case "float16" -> {
                HalfActivation half = HalfActivation.compile(activation, HalfType.FLOAT16);
                float[] values = x.floats();
                for (int i = 0; i < values.length; i++) {
                    values[i] = HalfType.FLOAT16.toFloat(half.apply(HalfType.FLOAT16.fromFloat(values[i])));
                }
                assertNear(node, node.outputs().get(0).floats(), values);
            }
            case "int8", "uint8" -> {
                // An integer is the code of itself on a grid of whole numbers.
                QuantParams whole = QuantParams.of(QuantType.parse(x.dtype()), 1, 0);
                QuantizedActivation table = QuantizedActivation.compile(activation, whole, whole);
                int[] codes = Arrays.stream(x.codes()).map(table::apply).toArray();
                assertArrayEquals(node.outputs().get(0).codes(), codes, node.test());
            }
            default -> {
                return "Octant has no activations on " + x.dtype();
            }
        }
        return "";
    }

    /**
     * The file leaves out inputs that a case does not have, so of two inputs the name of the case says which the second
     * is.
     */
    private static void bounds(OnnxNode node, Map<String, Double> attributes) {
        int inputs = node.inputs().size();
        if (inputs == 3) {
            attributes.put("min", scalar(node.inputs().get(1)));
            attributes.put("max", scalar(node.inputs().get(2)));
        } else if (inputs == 2) {
            attributes.put(
                    node.test().contains("_max") ? "max" : "min",
                    scalar(node.inputs().get(1)));
        }
    }

    private static double scalar(Tensor tensor) {
        return tensor.isFloats() ? tensor.floats()[0] : tensor.codes()[0];
    }

    private static String prelu(OnnxNode node) {
        Tensor x = node.inputs().get(0);
        Tensor slope = node.inputs().get(1);
        if (!x.dtype().equals("float32") || !slope.dtype().equals("float32")) {
            return "Octant has no PRelu on " + x.dtype();
        }
        Broadcast broadcast = Broadcast.of(slope.shape(), x.shape());
        float[] slopes = slope.floats();
        float[] values = x.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Activation.prelu(slopes[broadcast.source(i)]).value(values[i]);
        }
        assertNear(node, node.outputs().get(0).floats(), values);
        return "";
    }

    // ---- quantization

    private static String quantize(OnnxNode node) {
        Tensor x = node.inputs().get(0);
        Tensor scale = node.inputs().get(1);
        Tensor zero = node.inputs().size() > 2 ? node.inputs().get(2) : null;
        String dtype = zero != null ? zero.dtype() : TYPES.getOrDefault(node.whole("output_dtype", 2), "another type");
        int precision = node.whole("precision", FLOAT);
        if (!isInteger(dtype) && float8(dtype).isEmpty()) {
            return dtype + " is no type that Octant quantizes to";
        }
        if (!scale.dtype().equals("float32") || precision != FLOAT) {
            return "Octant's quotients are float32";
        }
        if (!x.isFloats()) {
            return "Octant quantizes floats";
        }
        if (float8(dtype).isPresent()) {
            assertArrayEquals(
                    node.outputs().get(0).raw(), quantize(node, float8(dtype).get()), node.test());
            return "";
        }
        IntegerType type = IntegerType.parse(dtype);
        IntegerQuantizer quantizer = quantizer(node, type, zero != null ? zero.codes() : null);
        float[] values = x.floats();
        int[] expected = node.outputs().get(0).codes();
        if (type.isWide()) {
            short[] codes = new short[values.length];
            quantizer.quantize(values, 0, codes, 0, values.length);
            short[] wanted = new short[expected.length];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = (short) expected[i];
            }
            assertArrayEquals(wanted, codes, node.test());
        } else {
            byte[] codes = new byte[type.storedLength(values.length)];
            quantizer.quantize(values, 0, codes, 0, values.length);
            assertArrayEquals(IntegerOracle.pack(expected, type.bits()), codes, node.test());
        }
        return "";
    }

    private static String dequantize(OnnxNode node) {
        Tensor x = node.inputs().get(0);
        Tensor scale = node.inputs().get(1);
        Tensor zero = node.inputs().size() > 2 ? node.inputs().get(2) : null;
        Optional<Float8Type> float8 = float8(x.dtype());
        String dtype = node.outputs().get(0).dtype();
        if (float8.isEmpty() && !isInteger(x.dtype())) {
            return x.dtype() + " is no type that Octant quantizes to";
        }
        // A product of a code of 8 bits and a float16 is exact in float32: rounded once, it is float16's own.
        boolean half = dtype.equals("float16")
                && (float8.isPresent() || !IntegerType.parse(x.dtype()).isWide());
        if (!dtype.equals("float32") && !half) {
            return "Octant's products are float32";
        }
        float[] values = float8.isPresent() ? dequantize(node, float8.get()) : dequantize(node, zero);
        if (half) {
            for (int i = 0; i < values.length; i++) {
                values[i] = HalfType.FLOAT16.toFloat(HalfType.FLOAT16.fromFloat(values[i]));
            }
        }
        assertEquals(scale.isFloats(), node.outputs().get(0).isFloats());
        assertNear(node, node.outputs().get(0).floats(), values);
        return "";
    }

    private static float[] dequantize(OnnxNode node, Tensor zero) {
        Tensor x = node.inputs().get(0);
        IntegerType type = IntegerType.parse(x.dtype());
        IntegerQuantizer quantizer = quantizer(node, type, zero != null ? zero.codes() : null);
        int[] codes = x.codes();
        float[] values = new float[codes.length];
        if (type.isWide()) {
            short[] wide = new short[codes.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = (short) codes[i];
            }
            quantizer.dequantize(wide, 0, values, 0, values.length);
        } else {
            quantizer.dequantize(IntegerOracle.pack(codes, type.bits()), 0, values, 0, values.length);
        }
        return values;
    }

    /** Octant converts float8; the product with the scale, whose place is that of integers, is written here. */
    private static float[] dequantize(OnnxNode node, Float8Type type) {
        IntegerQuantizer scales = quantizer(node, IntegerType.INT8, null);
        byte[] codes = node.inputs().get(0).raw();
        float[] values = new float[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.toFloat(codes[i]) * scales.scale(scales.group(i));
        }
        return values;
    }

    /** The quotient by the scale is written here as well, for {@code saturate = 1}. */
    private static byte[] quantize(OnnxNode node, Float8Type type) {
        IntegerQuantizer scales = quantizer(node, IntegerType.INT8, null);
        float[] values = node.inputs().get(0).floats();
        Overflow rule = node.whole("saturate", 1) == 1 ? Overflow.SATURATE : Overflow.NON_SATURATE;
        byte[] codes = new byte[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = type.fromFloat(values[i] / scales.scale(scales.group(i)), rule);
        }
        return codes;
    }

    private static Optional<Float8Type> float8(String dtype) {
        return Arrays.stream(Float8Type.values())
                .filter(type -> type.label().equals(dtype))
                .findAny();
    }

    private static boolean isInteger(String dtype) {
        return Arrays.stream(IntegerType.values()).anyMatch(type -> type.label().equals(dtype));
    }

    /** Zero points are 0 where none are given. */
    private static IntegerQuantizer quantizer(OnnxNode node, IntegerType type, int[] given) {
        int[] shape = node.inputs().get(0).shape();
        Tensor scale = node.inputs().get(1);
        float[] scales = scale.floats();
        int[] zeroPoints = given != null ? given : new int[scales.length];
        int axis = node.whole("axis", 1);
        int block = node.whole("block_size", 0);
        if (scales.length == 1 && (block == 0 || scale.shape().length == 0)) {
            return IntegerQuantizer.of(type, scales[0], zeroPoints[0]);
        }
        return block == 0
                ? IntegerQuantizer.of(type, ChannelLayout.of(axis, shape), scales, zeroPoints)
                : IntegerQuantizer.of(type, BlockLayout.of(axis, block, shape), scales, zeroPoints);
    }

    private static String dynamic(OnnxNode node) {
        float[] values = node.inputs().get(0).floats();
        byte[] codes = new byte[values.length];
        float[] scale = new float[1];
        int[] zeroPoint = new int[1];
        DynamicQuantizer.of(DynamicPolicy.ONNX, IntegerType.UINT8)
                .quantize(values, 0, codes, 0, 1, values.length, scale, zeroPoint);
        assertArrayEquals(IntegerOracle.pack(node.outputs().get(0).codes(), 8), codes, node.test());
        assertNear(node, node.outputs().get(1).floats(), scale);
        assertArrayEquals(node.outputs().get(2).codes(), zeroPoint, node.test());
        return "";
    }

    /** As ONNX's runner compares: {@code |actual - expected| <= atol + rtol |expected|}. */
    private static void assertNear(OnnxNode node, float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length, node.test());
        for (int i = 0; i < expected.length; i++) {
            if (Float.isNaN(expected[i]) || Float.isInfinite(expected[i])) {
                assertEquals(expected[i], actual[i], node.test());
            } else {
                assertEquals(
                        expected[i],
                        actual[i],
                        node.atol() + node.rtol() * Math.abs((double) expected[i]),
                        node.test() + " at " + i);
            }
        }
    }
}
