// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.QuantInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChannelQuantizerProperties {
    @Provide
    Arbitrary<List<Integer>> shapes() {
        return Arbitraries.integers().between(1, 7).list().ofMinSize(1).ofMaxSize(4);
    }

    /** Every axis of random shapes, counted from both ends. */
    @Property(tries = 300)
    void everyAxisIsTheOracleChannelByChannel(
            @ForAll("shapes") List<Integer> dimensions, @ForAll QuantType type, @ForAll Random random) {
        int[] shape = dimensions.stream().mapToInt(Integer::intValue).toArray();
        for (int axis = -shape.length; axis < shape.length; axis++) {
            int first = Math.floorMod(axis, shape.length);
            int outer = product(shape, 0, first);
            int inner = product(shape, first + 1, shape.length);
            ChannelLayout layout = ChannelLayout.of(axis, shape);
            new ChannelCase(layout, outer, shape[first], inner, type, random).check(Memory.HEAP, Memory.DIRECT);
        }
    }

    /** Lists of parameters that share a type are accepted and kept as they are. */
    @Property(tries = 100)
    void parametersAreKept(@ForAll QuantType type, @ForAll Random random) {
        int channels = 1 + random.nextInt(20);
        List<QuantParams> params = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            params.add(QuantParams.of(
                    type, QuantInputs.scale(random), QuantInputs.zeroPoint(random, type.low(), type.high())));
        }
        ChannelLayout layout = new ChannelLayout(channels, 3);
        ChannelQuantizer quantizer = ChannelQuantizer.of(layout, params);
        List<QuantParams> given = List.copyOf(params);
        params.clear();
        assertEquals(given, quantizer.params());
        assertEquals(layout, quantizer.layout());
    }

    private static int product(int[] shape, int from, int to) {
        int product = 1;
        for (int d = from; d < to; d++) {
            product *= shape[d];
        }
        return product;
    }
}
