package dev.octant.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.ReferenceFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is timed is also right: every benchmark's body, at any size, against the oracle. */
class BenchmarkBodiesProperties {
    private static Grid grid(QuantParams params) {
        return Grid.int8(params.scale(), params.zeroPoint());
    }

    @Property(tries = 50)
    void tableIsTheOracles(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        TableBenchmark benchmark = new TableBenchmark();
        benchmark.size = size;
        benchmark.prepare();
        int[] expected =
                Oracle.table(ReferenceFunction.of("silu"), grid(TableBenchmark.INPUT), grid(TableBenchmark.OUTPUT));
        assertSame(benchmark.dst, benchmark.table());
        for (int i = 0; i < size; i++) {
            assertEquals(expected[benchmark.src[i] + 128], benchmark.dst[i]);
        }
    }

    @Property(tries = 50)
    void quantizeIsTheOracles(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        QuantizeBenchmark benchmark = new QuantizeBenchmark();
        benchmark.size = size;
        benchmark.prepare();
        assertSame(benchmark.dst, benchmark.quantize());
        for (int i = 0; i < size; i++) {
            assertEquals(Oracle.quantize(benchmark.src[i], grid(QuantizeBenchmark.PARAMS)), benchmark.dst[i]);
        }
    }

    @Property(tries = 50)
    void dequantizeIsTheOracles(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        DequantizeBenchmark benchmark = new DequantizeBenchmark();
        benchmark.size = size;
        benchmark.prepare();
        benchmark.copy();
        assertArrayEquals(Reals.normal(size), benchmark.dst);
        assertSame(benchmark.dst, benchmark.dequantize());
        for (int i = 0; i < size; i++) {
            assertEquals(Oracle.dequantize(benchmark.src[i], grid(DequantizeBenchmark.PARAMS)), benchmark.dst[i]);
        }
    }

    @Property(tries = 50)
    void observeCountsEveryValue(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        HistogramBenchmark benchmark = new HistogramBenchmark();
        benchmark.size = size;
        benchmark.prepare();
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (float x : benchmark.src) {
            min = Math.min(min, x);
            max = Math.max(max, x);
        }
        assertEquals(RealRange.of(min, max), benchmark.observe().summary().range());
        assertEquals(2L * size, benchmark.observe().summary().counts().count());
    }
}
