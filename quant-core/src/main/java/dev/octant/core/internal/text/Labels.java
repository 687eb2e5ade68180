// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The constant that a word names. Stateless. */
public final class Labels {
    private Labels() {}

    /**
     * The first of some constants with this label, in any case of letters and with blanks around it.
     *
     * @param what what is chosen, for the sentence of a refusal
     * @throws IllegalArgumentException if there is none; its sentence lists the labels
     */
    public static <T> T find(String what, String word, T[] constants, Function<T, String> label) {
        Given.require(what, word);
        for (T constant : constants) {
            if (label.apply(constant).equalsIgnoreCase(word.strip())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(what + " must be one of "
                + Arrays.stream(constants).map(label).collect(Collectors.joining(", ")) + ", was '" + word + "'");
    }
}
