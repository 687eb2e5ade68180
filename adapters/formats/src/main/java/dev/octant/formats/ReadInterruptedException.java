// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/**
 * A thread that was interrupted while it read a file, which the JVM then closes. Nothing is wrong with the file: the
 * work may be begun again. The thread is interrupted still.
 */
public final class ReadInterruptedException extends ClosedByInterruptException {
    private static final long serialVersionUID = 1;

    private final String sentence;

    /**
     * An interrupt while a file was read.
     *
     * @param file which one
     * @param cause what the JVM says of it
     */
    public ReadInterruptedException(Path file, ClosedByInterruptException cause) {
        Given.require("file", file);
        Given.require("cause", cause);
        sentence = VisibleText.of(file) + ": file must be read without an interrupt, was interrupted";
        initCause(cause);
    }

    @Override
    public String getMessage() {
        return sentence;
    }
}
