// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.QuantParams;
import dev.octant.fixtures.QuantArbitraries;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written comes back as the same value. */
class TextProperties {
    @Property
    void aScaleIsReadInAllItsForms(@ForAll("scales") float scale) {
        assertEquals(scale, QuantParams.parseScale(Float.toHexString(scale)));
        assertEquals(scale, QuantParams.parseScale(Float.toString(scale)));
        assertEquals(scale, QuantParams.parseScale(String.format("bits:%08x", Float.floatToRawIntBits(scale))));
    }

    @Property
    void anOpIsReadAsItIsPrinted(@ForAll("kinds") ActivationKind kind) {
        Activation op = Activation.of(kind);
        assertEquals(op, Activation.parse(op.toString()));
        assertEquals(op, Activation.parse(kind.label().replace("_", "-").toUpperCase(java.util.Locale.ROOT)));
    }

    @Property
    void aSlopeIsReadExactly(@ForAll("slopes") double slope) {
        assertEquals(Activation.leakyRelu(slope), Activation.parse("leaky_relu(" + slope + ")"));
    }

    /** Doubles of the magnitudes of floats, which are those that a parameter may have. */
    @Provide
    Arbitrary<Double> slopes() {
        return Arbitraries.doubles()
                .between(-Float.MAX_VALUE, Float.MAX_VALUE)
                .filter(slope -> slope == 0 || Math.abs(slope) >= Float.MIN_VALUE);
    }

    @Provide
    Arbitrary<Float> scales() {
        return QuantArbitraries.scales();
    }

    @Provide
    Arbitrary<ActivationKind> kinds() {
        return Arbitraries.of(ActivationKind.values()).filter(kind -> kind != ActivationKind.CUSTOM);
    }
}
