// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantArbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

class TensorQuantizerProperties {
    @Provide
    Arbitrary<Grid> grids() {
        return QuantArbitraries.grids();
    }

    @Provide
    Arbitrary<Tuple2<Grid, float[]>> tensors() {
        return QuantArbitraries.grids()
                .flatMap(grid ->
                        QuantArbitraries.tieRichTensors(grid.scale(), 200).map(values -> Tuple.of(grid, values)));
    }

    @Property(tries = 200)
    void bulkIsTheOracle(@ForAll("tensors") Tuple2<Grid, float[]> at) {
        Grid grid = at.get1();
        float[] values = at.get2();
        TensorQuantizer quantizer = TensorQuantizer.of(Grids.params(grid));
        QuantizedTensor tensor = quantizer.quantize(values);
        float[] fake = new float[values.length];
        quantizer.fakeQuantize(values, 0, fake, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(Oracle.quantize(values[i], grid), tensor.code(i));
            assertEquals(Oracle.fakeQuantize(values[i], grid), tensor.value(i));
        }
        assertArrayEquals(fake, quantizer.dequantize(tensor));
    }

    @Property
    void everyRawByteRequantizesToTheOraclesCode(@ForAll("grids") Grid from, @ForAll("grids") Grid to) {
        QuantParams target = Grids.params(to);
        QuantizedTensor all = QuantizedTensor.of(Grids.params(from), from.storedCodes());
        QuantizedTensor moved = TensorQuantizer.of(all.params()).requantize(all, target);
        for (int i = 0; i < all.length(); i++) {
            assertEquals(Oracle.requantize(all.code(i), from, to), moved.code(i));
        }
    }

    /** What a grid produces it keeps: moving codes to their own grid changes none, unless their value is no float. */
    @Property(tries = 200)
    void requantizingToTheSameGridChangesNothing(@ForAll("tensors") Tuple2<Grid, float[]> at) {
        QuantParams params = Grids.params(at.get1());
        TensorQuantizer quantizer = TensorQuantizer.of(params);
        QuantizedTensor tensor = quantizer.quantize(at.get2());
        QuantizedTensor again = quantizer.requantize(tensor, params);
        for (int i = 0; i < tensor.length(); i++) {
            if (Float.isFinite(tensor.value(i))) {
                assertEquals(tensor.code(i), again.code(i));
            }
        }
    }

    @Property(tries = 200)
    void fakeQuantizeIsIdempotent(@ForAll("tensors") Tuple2<Grid, float[]> at) {
        TensorQuantizer quantizer = TensorQuantizer.of(Grids.params(at.get1()));
        float[] values = at.get2();
        quantizer.fakeQuantize(values, 0, values, 0, values.length);
        float[] again = values.clone();
        quantizer.fakeQuantize(again, 0, again, 0, again.length);
        for (int i = 0; i < values.length; i++) {
            if (Float.isFinite(values[i])) {
                assertEquals(values[i], again[i]);
            }
        }
    }
}
