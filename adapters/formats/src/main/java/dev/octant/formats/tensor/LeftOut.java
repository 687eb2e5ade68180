// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.VisibleText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A tensor that is not read or not calibrated, and why. What is wrong with one tensor is said and costs the others
 * nothing; what is wrong with a file as a whole is refused with a {@link dev.octant.formats.FormatException}.
 *
 * <p>Immutable and thread safe.
 *
 * @param tensor its name; where it has none, its place in the file, as {@code column 1}
 * @param file the file it is left out of, the first of several; empty where all of its data were read
 * @param reason what must hold and what was found: {@code dtype must be float16, float32 or float64, was '<i8'}
 */
public record LeftOut(String tensor, Optional<Path> file, String reason) {
    /** More than this many are counted, not named: nobody reads on, and a sentence has an end. */
    private static final int SHOWN = 1000;

    /** The text of a reason is shown as {@link VisibleText#whole} shows it. */
    public LeftOut {
        Given.require("tensor", tensor);
        Given.require("file", file);
        Given.require("reason", reason);
        reason = VisibleText.whole(reason);
    }

    /** A name as it can be shown, or, where it is blank, the place of what has it. */
    public static String shown(String name, String place) {
        Given.require("name", name);
        Given.require("place", place);
        return name.isBlank() ? place : VisibleText.whole(name);
    }

    /** A tensor of a file. */
    public static LeftOut of(Path file, String tensor, String reason) {
        Given.require("file", file);
        return new LeftOut(tensor, Optional.of(file), reason);
    }

    /** One line that says all: {@code ids (mixed.npz): dtype must be float16, float32 or float64, was '<i8'}. */
    @Override
    public String toString() {
        return VisibleText.name(tensor)
                + file.map(path -> " (" + VisibleText.of(path) + ")").orElse("") + ": " + reason;
    }

    /**
     * Refuses what is left out, for those who want all or nothing.
     *
     * @throws IllegalArgumentException if there is something; with all of it
     */
    public static void requireNone(List<LeftOut> leftOut) {
        Given.require("left out", leftOut);
        if (!leftOut.isEmpty()) {
            throw new IllegalArgumentException("every tensor must be calibrated, was without " + some(leftOut));
        }
    }

    /** What is said where nothing is left. */
    public static String nothingLeft(List<LeftOut> leftOut) {
        Given.require("left out", leftOut);
        return "inputs must have a tensor that can be calibrated, had "
                + (leftOut.isEmpty() ? "none" : "none: " + some(leftOut));
    }

    /** The reason that an exception gives for a tensor, without the name that may stand before it. */
    public static String reason(String tensor, RuntimeException refusal) {
        Given.require("tensor", tensor);
        Given.require("refusal", refusal);
        String reason = refusal.getMessage() == null ? refusal.getClass().getSimpleName() : refusal.getMessage();
        return reason.startsWith(tensor + ": ") ? reason.substring(tensor.length() + 2) : reason;
    }

    private static String some(List<LeftOut> leftOut) {
        String first = leftOut.stream().limit(SHOWN).map(LeftOut::toString).collect(Collectors.joining("; "));
        return leftOut.size() > SHOWN ? first + "; and " + (leftOut.size() - SHOWN) + " more" : first;
    }
}
