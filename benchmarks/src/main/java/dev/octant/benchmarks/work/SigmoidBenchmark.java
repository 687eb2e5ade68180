// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import dev.octant.ops.QuantizedActivation;
import java.util.Map;

/** Sigmoid as one table, beside {@code QLinearSigmoid}: {@code size} codes in, as many out. */
public class SigmoidBenchmark extends BesidePeers {
    static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams OUTPUT =
            Activation.SIGMOID.fixedOutput(QuantType.INT8).orElseThrow();

    byte[] src;
    byte[] dst;
    OnnxRun engine;
    private LookupTable table;

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new byte[size];
        table = QuantizedActivation.compile(Activation.SIGMOID, INPUT, OUTPUT, Profile.ONNX_RUNTIME)
                .table();
    }

    @Override
    public byte[] call() {
        table.apply(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("x", INPUT, size)
                .codesOut("y", OUTPUT, size)
                .node(OnnxGraph.MICROSOFT, "QLinearSigmoid", "y", "x", "x.scale", "x.zero", "y.scale", "y.zero"));
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
