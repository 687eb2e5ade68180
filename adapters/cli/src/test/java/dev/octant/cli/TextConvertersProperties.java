package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.QuantArbitraries;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written comes back as the same value. */
class TextConvertersProperties {
    @Property
    void aScaleIsReadInAllItsForms(@ForAll("scales") float scale) {
        assertEquals(scale, TextConverters.scale(Float.toHexString(scale)));
        assertEquals(scale, TextConverters.scale(Float.toString(scale)));
        assertEquals(scale, TextConverters.scale(String.format("bits:%08x", Float.floatToRawIntBits(scale))));
    }

    @Property
    void anOpIsReadAsItIsPrinted(@ForAll("kinds") ActivationKind kind) {
        Activation op = Activation.of(kind);
        assertEquals(op, TextConverters.activation(op.toString()));
        assertEquals(
                op, TextConverters.activation(kind.label().replace("_", "-").toUpperCase(java.util.Locale.ROOT)));
    }

    @Property
    void aSlopeIsReadExactly(@ForAll double slope) {
        assertEquals(Activation.leakyRelu(slope), TextConverters.activation("leaky_relu(" + slope + ")"));
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
