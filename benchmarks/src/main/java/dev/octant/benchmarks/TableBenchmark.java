package dev.octant.benchmarks;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import dev.octant.ops.QuantizedActivation;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A SiLU table applied to random codes: {@code size} bytes in, as many out. */
public class TableBenchmark extends BesideCopy {
    static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.025f, -116);

    @Param({"65536", "1048576"})
    public int size;

    byte[] src;
    byte[] dst;
    private byte[] copied;
    private LookupTable table;

    @Setup
    public void prepare() {
        src = new byte[size];
        new Random(42).nextBytes(src);
        dst = new byte[size];
        copied = new byte[size];
        table = QuantizedActivation.compile(Activation.SILU, INPUT, OUTPUT).table();
    }

    @Benchmark
    public byte[] table() {
        table.apply(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public void copy() {
        System.arraycopy(src, 0, copied, 0, size);
    }
}
