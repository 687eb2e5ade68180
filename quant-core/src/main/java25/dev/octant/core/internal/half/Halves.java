// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The widest vectors of 32-bit lanes that this JVM uses, and the shorts that go with them, half as wide. */
final class Halves {
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    static final VectorSpecies<Short> SHORTS;

    /** As wide as {@link #INTS}, for work on shorts alone. */
    static final VectorSpecies<Short> WIDE_SHORTS = ShortVector.SPECIES_PREFERRED;

    /** How many values one vector holds. */
    static final int COUNT = INTS.length();

    static {
        // A half of 128 bits is a shape, but there the scalar loops are no worse.
        Shapes.require(256);
        SHORTS = VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));
    }

    private Halves() {}
}
