// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.benchmarks.Measurement.Iteration;
import dev.octant.benchmarks.work.Peer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class RatiosTest {
    private static final int SMALL = 1 << 12;

    /** A very short run in this JVM: what a target names must arrive beside the work, and a copy wherever data move. */
    @ParameterizedTest
    @EnumSource(Work.class)
    void everyWorkIsMeasuredBesideItsPeers(Work work) throws RunnerException {
        Measurement m = Ratios.run(
                work,
                Ratios.options(work, SMALL)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(2)
                        .measurementTime(TimeValue.milliseconds(5)),
                OutputFormatFactory.createFormatInstance(
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                        VerboseMode.SILENT));
        assertEquals(SMALL, m.size());
        assertEquals(2, m.iterations().size());
        assertEquals(work.isHot(), m.has(Peer.COPY));
        for (int size : work.sizes()) {
            for (Target target : work.targets(size)) {
                assertTrue(!(target instanceof Target.Ratio ratio) || m.has(ratio.peer()), target::toString);
            }
        }
        for (Iteration iteration : m.iterations()) {
            for (double nanos : iteration.peers().values()) {
                // Faster than a terabyte per second, or slower than a second, is no measurement.
                assertTrue(nanos > SMALL / 1000.0 && nanos < 1e9, m::toString);
            }
            assertTrue(iteration.nanos() > SMALL / 1000.0, m::toString);
        }
    }

    @Test
    void everyTargetBelongsToASizeThatIsMeasured() {
        for (Work work : Work.values()) {
            assertTrue(!work.isHot() || work.sizes().contains(Work.COMMON_SIZE), work::title);
        }
        assertEquals(
                36,
                Stream.of(Work.values())
                        .flatMap(work -> work.sizes().stream().map(work::targets))
                        .mapToLong(List::size)
                        .sum());
    }

    @Test
    void workIsChosenByItsNameOrClass() {
        assertEquals(List.of(Work.SIGMOID), Work.matching("sigmoid").toList());
        assertEquals(
                List.of(Work.SOFTMAX, Work.ENGINE_SOFTMAX),
                Work.matching("SoftmaxBench").toList());
        assertEquals(Work.values().length, Work.matching("").count());
        assertEquals(List.of(), Work.matching("none of them").toList());
    }

    @Test
    void theRatioIsThatOfTheMedians() {
        Measurement m = new Measurement(
                Work.SILU,
                4000,
                List.of(
                        iteration(1000, 2000, 50_000),
                        iteration(4000, 1000, 10_000),
                        iteration(2000, 4000, 40_000),
                        iteration(3000, 3000, 20_000)));
        assertEquals(2500, m.nanos());
        assertEquals(1.0, m.ratio(Peer.COPY));
        assertEquals(0.25, m.leastRatio(Peer.COPY));
        assertEquals(2.0, m.mostRatio(Peer.COPY));
        assertEquals(12.0, m.ratio(Peer.ENGINE));
        assertTrue(Double.isNaN(m.ratio(Peer.HEAP)));
        assertFalse(m.has(Peer.HEAP));
        assertEquals(7, m.bytes());
    }

    @Test
    void theReportIsAMarkdownTable() {
        String text = report().markdown();
        String table = text.substring(text.indexOf("Machine: "));
        assertEquals("""
                Machine: Some CPU, 2 processors, Linux; JDK: Some JDK 25

                | work | elements | µs | × copy | × ONNX Runtime | × heap | × scalar | bytes | target | reached |
                |---|---:|---:|---:|---:|---:|---:|---:|---|---|
                | sigmoid table | 65,536 | 2.00 | 1.00 (1.00..1.00) | 9.00 (9.00..9.00) |  | 20.0 \
                | 0 | ≥ 0.95 × copy; ≥ 10 × ONNX Runtime | yes; **no** |
                | sigmoid table | 1,048,576 | 40.0 | 0.75 (0.75..0.75) | 1,500 (1,500..1,500) |  | \
                 | 0 | ≥ 0.95 × copy; ≥ 10 × ONNX Runtime | **no**; yes |
                | compile one table | 256 | 20.0 |  |  |  |  |  | ≤ 20 µs | yes |

                Kernels:

                - table: some kernel
                """, table);
    }

    /** The figures of {@link #theReportIsAMarkdownTable()}. */
    static Report report() {
        return new Report(
                new Machine("Some CPU", 2, "Linux", "Some JDK 25"),
                List.of(
                        new Measurement(Work.SIGMOID, 65536, List.of(iteration(2000, 2000, 18_000))),
                        new Measurement(Work.SIGMOID, 1 << 20, List.of(iteration(40_000, 30_000, 60_000_000))),
                        new Measurement(Work.COMPILE, 256, List.of(new Iteration(20_000, 9000, Map.of())))),
                Map.of(Work.SIGMOID, new Measurement(Work.SIGMOID, 65536, List.of(iteration(60_000, 3000, 18_000)))),
                Map.of(Work.SIGMOID, 0.25),
                List.of("table: some kernel"));
    }

    private static Iteration iteration(double nanos, double copy, double engine) {
        Map<Peer, Double> peers = new EnumMap<>(Peer.class);
        peers.put(Peer.COPY, copy);
        peers.put(Peer.ENGINE, engine);
        return new Iteration(nanos, 7, Collections.unmodifiableMap(peers));
    }

    @Test
    void measurementsWithoutIterationsAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Measurement(Work.SIGMOID, 1, List.of()))
                .getMessage();
        assertEquals("iterations of sigmoid table must be at least one, were none", message);
    }

    @Test
    void theCpuIsTheOneTheSystemNames() throws IOException {
        assertEquals("A B", Machine.cpu(List.of("processor : 0", "model name\t: A B", "model name\t: C"), "x"));
        assertEquals("aarch64", Machine.cpu(List.of("processor : 0"), "aarch64"));
        assertTrue(Machine.current().toString().contains(System.getProperty("java.runtime.version")));
    }
}
