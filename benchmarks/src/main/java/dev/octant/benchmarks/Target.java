// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.benchmarks.work.Peer;

/** What a figure must at least be, or at most. */
sealed interface Target {
    /** Whether the median reaches it. */
    boolean reached(Measurement measurement);

    /** Time of a peer over time of the work: at least {@code least}. */
    record Ratio(Peer peer, double least) implements Target {
        @Override
        public boolean reached(Measurement measurement) {
            return measurement.ratio(peer) >= least;
        }

        @Override
        public String toString() {
            return "≥ " + plain(least) + " × " + peer.label();
        }
    }

    /** Time of one call: at most {@code most} microseconds. */
    record Micros(double most) implements Target {
        @Override
        public boolean reached(Measurement measurement) {
            return measurement.nanos() <= most * 1000;
        }

        @Override
        public String toString() {
            return "≤ " + plain(most) + " µs";
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
