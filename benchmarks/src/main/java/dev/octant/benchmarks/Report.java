// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.benchmarks.work.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The table of a run. No date: the same figures give the same text.
 *
 * @param machine what it ran on
 * @param measurements in the order of the rows
 * @param scalar hot work at {@link Work#COMMON_SIZE} with {@code octant.vector=off}
 * @param bytes what a call of hot work allocates, by JMH's gc profiler, measured without peers
 * @param choices which kernels the JVM used, one line each
 */
record Report(
        Machine machine,
        List<Measurement> measurements,
        Map<Work, Measurement> scalar,
        Map<Work, Double> bytes,
        List<String> choices) {
    Report {
        measurements = List.copyOf(measurements);
        scalar = Map.copyOf(scalar);
        bytes = Map.copyOf(bytes);
        choices = List.copyOf(choices);
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("""
                Ratios: time of the peer / time of the work, one thread; 1.0 is the peer's speed, more is faster. Work
                and peers take turns in the same JVM; ratio of their medians, and behind it the least and the largest of
                single iterations. Two JVMs for rows with a target, one for the others. Copy: `System.arraycopy` of the
                larger array (direct buffers: `ByteBuffer.put`). ONNX Runtime: one thread, direct buffers pinned as
                input and output. Heap: the same call on arrays. × scalar: beside the scalar loops,
                `-Doctant.vector=off`, in a JVM of their own. Bytes: allocated per call, JMH's gc profiler.

                """);
        text.append("Machine: ").append(machine).append("\n\n");
        text.append(
                "| work | elements | µs | × copy | × ONNX Runtime | × heap | × scalar | bytes | target | reached |\n");
        text.append("|---|---:|---:|---:|---:|---:|---:|---:|---|---|\n");
        measurements.forEach(m -> text.append(row(m)));
        text.append("\nKernels:\n\n");
        choices.forEach(choice -> text.append("- ").append(choice).append('\n'));
        return text.toString();
    }

    private String row(Measurement m) {
        List<String> targets = new ArrayList<>();
        List<String> reached = new ArrayList<>();
        for (Target target : m.work().targets(m.size())) {
            targets.add(target.toString());
            reached.add(target.reached(m) ? "yes" : "**no**");
        }
        return "| "
                + String.join(
                        " | ",
                        m.work().title(),
                        String.format(Locale.ROOT, "%,d", m.size()),
                        digits(m.nanos() / 1000),
                        ratio(m, Peer.COPY),
                        ratio(m, Peer.ENGINE),
                        ratio(m, Peer.HEAP),
                        digits(overScalar(m)),
                        bytes.containsKey(m.work()) ? String.format(Locale.ROOT, "%.0f", bytes.get(m.work())) : "",
                        String.join("; ", targets),
                        String.join("; ", reached))
                + " |\n";
    }

    /** How many times as fast as the scalar loop; by the copies beside both, which ran in different JVMs. */
    double overScalar(Measurement m) {
        Measurement other = scalar.get(m.work());
        if (other == null || m.size() != other.size()) {
            return Double.NaN;
        }
        return m.ratio(Peer.COPY) / other.ratio(Peer.COPY);
    }

    private static String ratio(Measurement m, Peer peer) {
        return m.has(peer)
                ? digits(m.ratio(peer)) + " (" + digits(m.leastRatio(peer)) + ".." + digits(m.mostRatio(peer)) + ")"
                : "";
    }

    /** Three digits, or as many as the whole part has. */
    private static String digits(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.0995 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
