// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Memory that ran out while a file was read, with the name of the file, and of the tensor where one was read. What a
 * reader takes is bounded, as each says; a smaller heap, or one that others have filled, does not hold even that.
 *
 * <p>An error like any other {@link OutOfMemoryError}, and not a {@link FormatException}: nothing is wrong with the
 * file.
 */
public final class ReadOutOfMemoryError extends OutOfMemoryError {
    private static final long serialVersionUID = 1;

    private final String place;

    /**
     * What was being read when memory ran out.
     *
     * @param place what a sentence about it begins with: {@code a.npz, tensor act}
     */
    public ReadOutOfMemoryError(String place, OutOfMemoryError cause) {
        super(VisibleText.whole(place) + ": " + cause.getMessage());
        this.place = VisibleText.whole(place);
        initCause(cause);
    }

    /** What was being read, as it may stand in a sentence. */
    public String place() {
        return place;
    }

    /** What reads, and may fail. */
    @FunctionalInterface
    public interface Reading<T> {
        T read() throws IOException;
    }

    /** Reads; where memory runs out, with the name of the file. */
    public static <T> T named(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (ReadOutOfMemoryError e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw new ReadOutOfMemoryError(file.toString(), e);
        }
    }
}
