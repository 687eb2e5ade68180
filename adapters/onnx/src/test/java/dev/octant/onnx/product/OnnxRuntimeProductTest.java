// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.product;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.protobuf.ByteString;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.Conv2dShape;
import dev.octant.layers.MatrixProduct;
import dev.octant.layers.QuantizedConv2d;
import dev.octant.layers.QuantizedWeights;
import dev.octant.layers.SumsToCodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ONNX Runtime's sums beside Octant's, and Octant's convolution beside QLinearConv. */
class OnnxRuntimeProductTest {
    private final Random random = new Random(8);

    /** What is found must have given Octant's sums, or is not used. */
    @Test
    void isFoundAsAService() {
        String name = MatrixProduct.fastest().name();
        assertTrue(name.matches("onnxruntime [0-9.]+|java"), name);
        assertTrue(MatrixProduct.fastestReason().contains(name + " is used: "), MatrixProduct.fastestReason());
        assertTrue(new OnnxRuntimeProduct().name().matches("onnxruntime [0-9.]+"));
    }

    @Test
    void sumsOfEveryTypeAndNumberOfRows() {
        OnnxRuntimeProduct product = new OnnxRuntimeProduct();
        MatrixProduct.Prepared found = product.prepare(bytes(35 * 70), 35, 70);
        assertEquals(70, found.inputs());
        assertEquals(35, found.outputs());
        for (int trial = 0; trial < 40; trial++) {
            int inputs = 1 + random.nextInt(100);
            int outputs = 20 + random.nextInt(50);
            // Products of 7-bit weights do not saturate on any processor.
            byte[] w = bytes(inputs * outputs);
            for (int i = 0; i < w.length; i++) {
                w[i] = (byte) (w[i] / 2);
            }
            MatrixProduct.Prepared java = MatrixProduct.java().prepare(w, outputs, inputs);
            MatrixProduct.Prepared engine = product.prepare(w, outputs, inputs);
            for (int rows : new int[] {1, 7, 7, 48, 3}) {
                for (QuantType type : QuantType.values()) {
                    byte[] x = bytes(rows * inputs + 2);
                    int zero = type.low() + random.nextInt(type.levels());
                    int[] expected = new int[rows * outputs + 1];
                    int[] actual = new int[rows * outputs + 1];
                    java.multiply(x, 2, rows, type, zero, expected, 1);
                    engine.multiply(x, 2, rows, type, zero, actual, 1);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    /** Rows in any order, so that buffers grow and tensors over their heads come and go; small ones are Java's. */
    @Test
    void rowsInAnyOrder() {
        byte[] w = bytes(64 * 90);
        for (int i = 0; i < w.length; i++) {
            w[i] = (byte) (w[i] / 2);
        }
        MatrixProduct.Prepared java = MatrixProduct.java().prepare(w, 90, 64);
        MatrixProduct.Prepared engine = new OnnxRuntimeProduct().prepare(w, 90, 64);
        for (int rows : new int[] {48, 6, 48, 6, 49, 48, 1, 100, 7, 99, 7, 99, 100, 5, 0, 60}) {
            byte[] x = bytes(rows * 64);
            int[] expected = new int[rows * 90];
            int[] actual = new int[rows * 90];
            java.multiply(x, 0, rows, QuantType.UINT8, 7, expected, 0);
            engine.multiply(x, 0, rows, QuantType.UINT8, 7, actual, 0);
            assertArrayEquals(expected, actual, rows + " rows");
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> engine.multiply(bytes(64), 0, 1, QuantType.UINT8, 1000, new int[90], 0));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void convolutionsAreThoseOfQLinearConv() throws OrtException {
        int codes = 0;
        for (int trial = 0; trial < 200; trial++) {
            int groups = 1 + random.nextInt(3);
            Conv2dShape shape = new Conv2dShape(
                    groups * (1 + random.nextInt(4)),
                    5 + random.nextInt(10),
                    5 + random.nextInt(10),
                    groups * (1 + random.nextInt(5)),
                    1 + random.nextInt(3),
                    1 + random.nextInt(3),
                    1 + random.nextInt(3),
                    1 + random.nextInt(2),
                    random.nextInt(3),
                    random.nextInt(3),
                    1 + random.nextInt(2),
                    1 + random.nextInt(2),
                    groups);
            QuantParams input = QuantParams.of(QuantType.UINT8, scale(0.02), random.nextInt(256));
            // On processors without VNNI ONNX Runtime's products of full int8 weights saturate.
            float[] floats = new float[shape.outputChannels() * shape.inputs()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) random.nextGaussian() * 0.3f;
            }
            byte[] w = QuantizedWeights.quantize(floats, shape.outputChannels()).codes();
            float[] scales = new float[shape.outputChannels()];
            int[] bias = new int[scales.length];
            for (int o = 0; o < scales.length; o++) {
                scales[o] = scale(0.004);
                bias[o] = random.nextInt(8000) - 4000;
            }
            for (int i = 0; i < w.length; i++) {
                w[i] = (byte) (w[i] / 2);
            }
            QuantizedWeights weights = QuantizedWeights.of(w, shape.outputChannels(), scales);
            QuantParams output = QuantParams.of(QuantType.UINT8, scale(0.05), random.nextInt(256));
            byte[] x = bytes(2 * shape.imageLength());
            byte[] expected = engine(shape, input, w, scales, bias, output, x);
            SumsToCodes end = SumsToCodes.engine(input, weights, output, Profile.ONNX_RUNTIME);
            for (MatrixProduct product : new MatrixProduct[] {MatrixProduct.java(), new OnnxRuntimeProduct()}) {
                byte[] actual = new byte[expected.length];
                QuantizedConv2d.of(shape, input, weights, bias, end, product).apply(x, 0, 2, actual, 0);
                assertArrayEquals(expected, actual, shape + ", " + product.name());
            }
            codes += expected.length;
        }
        assertTrue(codes > 50_000, "codes " + codes);
    }

    private float scale(double middle) {
        return (float) (middle * Math.exp(random.nextGaussian() * 0.3));
    }

    private static byte[] engine(
            Conv2dShape s, QuantParams input, byte[] w, float[] scales, int[] bias, QuantParams output, byte[] x)
            throws OrtException {
        byte[] scaleRaw = new byte[4 * scales.length];
        byte[] biasRaw = new byte[4 * bias.length];
        ByteBuffer scaleBytes = ByteBuffer.wrap(scaleRaw).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer biasBytes = ByteBuffer.wrap(biasRaw).order(ByteOrder.LITTLE_ENDIAN);
        for (int o = 0; o < bias.length; o++) {
            scaleBytes.putFloat(scales[o]);
            biasBytes.putInt(bias[o]);
        }
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("convolution")
                .addInput(value("x", DataType.UINT8, 2, s.inputChannels(), s.height(), s.width()))
                .addOutput(value("y", DataType.UINT8, 2, s.outputChannels(), s.outputHeight(), s.outputWidth()))
                .addInitializer(constant("xs", DataType.FLOAT, scale(input)))
                .addInitializer(constant("xz", DataType.UINT8, new byte[] {(byte) input.zeroPoint()}))
                .addInitializer(constant(
                        "w", DataType.INT8, w, s.outputChannels(), s.groupInputs(), s.kernelHeight(), s.kernelWidth()))
                .addInitializer(constant("ws", DataType.FLOAT, scaleRaw, scales.length))
                .addInitializer(constant("wz", DataType.INT8, new byte[scales.length], scales.length))
                .addInitializer(constant("ys", DataType.FLOAT, scale(output)))
                .addInitializer(constant("yz", DataType.UINT8, new byte[] {(byte) output.zeroPoint()}))
                .addInitializer(constant("b", DataType.INT32, biasRaw, bias.length));
        NodeProto.Builder node = NodeProto.newBuilder().setOpType("QLinearConv").addOutput("y");
        for (String name : new String[] {"x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"}) {
            node.addInput(name);
        }
        node.addAttribute(ints("strides", s.strideY(), s.strideX()));
        node.addAttribute(ints("pads", s.paddingY(), s.paddingX(), s.paddingY(), s.paddingX()));
        node.addAttribute(ints("dilations", s.dilationY(), s.dilationX()));
        node.addAttribute(AttributeProto.newBuilder()
                .setName("group")
                .setType(AttributeProto.AttributeType.INT)
                .setI(s.groups()));
        byte[] model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph.addNode(node))
                .build()
                .toByteArray();
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        ByteBuffer codes = ByteBuffer.allocateDirect(x.length).put(0, x);
        long[] shape = {2, s.inputChannels(), s.height(), s.width()};
        try (SessionOptions options = new SessionOptions();
                OrtSession session = environment.createSession(model, options);
                OnnxTensor tensor = OnnxTensor.createTensor(environment, codes, shape, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("x", tensor))) {
            ByteBuffer y = ((OnnxTensor) result.get(0)).getByteBuffer();
            byte[] bytes = new byte[y.remaining()];
            y.get(bytes);
            return bytes;
        }
    }

    private static byte[] scale(QuantParams params) {
        byte[] raw = new byte[4];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).putFloat(params.scale());
        return raw;
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private static TensorProto constant(String name, DataType type, byte[] raw, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(raw));
        for (long length : shape) {
            tensor.addDims(length);
        }
        return tensor.build();
    }

    private static ValueInfoProto value(String name, DataType type, long... shape) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
        for (long length : shape) {
            tensor.getShapeBuilder().addDim(Dimension.newBuilder().setDimValue(length));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
