package dev.octant.core.kernel;

import jdk.incubator.vector.VectorShape;

/** Which vectors this machine has. */
final class Shapes {
    private Shapes() {}

    /**
     * A kernel's vectors must not be wider than the machine's: those would be objects.
     *
     * @throws IllegalStateException if they are
     */
    static void require(int bits) {
        int preferred = VectorShape.preferredShape().vectorBitSize();
        if (bits > preferred) {
            throw new IllegalStateException(
                    "its vectors of " + bits + " bits are wider than the " + preferred + " bits that this JVM uses");
        }
    }
}
