package dev.octant.core.kernel;

/** A vector kernel that this JVM cannot load, or that does not do what its scalar twin does. */
final class UnusableKernelException extends Exception {
    UnusableKernelException(String sentence) {
        super(sentence);
    }
}
