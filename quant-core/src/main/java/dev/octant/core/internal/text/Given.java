// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

/** Refuses what is missing, in a sentence of the library's and not of the JVM's. Internal. */
public final class Given {
    private Given() {}

    /**
     * Passes what is given.
     *
     * @param what the argument's name in the sentence
     * @throws NullPointerException if {@code argument} is null
     */
    public static void require(String what, Object argument) {
        if (argument == null) {
            throw new NullPointerException(what + " must be given, was null");
        }
    }
}
