// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.nio.file.Path;
import java.util.List;

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
     * What the values of its parts depend on beside the bytes of the file, as how they are cut: a checkpoint of another
     * reading is not gone on from. Empty where that is nothing.
     */
    default String reading() {
        return "";
    }

    /** A file of these parts, with nothing left out. */
    static TensorFile of(Path path, List<TensorPart> parts) {
        return of(path, parts, List.of());
    }

    /** A file of these parts. */
    static TensorFile of(Path path, List<TensorPart> parts, List<LeftOut> leftOut) {
        record Listed(Path path, List<TensorPart> parts, List<LeftOut> leftOut) implements TensorFile {}
        return new Listed(path, List.copyOf(parts), List.copyOf(leftOut));
    }
}
