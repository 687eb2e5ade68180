// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;

/**
 * A file that cannot be read or written as asked. The message is one sentence on one line: where (file, then array or
 * JSON path), what must hold, and what was found.
 *
 * <p>The message is shown as {@link VisibleText#whole} shows it, file names and messages of libraries included: it
 * stays one line without control characters whatever a file holds. Text taken from files is cut by {@link
 * VisibleText#of(String)} before.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(VisibleText.whole(message));
    }

    public FormatException(String message, Throwable cause) {
        super(VisibleText.whole(message), cause);
    }
}
