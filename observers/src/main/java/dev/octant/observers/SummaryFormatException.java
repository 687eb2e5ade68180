// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import java.io.IOException;

/** Thrown for bytes that are not a whole and sound summary; the message is one sentence. */
public final class SummaryFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    SummaryFormatException(String message) {
        super(message);
    }

    SummaryFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
