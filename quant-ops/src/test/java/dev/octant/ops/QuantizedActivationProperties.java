// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.TensorQuantizer;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.QuantArbitraries;
import dev.octant.fixtures.ReferenceCheck;
import dev.octant.fixtures.ReferenceFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuantizedActivationProperties {
    @Provide
    Arbitrary<Grid> grids() {
        return QuantArbitraries.grids();
    }

    @Provide
    Arbitrary<ActivationKind> kinds() {
        return Arbitraries.of(ActivationKind.class).filter(kind -> kind != ActivationKind.CUSTOM);
    }

    @Property
    void everyTablePassesTheReferenceCheck(
            @ForAll("kinds") ActivationKind kind, @ForAll("grids") Grid in, @ForAll("grids") Grid out) {
        QuantizedActivation quantized =
                QuantizedActivation.compile(Activation.of(kind), Grids.params(in), Grids.params(out));
        ReferenceCheck check = ReferenceCheck.of(ReferenceFunction.of(kind.label()), in, out);
        check.exact(quantized::apply);
        check.exactBytes(raw ->
                quantized.apply(QuantizedTensor.of(quantized.input(), raw)).codes());
    }

    @Property
    void noOutputLeavesTheNaturalRange(
            @ForAll("kinds") ActivationKind kind, @ForAll("grids") Grid in, @ForAll("grids") Grid out) {
        QuantizedActivation quantized =
                QuantizedActivation.compile(Activation.of(kind), Grids.params(in), Grids.params(out));
        for (int code = in.firstStored(); code < in.firstStored() + 256; code++) {
            float y = quantized.output().dequantize(quantized.apply(code));
            assertTrue(Activation.of(kind).outputRange().contains(y), () -> quantized + " gave " + y);
        }
    }

    @Property
    void requantizingIsTheTableOfTheIdentity(@ForAll("grids") Grid from, @ForAll("grids") Grid to) {
        QuantParams input = Grids.params(from);
        QuantParams output = Grids.params(to);
        QuantizedTensor all = QuantizedTensor.of(input, from.storedCodes());
        assertEquals(
                TensorQuantizer.of(input).requantize(all, output),
                QuantizedActivation.compile(Activation.IDENTITY, input, output).apply(all));
    }
}
