// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import java.io.IOException;

/** What was thrown on another thread, thrown again on this one. */
final class Thrown {
    private Thrown() {}

    /** Throws the same; the return type is for the caller's {@code throw}. */
    static RuntimeException again(Throwable cause) throws IOException {
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }
}
