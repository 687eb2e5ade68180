// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

/** What a benchmark is timed beside. */
public enum Peer {
    /** A copy of the larger array of the work, memory of the same kind. */
    COPY("copyNanos", "copy"),
    /** ONNX Runtime on the same codes. */
    ENGINE("engineNanos", "ONNX Runtime"),
    /** The same call on heap arrays. */
    HEAP("heapNanos", "heap");

    private final String counter;
    private final String label;

    Peer(String counter, String label) {
        this.counter = counter;
        this.label = label;
    }

    /** The name of its time in a JMH result, nanoseconds per call. */
    public String counter() {
        return counter;
    }

    /** Its name for people. */
    public String label() {
        return label;
    }
}
