// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of named tensors, cut into parts that are read on their own: what calibration reads, whatever the format.
 *
 * <p>It keeps no file open: a part opens the file for as long as it reads. Immutable and thread safe.
 */
public interface TensorFile {
    /** Where the file is. */
    Path path();

    /** All parts, in the order of the file. */
    List<TensorPart> parts();

    /** The tensors that were wanted and are not read, in the order of the file. */
    default List<LeftOut> leftOut() {
        return List.of();
    }

    /**
     * What the values of its parts depend on beside the bytes of the file and the names of their tensors, as how they
     * are cut: a checkpoint of another reading is not gone on from. Empty where that is nothing. What a caller of
     * {@link TensorFiles} asks for is added there, and need not be stated by a format.
     */
    default String reading() {
        return "";
    }

    /** The same file, with what is left out and how it is read, of other parts in place of its own. */
    default TensorFile withParts(List<TensorPart> parts) {
        return of(path(), parts, leftOut(), reading());
    }

    /** The same file, of which more is said of how it is read; nothing where {@code more} is empty. */
    default TensorFile readBy(String more) {
        Given.require("more", more);
        String all = Stream.of(reading(), more).filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
        return of(path(), parts(), leftOut(), all);
    }

    /** A file of these parts, with nothing left out. */
    static TensorFile of(Path path, List<TensorPart> parts) {
        return of(path, parts, List.of());
    }

    /** A file of these parts. */
    static TensorFile of(Path path, List<TensorPart> parts, List<LeftOut> leftOut) {
        return of(path, parts, leftOut, "");
    }

    /** A file of these parts, read in this way; see {@link #reading}. */
    static TensorFile of(Path path, List<TensorPart> parts, List<LeftOut> leftOut, String reading) {
        record Listed(Path path, List<TensorPart> parts, List<LeftOut> leftOut, String reading) implements TensorFile {}
        Given.require("path", path);
        Given.require("parts", parts);
        Given.require("left out", leftOut);
        Given.require("reading", reading);
        return new Listed(path, List.copyOf(parts), List.copyOf(leftOut), reading);
    }
}
