// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantArbitraries;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

class QuantParamsProperties {
    @Provide
    Arbitrary<Grid> grids() {
        return QuantArbitraries.grids();
    }

    @Provide
    Arbitrary<Tuple2<Grid, Float>> tieRich() {
        return QuantArbitraries.grids()
                .flatMap(grid -> QuantArbitraries.tieRichFloats(grid.scale()).map(x -> Tuple.of(grid, x)));
    }

    /** Ranges whose ends are values of codes or their neighbours, where an end decides about a code. */
    @Provide
    Arbitrary<Tuple2<Grid, RealRange>> rangesAtCodes() {
        return QuantArbitraries.grids()
                .flatMap(grid -> Combinators.combine(end(grid), end(grid))
                        .as((a, b) -> Tuple.of(grid, RealRange.of(Math.min(a, b), Math.max(a, b)))));
    }

    private static Arbitrary<Double> end(Grid grid) {
        Arbitrary<Integer> codes = Arbitraries.integers().between(grid.low() - 3, grid.high() + 3);
        return Combinators.combine(codes, Arbitraries.of(-0.4, -0x1p-30, 0.0, 0x1p-30, 0.4))
                .as((code, steps) -> Oracle.dequantize(code, grid) + steps * grid.scale());
    }

    @Property(tries = 500)
    void quantizeIsTheOracles(@ForAll("tieRich") Tuple2<Grid, Float> at) {
        assertEquals(
                Oracle.quantize(at.get2(), at.get1()), Grids.params(at.get1()).quantize(at.get2()));
    }

    @Property(tries = 300)
    void everyCodeDequantizesToTheBitsOfTheOracle(@ForAll("grids") Grid grid) {
        QuantParams params = Grids.params(grid);
        for (int code = grid.firstStored(); code < grid.firstStored() + 256; code++) {
            assertEquals(
                    Float.floatToRawIntBits(Oracle.dequantize(code, grid)),
                    Float.floatToRawIntBits(params.dequantize(code)));
        }
    }

    @Property(tries = 300)
    void codesThatAreFiniteSurviveTheWayThere(@ForAll("grids") Grid grid) {
        QuantParams params = Grids.params(grid);
        for (int code = grid.low(); code <= grid.high(); code++) {
            float x = params.dequantize(code);
            if (Float.isFinite(x)) {
                assertEquals(code, params.quantize(x));
            }
        }
    }

    @Property(tries = 500)
    void quantizeNeverFalls(@ForAll("tieRich") Tuple2<Grid, Float> at, @ForAll("anyFloats") float other) {
        QuantParams params = Grids.params(at.get1());
        float x = at.get2();
        if (!Float.isNaN(x) && !Float.isNaN(other)) {
            assertTrue(params.quantize(Math.min(x, other)) <= params.quantize(Math.max(x, other)));
        }
    }

    @Provide
    Arbitrary<Float> anyFloats() {
        return QuantArbitraries.floats();
    }

    @Property(tries = 500)
    void codesWithinAreThoseFoundByTryingAll(@ForAll("rangesAtCodes") Tuple2<Grid, RealRange> at) {
        Grid grid = at.get1();
        RealRange range = at.get2();
        int[] expected;
        try {
            expected = Oracle.codesWithin(grid, range.min(), range.max());
        } catch (IllegalArgumentException noCode) {
            assertThrows(
                    IllegalArgumentException.class, () -> Grids.params(grid).codesWithin(range));
            return;
        }
        CodeRange codes = Grids.params(grid).codesWithin(range);
        assertArrayEquals(expected, new int[] {codes.low(), codes.high()});
    }
}
