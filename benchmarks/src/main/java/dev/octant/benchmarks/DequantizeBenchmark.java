package dev.octant.benchmarks;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** {@code size} codes to floats; the floats are the larger array. */
public class DequantizeBenchmark extends BesideCopy {
    static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.025f, 3);

    @Param({"65536", "1048576"})
    public int size;

    byte[] src;
    float[] dst;
    private float[] reals;
    private TensorQuantizer quantizer;

    @Setup
    public void prepare() {
        src = new byte[size];
        new Random(42).nextBytes(src);
        dst = new float[size];
        reals = Reals.normal(size);
        quantizer = TensorQuantizer.of(PARAMS);
    }

    @Benchmark
    public float[] dequantize() {
        quantizer.dequantize(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public void copy() {
        System.arraycopy(reals, 0, dst, 0, size);
    }
}
