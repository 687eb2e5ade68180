// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.product;

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
import dev.octant.core.QuantType;
import dev.octant.layers.MatrixProduct;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * ONNX Runtime's {@code MatMulInteger} on one thread, with pinned memory: inputs are copied into direct buffers, as
 * large as the most rows so far, and tensors over their heads are kept for the last two numbers of rows.
 *
 * <p>A run costs two or three microseconds whatever its size, so products of fewer than {@value #SMALL} multiplications
 * ({@code rows x inputs x outputs}) are left to {@link MatrixProduct#java()}; weights that are only used so never load
 * anything native.
 *
 * <p>{@link MatrixProduct#fastest()} finds it as a service, and uses it only where its sums are those of {@link
 * MatrixProduct#java()}: on processors whose 8-bit products saturate they are not. Thread safe; calls with the same
 * weights wait for each other. ONNX Runtime's memory is given back after the weights have become garbage. A run that
 * ONNX Runtime refuses throws {@link IllegalStateException}.
 */
public final class OnnxRuntimeProduct implements MatrixProduct {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    /** Multiplications that Java has done by the time that a run of ONNX Runtime has begun. */
    private static final int SMALL = 1 << 15;

    /** For {@link java.util.ServiceLoader}. Loads nothing native. */
    public OnnxRuntimeProduct() {}

    /** With the version of the native library, which this loads; without, where that cannot be. */
    @Override
    public String name() {
        try {
            return "onnxruntime " + environment().getVersion();
        } catch (RuntimeException | LinkageError e) {
            return "onnxruntime";
        }
    }

    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }

    @Override
    public Prepared prepare(byte[] weights, int outputs, int inputs) {
        MatrixProduct.requireWeights(weights, outputs, inputs);
        byte[] columns = new byte[weights.length];
        for (int o = 0; o < outputs; o++) {
            for (int k = 0; k < inputs; k++) {
                columns[k * outputs + o] = weights[o * inputs + k];
            }
        }
        boolean canBeSmall = (long) outputs * inputs < SMALL;
        Prepared java = canBeSmall ? MatrixProduct.java().prepare(weights, outputs, inputs) : null;
        return new Weights(java, columns, outputs, inputs);
    }

    private static final class Weights implements Prepared {
        private final int outputs;
        private final int inputs;

        /** For small products; null where one row is too large for one. */
        private final Prepared java;

        /** By whether codes are signed: the models differ in a type. */
        private final Run signed;

        private final Run unsigned;

        private Weights(Prepared java, byte[] columns, int outputs, int inputs) {
            this.java = java;
            this.outputs = outputs;
            this.inputs = inputs;
            signed = new Run(columns, outputs, inputs, DataType.INT8, OnnxJavaType.INT8);
            unsigned = new Run(columns, outputs, inputs, DataType.UINT8, OnnxJavaType.UINT8);
            CLEANER.register(this, signed::close);
            CLEANER.register(this, unsigned::close);
        }

        @Override
        public int inputs() {
            return inputs;
        }

        @Override
        public int outputs() {
            return outputs;
        }

        @Override
        public void multiply(
                byte[] x, int xOffset, int rows, QuantType type, int zeroPoint, int[] sums, int sumsOffset) {
            requireBlocks(x, xOffset, rows, type, zeroPoint, sums, sumsOffset);
            if (java != null && (long) rows * inputs * outputs < SMALL) {
                java.multiply(x, xOffset, rows, type, zeroPoint, sums, sumsOffset);
            } else if (rows > 0) {
                (type.isSigned() ? signed : unsigned).multiply(x, xOffset, rows, zeroPoint, sums, sumsOffset);
            }
        }
    }

    /** Tensors over the heads of the buffers. */
    private record Head(int rows, OnnxTensor in, OnnxTensor out) {
        private void close() {
            in.close();
            out.close();
        }
    }

    /** A session, made at the first call, and the memory of the most rows. */
    private static final class Run {
        private final byte[] columns;
        private final int outputs;
        private final int inputs;
        private final DataType type;
        private final OnnxJavaType javaType;
        private OrtSession session;
        private OnnxTensor zero;
        private ByteBuffer zeroBytes;
        private int most;
        private ByteBuffer inBytes;
        private ByteBuffer outBytes;

        /** Of the last number of rows, and of that before: layers end on a shorter block. */
        private Head last;

        private Head before;

        private Run(byte[] columns, int outputs, int inputs, DataType type, OnnxJavaType javaType) {
            this.columns = columns;
            this.outputs = outputs;
            this.inputs = inputs;
            this.type = type;
            this.javaType = javaType;
        }

        private synchronized void multiply(
                byte[] x, int xOffset, int count, int zeroPoint, int[] sums, int sumsOffset) {
            try {
                open();
                Head head = head(count);
                inBytes.put(0, x, xOffset, count * inputs);
                zeroBytes.put(0, (byte) zeroPoint);
                session.run(Map.of("x", head.in(), "z", zero), Map.of("y", head.out()))
                        .close();
                outBytes.asIntBuffer().get(0, sums, sumsOffset, count * outputs);
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime must multiply, was refused: " + e.getMessage(), e);
            }
        }

        private void open() throws OrtException {
            if (session != null) {
                return;
            }
            OrtEnvironment environment = environment();
            try (SessionOptions options = new SessionOptions()) {
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                session = environment.createSession(model(), options);
            }
            zeroBytes = direct(1);
            zero = OnnxTensor.createTensor(environment, zeroBytes, new long[0], javaType);
        }

        private Head head(int rows) throws OrtException {
            if (last != null && last.rows() == rows) {
                return last;
            }
            if (before == null || before.rows() != rows) {
                make(rows);
            }
            Head head = before;
            before = last;
            last = head;
            return head;
        }

        /** Instead of the one before; where the buffers are too small, instead of both. */
        private void make(int rows) throws OrtException {
            if (before != null) {
                before.close();
                before = null;
            }
            if (rows > most) {
                closeTensors();
                most = 0;
                inBytes = direct((long) rows * inputs);
                outBytes = direct((long) rows * outputs * Integer.BYTES);
                most = rows;
            }
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            ByteBuffer inHead = inBytes.slice(0, rows * inputs).order(ByteOrder.nativeOrder());
            ByteBuffer outHead =
                    outBytes.slice(0, rows * outputs * Integer.BYTES).order(ByteOrder.nativeOrder());
            OnnxTensor in = OnnxTensor.createTensor(environment, inHead, new long[] {rows, inputs}, javaType);
            OnnxTensor out;
            try {
                out = OnnxTensor.createTensor(environment, outHead, new long[] {rows, outputs}, OnnxJavaType.INT32);
            } catch (OrtException e) {
                in.close();
                throw e;
            }
            before = new Head(rows, in, out);
        }

        private static ByteBuffer direct(long bytes) {
            if (bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "codes and sums of a product must each fit 2147483647 bytes, would be " + bytes);
            }
            return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
        }

        private void closeTensors() {
            if (last != null) {
                last.close();
                last = null;
            }
            if (before != null) {
                before.close();
                before = null;
            }
        }

        private synchronized void close() {
            closeTensors();
            try {
                if (zero != null) {
                    zero.close();
                }
                if (session != null) {
                    session.close();
                }
            } catch (OrtException e) {
                // Nobody waits for it; the memory is lost.
            }
        }

        private byte[] model() {
            GraphProto.Builder graph = GraphProto.newBuilder()
                    .setName("product")
                    .addInput(value("x", type, -1, inputs))
                    .addInput(value("z", type))
                    .addOutput(value("y", DataType.INT32, -1, outputs))
                    .addInitializer(TensorProto.newBuilder()
                            .setName("w")
                            .setDataType(DataType.INT8.getNumber())
                            .addDims(inputs)
                            .addDims(outputs)
                            .setRawData(ByteString.copyFrom(columns)))
                    .addNode(NodeProto.newBuilder()
                            .setOpType("MatMulInteger")
                            .addInput("x")
                            .addInput("w")
                            .addInput("z")
                            .addOutput("y"));
            return ModelProto.newBuilder()
                    .setIrVersion(IR_VERSION)
                    .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                    .setGraph(graph)
                    .build()
                    .toByteArray();
        }

        /** A length of -1 is any. */
        private static ValueInfoProto value(String name, DataType type, long... shape) {
            TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
            tensor.getShapeBuilder();
            for (long length : shape) {
                tensor.getShapeBuilder()
                        .addDim(
                                length < 0
                                        ? Dimension.newBuilder().setDimParam("rows")
                                        : Dimension.newBuilder().setDimValue(length));
            }
            return ValueInfoProto.newBuilder()
                    .setName(name)
                    .setType(TypeProto.newBuilder().setTensorType(tensor))
                    .build();
        }
    }
}
