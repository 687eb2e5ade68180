// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.onnx.values.TensorValue;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Rows for all inputs of a model that batches may be made of. Immutable and thread safe. */
public interface RowSource {
    /** How many; at least one. */
    long rows();

    /** The files they are read from. */
    List<Path> files();

    /** The bytes of these files. */
    long bytes();

    /** What rows depend on beside the bytes of the files; empty where that is nothing. */
    default String reading() {
        return "";
    }

    /**
     * Begins a pass over the rows, of which each step takes as many as {@code most} or as are left.
     *
     * @throws dev.octant.formats.FormatException if a file is not any more what it was
     * @throws IllegalArgumentException if a batch of an input is longer than 2 GiB
     */
    Pass open(int most) throws IOException;

    /** A pass over the rows. Not thread safe. */
    interface Pass extends Closeable {
        /** The next batch by the names of inputs, in buffers that are used again; empty after the last. */
        Map<String, TensorValue> next() throws IOException;

        /** Passes over the next batch. */
        void skip() throws IOException;
    }
}
