package dev.octant.benchmarks;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** {@code size} floats to codes; the floats are the larger array. */
public class QuantizeBenchmark extends BesideCopy {
    static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.025f, 3);

    @Param({"65536", "1048576"})
    public int size;

    float[] src;
    byte[] dst;
    private float[] copied;
    private TensorQuantizer quantizer;

    @Setup
    public void prepare() {
        src = Reals.normal(size);
        dst = new byte[size];
        copied = new float[size];
        quantizer = TensorQuantizer.of(PARAMS);
    }

    @Benchmark
    public byte[] quantize() {
        quantizer.quantize(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public void copy() {
        System.arraycopy(src, 0, copied, 0, size);
    }
}
