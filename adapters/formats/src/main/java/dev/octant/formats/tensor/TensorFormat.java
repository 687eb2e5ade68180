package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A file format in a module of its own, found with {@link java.util.ServiceLoader}. Implementations are stateless and thread
 * safe.
 */
public interface TensorFormat {
    /** Whether a file with these first bytes, at most 8, is of this format. */
    boolean accepts(byte[] start);

    /**
     * Opens a file of this format.
     *
     * @param names which tensors are wanted; the others are not looked at
     * @throws FormatException if the file cannot be read
     */
    TensorFile open(Path file, Predicate<String> names) throws IOException;
}
