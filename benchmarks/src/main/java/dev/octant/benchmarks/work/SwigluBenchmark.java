// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedBinary;
import java.util.Map;

/** SiLU of a gate times a value, rounded once, beside three nodes that round three times. */
public class SwigluBenchmark extends BesidePeers {
    static final QuantParams GATE = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams VALUE = QuantParams.of(QuantType.INT8, 0.03f, -5);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.05f, 7);
    static final QuantParams SIGMOID =
            Activation.SIGMOID.fixedOutput(QuantType.INT8).orElseThrow();
    static final QuantParams SILU = QuantParams.of(QuantType.INT8, 0.025f, -116);

    byte[] gate;
    byte[] value;
    byte[] dst;
    OnnxRun engine;
    private QuantizedBinary swiglu;

    @Override
    public void prepare() {
        gate = Data.codes(size, 1);
        value = Data.codes(size, 2);
        dst = new byte[size];
        swiglu = QuantizedBinary.gated(Activation.SILU, GATE, VALUE, OUTPUT);
    }

    @Override
    public byte[] call() {
        swiglu.apply(gate, 0, value, 0, dst, 0, size);
        return dst;
    }

    /** All three nodes work on codes. */
    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("g", GATE, size)
                .codesIn("v", VALUE, size)
                .codesBetween("s", SIGMOID)
                .codesBetween("t", SILU)
                .codesOut("y", OUTPUT, size)
                .node(OnnxGraph.MICROSOFT, "QLinearSigmoid", "s", "g", "g.scale", "g.zero", "s.scale", "s.zero")
                .node(OnnxGraph.MICROSOFT, "QLinearMul", "t", product("g", "s", "t"))
                .node(OnnxGraph.MICROSOFT, "QLinearMul", "y", product("t", "v", "y")));
        engine.buffer("g").put(gate);
        engine.buffer("v").put(value);
        return Map.of(Peer.COPY, () -> System.arraycopy(gate, 0, copied, 0, size), Peer.ENGINE, engine);
    }

    private static String[] product(String a, String b, String y) {
        return new String[] {a, a + ".scale", a + ".zero", b, b + ".scale", b + ".zero", y + ".scale", y + ".zero"};
    }
}
