// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

/**
 * How ONNX Runtime runs a node of a float model once that is int8.
 *
 * @param name of the node; its first output where it has none
 * @param output the first value that it writes
 * @param op its type, with the domain in front where that is not ONNX's
 * @param way how it runs
 * @param kernel the op that ONNX Runtime runs in its place, which may be that of several nodes; blank where there is
 *     none
 * @param why what decides it, as a few words
 */
public record NodeRun(String name, String output, String op, Way way, String kernel, String why) {
    /** How a node runs. */
    public enum Way {
        /** It computes on codes. */
        INT8("int8"),

        /** It only moves values, and moves codes. */
        CODES("moves codes"),

        /** It computes in float. */
        FLOAT("float"),

        /** It computes no floats, as shapes and indices are. */
        OTHER("no floats"),

        /** It is not there any more. */
        GONE("folded");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        /** The words for it. */
        public String label() {
            return label;
        }
    }

    /** The same with another reason. */
    public NodeRun withReason(String other) {
        return new NodeRun(name, output, op, way, kernel, other);
    }
}
