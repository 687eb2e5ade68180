// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.benchmarks.work.ArithmeticBenchmark.AddBenchmark;
import dev.octant.benchmarks.work.ArithmeticBenchmark.MultiplyBenchmark;
import dev.octant.benchmarks.work.TableBenchmark.SigmoidBenchmark;
import dev.octant.benchmarks.work.TableBenchmark.SiluBenchmark;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import dev.octant.ops.QuantizedBinary;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * ONNX Runtime does the same work: equal where Octant promises its arithmetic, and as far apart as the roundings
 * between its nodes allow where Octant rounds once.
 */
class EngineTest {
    private static final int SIZE = 1 << 16;

    /** Its kernels for other processors round a sum or a product otherwise; see {@link Profile}. */
    private static final int TOLERANCE = System.getProperty("os.arch").equals("amd64") ? 0 : 1;

    @BeforeAll
    static void itsLibraryIsForThisPlatform() {
        try {
            OrtEnvironment.getEnvironment();
        } catch (LinkageError | RuntimeException e) {
            Assumptions.abort("ONNX Runtime has no library for this platform: " + e);
        }
    }

    @Test
    void sigmoid() throws Exception {
        SigmoidBenchmark b = new SigmoidBenchmark();
        run(b);
        assertClose(b.dst, b.engine, 0);
    }

    @Test
    void quantize() throws Exception {
        QuantizeBenchmark b = new QuantizeBenchmark();
        run(b);
        assertClose(b.dst, b.engine, 0);
        QuantizeBenchmark.QuantizeUint8Benchmark unsigned = new QuantizeBenchmark.QuantizeUint8Benchmark();
        run(unsigned);
        assertClose(unsigned.dst, unsigned.engine, 0);
    }

    @Test
    void channels() throws Exception {
        for (ChannelBenchmark b : new ChannelBenchmark[] {
            new ChannelBenchmark.ChannelFirstBenchmark(),
            new ChannelBenchmark.ChannelLastBenchmark(),
            new ChannelBenchmark.ShortRowsBenchmark()
        }) {
            run(b);
            assertClose(b.dst, b.engine, 0);
        }
    }

    @Test
    void dequantize() throws Exception {
        DequantizeBenchmark b = new DequantizeBenchmark();
        run(b);
        float[] theirs = new float[SIZE];
        b.engine.buffer("y").asFloatBuffer().get(theirs);
        assertArrayEquals(theirs, b.dst);
        DequantizeBenchmark.DequantizeUint8Benchmark unsigned = new DequantizeBenchmark.DequantizeUint8Benchmark();
        run(unsigned);
        unsigned.engine.buffer("y").asFloatBuffer().get(theirs);
        assertArrayEquals(theirs, unsigned.dst);
    }

    @Test
    void requantize() throws Exception {
        RequantizeBenchmark b = new RequantizeBenchmark();
        run(b);
        assertClose(b.dst, b.engine, 0);
    }

    @Test
    void addAndMultiply() throws Exception {
        AddBenchmark add = new AddBenchmark();
        run(add);
        assertClose(add.dst, add.engine, TOLERANCE);
        MultiplyBenchmark multiply = new MultiplyBenchmark();
        run(multiply);
        assertClose(multiply.dst, multiply.engine, TOLERANCE);
    }

    /** Its profile repeats its sums of floats; the default adds in double, which differs only next to a tie. */
    @Test
    void softmax() throws Exception {
        SoftmaxBenchmark.EngineSoftmaxBenchmark same = new SoftmaxBenchmark.EngineSoftmaxBenchmark();
        run(same);
        assertClose(same.dst, same.engine, 0);
        SoftmaxBenchmark b = new SoftmaxBenchmark();
        run(b);
        assertClose(b.dst, b.engine, 1);
    }

    /** Float against double: one code at most, next to a tie. */
    @Test
    void silu() throws Exception {
        SiluBenchmark b = new SiluBenchmark();
        run(b);
        assertClose(b.dst, b.engine, 1);
    }

    @Test
    void linear() throws Exception {
        for (LinearBenchmark b :
                new LinearBenchmark[] {new LinearBenchmark(), new LinearBenchmark.AdapterLinearBenchmark()}) {
            run(b);
            assertClose(b.dst, b.engine, TOLERANCE);
        }
    }

    /** Its three nodes are Octant's three of its profile, and leave the exact value by what each rounding may add. */
    @Test
    void swiglu() throws Exception {
        SwigluBenchmark b = new SwigluBenchmark();
        run(b);
        byte[] theirs = new byte[SIZE];
        b.engine.buffer("y").get(theirs);

        QuantizedActivation sigmoid = QuantizedActivation.compile(
                Activation.SIGMOID, SwigluBenchmark.GATE, SwigluBenchmark.SIGMOID, Profile.ONNX_RUNTIME);
        QuantizedBinary silu = QuantizedBinary.multiply(
                SwigluBenchmark.GATE, SwigluBenchmark.SIGMOID, SwigluBenchmark.SILU, Profile.ONNX_RUNTIME);
        QuantizedBinary product = QuantizedBinary.multiply(
                SwigluBenchmark.SILU, SwigluBenchmark.VALUE, SwigluBenchmark.OUTPUT, Profile.ONNX_RUNTIME);
        for (int i = 0; i < SIZE; i++) {
            int g = b.left[i];
            int s = silu.apply(g, sigmoid.apply(g));
            assertTrue(Math.abs(product.apply(s, b.right[i]) - theirs[i]) <= TOLERANCE);
            // Half a step of the sigmoid, times the gate; half a step of the SiLU; both times the value; half a code
            // each.
            double error = (Math.abs(real(SwigluBenchmark.GATE, g)) * SwigluBenchmark.SIGMOID.scale()
                            + SwigluBenchmark.SILU.scale())
                    * Math.abs(real(SwigluBenchmark.VALUE, b.right[i]))
                    / 2;
            boolean saturated = s == SwigluBenchmark.SILU.type().high();
            assertTrue(saturated || Math.abs(b.dst[i] - theirs[i]) <= error / SwigluBenchmark.OUTPUT.scale() + 1.001);
        }
    }

    private static double real(QuantParams params, int code) {
        return (code - params.zeroPoint()) * (double) params.scale();
    }

    /** The work, and all its peers. */
    private static void run(BesidePeers benchmark) throws Exception {
        benchmark.size = SIZE;
        benchmark.prepare();
        benchmark.call();
        Map<Peer, Runnable> peers = benchmark.peers();
        assertTrue(peers.containsKey(Peer.ENGINE));
        peers.values().forEach(Runnable::run);
    }

    private static void assertClose(byte[] ours, OnnxRun engine, int tolerance) {
        byte[] theirs = new byte[ours.length];
        engine.buffer("y").get(theirs);
        engine.close();
        int differences = 0;
        for (int i = 0; i < ours.length; i++) {
            int place = i;
            // Raw bytes, so that both types are compared alike; nothing here wraps from one end to the other.
            assertTrue(
                    Math.abs(ours[i] - theirs[i]) <= tolerance,
                    () -> ours[place] + " for " + theirs[place] + " at " + place);
            differences += ours[i] == theirs[i] ? 0 : 1;
        }
        assertTrue(differences <= ours.length / 50, differences + " differ");
        assertEquals(ours.length, theirs.length);
    }
}
