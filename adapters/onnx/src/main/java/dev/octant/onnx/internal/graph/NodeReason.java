// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

/** Why a node runs as it does, in the words that plans of a model and reports on it share. */
public enum NodeReason {
    /** A kernel of int8. */
    COMPUTES_CODES("it computes on codes"),

    /** Floats come in. */
    WRITES_CODES("what it writes becomes codes"),

    /** No arithmetic. */
    MOVES_CODES("it moves codes"),

    /** Part of a table. */
    IN_TABLE("its function has one number in and one out"),

    /** Not in the int8 model. */
    TAKEN_IN("it is a constant, or taken into the node before it"),

    /** Relu or Clip, not in the int8 model. */
    CLIPPED_BY_CODES("codes end where it would clip"),

    /** Fused away. */
    LEFT_OUT("ONNX Runtime leaves it out"),

    /** By its name. */
    ASKED("it is to stay float"),

    /** If, Loop, Scan. */
    HAS_BODIES("bodies stay as they are"),

    /** Between codes its attributes make a model that does not run. */
    FAILS_ON_CODES("ONNX Runtime fails on codes with one of its attributes"),

    /** Shapes, indices and the like. */
    NO_FLOATS("it computes no numbers of float32"),

    /** Of ONNX Runtime, whatever is around it. */
    NO_KERNEL("ONNX Runtime has no int8 kernel for it"),

    /** There is one, but not here. */
    NOT_FUSED("it reads codes, but ONNX Runtime has no int8 kernel for it here"),

    /** With other nodes, without codes. */
    FUSED_IN_FLOAT("it is fused with others in float"),

    /** Floats only. */
    NO_CODES("nothing that it reads is codes");

    private final String words;

    NodeReason(String words) {
        this.words = words;
    }

    /** The words for it. */
    public String words() {
        return words;
    }
}
