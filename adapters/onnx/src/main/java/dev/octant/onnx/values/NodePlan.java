// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

/**
 * What becomes of a node of a float model.
 *
 * @param name of the node; its first output where it has none
 * @param op with its domain in front, where that is not ONNX's
 * @param fate what becomes of it
 * @param reason why
 */
public record NodePlan(String name, String op, Fate fate, String reason) {
    /** What can become of a node. */
    public enum Fate {
        /** It reads codes, or writes them. */
        INT8("int8"),

        /** It is part of a function that becomes a table of 256 codes. */
        TABLE("table"),

        /** Nothing is left of it to be done. */
        GONE("gone"),

        /** It computes in float. */
        FLOAT("float");

        private final String label;

        Fate(String label) {
            this.label = label;
        }

        /** How it is printed. */
        public String label() {
            return label;
        }
    }
}
