// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.function.Executable;

/** What a refusal says, and blocks in which a byte written too early shows. */
final class Refusal {
    static final byte UNTOUCHED = 99;

    private Refusal() {}

    /** The sentence with which a call refuses its arguments. */
    static String sentence(Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }

    /** A block that nothing has written to. */
    static byte[] untouched(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, UNTOUCHED);
        return bytes;
    }
}
