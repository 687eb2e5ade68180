// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of 32-bit lanes that this JVM uses, and the bytes that go with them, a quarter as wide.
 * Constants of another class: they fold as a kernel's own do.
 */
public final class Lanes {
    public static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    public static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    public static final VectorSpecies<Byte> BYTES;

    /** How many values one vector holds. */
    public static final int COUNT = FLOATS.length();

    /** The {@link #COUNT} of machines where loads and stores of a part of a vector cost no more than those of all. */
    public static final int MASKED = 16;

    static {
        // A quarter of 128 bits is no shape.
        Shapes.require(256);
        BYTES = VectorSpecies.of(byte.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 4));
    }

    private Lanes() {}
}
