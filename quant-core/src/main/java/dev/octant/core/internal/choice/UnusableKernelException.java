// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

/** A vector kernel that this JVM cannot load, or that does not do what its scalar twin does. */
public final class UnusableKernelException extends Exception {
    UnusableKernelException(String sentence) {
        super(sentence);
    }
}
