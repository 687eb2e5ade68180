// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A model in ONNX Runtime, set up for speed on one thread: all optimisations, sequential, and direct buffers of its own
 * pinned as inputs and outputs, so that a run copies and allocates no tensor. Not thread safe.
 */
public final class OnnxRun implements Runnable, AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final OrtSession session;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    private OnnxRun(OrtSession session) throws OrtException {
        this.session = session;
        for (NodeInfo node : session.getInputInfo().values()) {
            inputs.put(node.getName(), tensor(node));
        }
        for (NodeInfo node : session.getOutputInfo().values()) {
            outputs.put(node.getName(), tensor(node));
        }
    }

    /** Loads a model. */
    public static OnnxRun of(OnnxGraph graph) {
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            return new OnnxRun(OrtEnvironment.getEnvironment().createSession(graph.toBytes(), options));
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The memory of an input or output, from its begin to its end. */
    public ByteBuffer buffer(String name) {
        return Objects.requireNonNull(buffers.get(name), name).duplicate().order(ByteOrder.nativeOrder());
    }

    @Override
    public void run() {
        try {
            session.run(inputs, outputs).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private OnnxTensor tensor(NodeInfo node) throws OrtException {
        TensorInfo info = (TensorInfo) node.getInfo();
        int bytes = Math.toIntExact(info.getNumElements() * info.type.size);
        // Both ends of an aligned slice are: one more multiple for each.
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes + 2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, bytes)
                .order(ByteOrder.nativeOrder());
        buffers.put(node.getName(), buffer);
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, info.getShape(), info.type);
    }
}
