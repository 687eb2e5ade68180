package dev.octant.benchmarks;

import dev.octant.observers.HistogramObserver;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** {@code size} floats into one histogram that has already seen their range. */
public class HistogramBenchmark extends BesideCopy {
    @Param("65536")
    public int size;

    float[] src;
    private float[] copied;
    private HistogramObserver observer;

    @Setup
    public void prepare() {
        src = Reals.normal(size);
        copied = new float[size];
        observer = new HistogramObserver();
    }

    @Benchmark
    public HistogramObserver observe() {
        observer.observe(src, 0, size);
        return observer;
    }

    @Override
    public void copy() {
        System.arraycopy(src, 0, copied, 0, size);
    }
}
