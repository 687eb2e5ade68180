// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.lanes;

import java.util.List;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Which vectors this machine has. */
public final class Shapes {
    private static final List<Class<?>> LANES =
            List.of(byte.class, short.class, int.class, long.class, float.class, double.class);

    static {
        // Compiled code relies on which vector classes there are. Were another one loaded with the next kernel, the
        // code of the
        // kernels before would be thrown away.
        int preferred = VectorShape.preferredShape().vectorBitSize();
        for (VectorShape shape : VectorShape.values()) {
            if (shape != VectorShape.S_Max_BIT && shape.vectorBitSize() <= preferred) {
                for (Class<?> lane : LANES) {
                    load(lane, shape);
                }
            }
        }
    }

    private Shapes() {}

    /** Makes a vector, a mask and a shuffle, and so loads their classes. */
    private static <E> void load(Class<E> lane, VectorShape shape) {
        VectorSpecies<E> species = VectorSpecies.of(lane, shape);
        species.zero().eq(species.zero()).toVector();
        species.iotaShuffle(0, 1, true);
    }

    /**
     * A kernel's vectors must not be wider than the machine's: those would be objects.
     *
     * @throws IllegalStateException if they are
     */
    public static void require(int bits) {
        int preferred = VectorShape.preferredShape().vectorBitSize();
        if (bits > preferred) {
            throw new IllegalStateException(
                    "its vectors of " + bits + " bits are wider than the " + preferred + " bits that this JVM uses");
        }
    }
}
