// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.CodeType;
import dev.octant.fixtures.OpCase;
import dev.octant.fixtures.QuantizedFunction;
import dev.octant.fixtures.ReferenceFunctions;
import org.junit.jupiter.api.Test;

/** Tables judged as a user of the fixtures judges them at first try: docs/testing.md shows it. */
class JudgedTableTest {
    private static final OpCase SILU =
            OpCase.of("silu", ReferenceFunctions::silu).types(CodeType.INT8);

    @Test
    void theDeclaredRangeIsJudgedToo() {
        judged(SILU.clipped(-0.27846455, Double.POSITIVE_INFINITY)).check();
    }

    @Test
    void withoutItTheSentenceSaysWhatToDeclare() {
        String sentence =
                assertThrows(AssertionError.class, () -> judged(SILU).check()).getMessage();
        assertTrue(sentence.contains("judged with clipped(low, high)"), sentence);
    }

    private static OpCase judged(OpCase silu) {
        return silu.quantizedTo((in, out) -> QuantizedFunction.ofBlocks(
                out,
                QuantizedActivation.compile(Activation.SILU, Grids.params(in), Grids.params(out))
                        .table()::apply));
    }
}
