// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.LongTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A format of tensor files. Those of other modules are found with {@link java.util.ServiceLoader}, by the class
 * loader of this one. Implementations are stateless and thread safe. What they state, and what their parts read, is
 * checked: values beyond those that a part counted, or of a tensor that it does not name, are refused.
 */
public interface TensorFormat {
    /** The most first bytes of a file that {@link #accepts} is shown. */
    int START_BYTES = 9;

    /** How names of files of this format end, in lower case and with the dot: these files of a folder are read. */
    List<String> endings();

    /**
     * Whether a file is of this format, by its first bytes or its name.
     *
     * @param start the first bytes, {@value #START_BYTES} or as many as there are
     */
    boolean accepts(Path file, byte[] start);

    /**
     * Opens a file of this format. A wanted tensor that cannot be read, as one of another type, is {@linkplain
     * TensorFile#leftOut left out}.
     *
     * @param wanted which tensors; the others are not looked at
     * @throws FormatException if the file cannot be read
     */
    TensorFile open(Path file, TensorSelection wanted) throws IOException;

    /**
     * Opens a file of this format as a long table: its tensors are those that the rows name. Names that are not wanted
     * are passed over.
     *
     * @throws FormatException if the file cannot be read, has not the columns, or the format is not one of tables
     */
    default TensorFile openTable(Path file, LongTable table, TensorSelection wanted) throws IOException {
        throw new FormatException(
                file + ": table with a column of names must be Parquet, was of " + String.join(", ", endings()));
    }
}
