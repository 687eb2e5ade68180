// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

import java.util.Locale;

/** Numbers as people write them. Stateless. */
public final class Numbers {
    private static final String BITS = "bits:";

    private Numbers() {}

    /** A count and its noun, which takes an s: {@code 1 tensor}, {@code 2 tensors}. */
    public static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /**
     * A real number as {@link Double#parseDouble} reads it, or {@code inf}, {@code infinity} with or without a sign,
     * in any case of letters.
     *
     * @param what what it is, for the sentence of a refusal
     * @throws IllegalArgumentException if it is none
     */
    public static double real(String what, String text) {
        Given.require(what, text);
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        return switch (trimmed) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(trimmed);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(what + " must be a number, was '" + text + "'", e);
                }
            }
        };
    }

    /**
     * A float: a decimal, a Java hex float, or {@code bits:} and the eight hex digits of its IEEE 754 form.
     *
     * @param what what it is, for the sentence of a refusal
     * @throws IllegalArgumentException if it is none
     */
    public static float single(String what, String text) {
        Given.require(what, text);
        String trimmed = text.strip();
        if (trimmed.startsWith(BITS)) {
            String digits = trimmed.substring(BITS.length());
            if (!digits.matches("[0-9a-fA-F]{8}")) {
                throw new IllegalArgumentException(what + " bits must be eight hex digits, was '" + text + "'");
            }
            return Float.intBitsToFloat(Integer.parseUnsignedInt(digits, 16));
        }
        if (!trimmed.matches(".*[fFdD]")) {
            try {
                return Float.parseFloat(trimmed);
            } catch (NumberFormatException e) {
                // falls through to the sentence below
            }
        }
        throw new IllegalArgumentException(
                what + " must be a decimal, a hex float (0x1.0p-8) or bits:3b808081, was '" + text + "'");
    }

    /**
     * A whole number of an int.
     *
     * @param what what it is, for the sentence of a refusal
     * @throws IllegalArgumentException if it is none
     */
    public static int whole(String what, String text) {
        return whole(what, text, Integer.MIN_VALUE + ".." + Integer.MAX_VALUE);
    }

    /**
     * The same of a number that must lie within narrower limits, which the caller looks at.
     *
     * @param limits what they are, for the sentence of a refusal: {@code 1..1024}
     * @throws IllegalArgumentException if it is no int
     */
    public static int whole(String what, String text, String limits) {
        Given.require(what, text);
        Given.require("limits", limits);
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    what + " must be a whole number within " + limits + ", was '" + text + "'", e);
        }
    }
}
