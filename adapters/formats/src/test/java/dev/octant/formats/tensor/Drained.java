// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tensor file gives a visitor that does all the interface allows. */
final class Drained {
    private Drained() {}

    /** The bits of one part's values by tensor, all NaN alike; every promise of {@link TensorPart} is checked. */
    static Map<String, List<Integer>> part(TensorPart part) throws IOException {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        part.read((tensor, block, offset, length) -> {
            assertTrue(part.tensors().contains(tensor), tensor);
            assertTrue(length > 0 && offset >= 0 && offset + length <= block.length);
            List<Integer> bits = values.computeIfAbsent(tensor, name -> new ArrayList<>());
            for (int i = offset; i < offset + length; i++) {
                bits.add(Float.floatToIntBits(block[i]));
                block[i] = Float.NaN;
            }
            return true;
        });
        long count = values.values().stream().mapToLong(List::size).sum();
        if (part.values() >= 0) {
            assertEquals(part.values(), count);
        }
        if (part.sampleLength() > 0) {
            assertEquals(0, count % part.sampleLength());
        }
        return values;
    }

    /** All values of a file. */
    static Map<String, List<Integer>> file(TensorFile file) throws IOException {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            part.tensors().forEach(name -> values.computeIfAbsent(name, n -> new ArrayList<>()));
            part(part).forEach((name, bits) -> values.get(name).addAll(bits));
        }
        return values;
    }

    /** The number of values, whatever they are; what is left out is a refusal here. */
    static long count(TensorFile file) throws IOException {
        long[] count = new long[1];
        for (LeftOut left : file.leftOut()) {
            throw new FormatException(file.path() + ": tensor " + left.tensor() + ": " + left.reason());
        }
        for (TensorPart part : file.parts()) {
            part.read((tensor, block, offset, length) -> {
                count[0] += length;
                return true;
            });
        }
        return count[0];
    }
}
