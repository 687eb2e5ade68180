// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import java.util.OptionalDouble;
import org.apache.commons.lang3.Validate;

/**
 * What is done for the accuracy of an int8 model beyond the choice of ranges.
 *
 * <p>Immutable and thread safe.
 *
 * @param biases how the biases of int8 ops are moved, so that what they compute is right on average
 * @param isSigmoidFloat whether Sigmoid, and the SiLU that it is part of, is computed in float behind a Conv, though
 *     ONNX Runtime has an int8 kernel for it, and so the product of a value with what is made of its own mean:
 *     slower by 5 to 10 %, and rounded once less. Without effect where Sigmoid
 *     has no such kernel, or the target imitates a tool
 * @param leastSqnrDb what the {@code SQNR} of each float output must reach, in decibels: the activations that cost most
 *     stay float until it does; empty where nothing is asked for
 */
public record Accuracy(BiasShift biases, boolean isSigmoidFloat, OptionalDouble leastSqnrDb) {
    /** Nothing. */
    public static final Accuracy PLAIN = new Accuracy(BiasShift.NONE, false, OptionalDouble.empty());

    /** What costs one more pass over the data, and nothing when the model runs. */
    public static final Accuracy USUAL = new Accuracy(BiasShift.LOCAL, false, OptionalDouble.empty());

    /** Whatever helps, but for the choice of more float ops by what they bring. */
    public static final Accuracy HIGH = new Accuracy(BiasShift.SEQUENTIAL, true, OptionalDouble.empty());

    /** How biases are moved. */
    public enum BiasShift {
        /** Not at all. */
        NONE,

        /** Each by what its op alone does to the mean of each channel. One pass over the data. */
        LOCAL,

        /**
         * One after the other, each by what it and all before it do to the mean. One pass over the data for each, of
         * the part of the model before it.
         */
        SEQUENTIAL
    }

    public Accuracy {
        Validate.notNull(biases, "shift of biases must be given, was null");
        Validate.notNull(leastSqnrDb, "least SQNR must be given or empty, was null");
        Validate.isTrue(
                leastSqnrDb.isEmpty() || Double.isFinite(leastSqnrDb.getAsDouble()),
                "least SQNR must be a number of decibels, was %s",
                leastSqnrDb);
    }

    /** The same with an SQNR to be reached. */
    public Accuracy withLeastSqnr(double decibels) {
        return new Accuracy(biases, isSigmoidFloat, OptionalDouble.of(decibels));
    }

    /** The same without an SQNR to be reached. */
    public Accuracy withoutLeastSqnr() {
        return new Accuracy(biases, isSigmoidFloat, OptionalDouble.empty());
    }
}
