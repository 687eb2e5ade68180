// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of several parts: what one read of the whole would find, the reads of all parts find. */
class PartedChecksumTest {
    private static final int VALUES = 3 * RangePart.PART_VALUES - 5;

    @TempDir
    private Path folder;

    @Test
    void checksumsOfPartsMakeThatOfTheWhole() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            byte[] all = new byte[random.nextInt(5000)];
            random.nextBytes(all);
            int[] cuts = IntStream.concat(
                            IntStream.of(0, all.length), random.ints(1 + random.nextInt(6), 0, all.length + 1))
                    .sorted()
                    .toArray();
            long[] lengths = IntStream.range(1, cuts.length)
                    .mapToLong(i -> cuts[i] - cuts[i - 1])
                    .toArray();
            List<Integer> order = IntStream.range(1, lengths.length).boxed().collect(Collectors.toList());
            Collections.shuffle(order, random);
            long start = ArrayBytes.crc(Arrays.copyOfRange(all, 0, cuts[1]));
            PartedChecksum right =
                    new PartedChecksum("x", ArrayBytes.crc(all), start, Arrays.copyOfRange(lengths, 1, lengths.length));
            PartedChecksum wrong = new PartedChecksum(
                    "x", ArrayBytes.crc(all) ^ 1, start, Arrays.copyOfRange(lengths, 1, lengths.length));
            for (int i = 0; i < order.size(); i++) {
                int part = order.get(i) - 1;
                long own = ArrayBytes.crc(Arrays.copyOfRange(all, cuts[part + 1], cuts[part + 2]));
                right.add(part, own);
                assertTrue(right.isKnown(part));
                if (i < order.size() - 1) {
                    wrong.add(part, own);
                } else {
                    assertThrows(FormatException.class, () -> wrong.add(part, own));
                }
            }
        }
    }

    /** Longer than an int counts. */
    @Test
    void longPartsHaveAChecksumToo() {
        // Zeros double by being put behind each other: 2^40 of them, and twice as many.
        int zeros = (int) ArrayBytes.crc(new byte[1]);
        for (int i = 0; i < 40; i++) {
            zeros = PartedChecksum.combined(zeros, zeros, 1L << i);
        }
        int byHalves = PartedChecksum.combined(zeros, zeros, 1L << 40);
        int first = PartedChecksum.combined((int) ArrayBytes.crc(new byte[5]), zeros, 1L << 40);
        int second = PartedChecksum.combined(zeros, (int) ArrayBytes.crc(new byte[5]), 5);
        assertEquals(first, second);
        assertEquals(
                PartedChecksum.combined(byHalves, (int) ArrayBytes.crc(new byte[5]), 5),
                PartedChecksum.combined(zeros, second, (1L << 40) + 5));
    }

    /** A damaged byte of whichever part, whichever part is read last. */
    @ParameterizedTest
    @ValueSource(ints = {200, 9_000_000, 20_000_000})
    void damageIsFoundByTheLastPart(int place) throws IOException {
        byte[] data = new byte[2 * VALUES];
        new Random(place).nextBytes(data);
        byte[] npy = ArrayBytes.npy(2, ArrayBytes.dictionary("<f2", false, "(" + VALUES + ", 1)"), data);
        byte[] zip = ArrayBytes.zip(ArrayBytes.Entry.stored("x.npy", npy));
        Path file = Files.write(folder.resolve("a.npz"), zip);
        assertEquals(VALUES, Drained.count(TensorFiles.open(file)));
        zip[place + 35] ^= 1;
        Files.write(file, zip);
        List<TensorPart> parts = TensorFiles.open(file).parts();
        assertEquals(3, parts.size());
        for (int last = 0; last < 3; last++) {
            // Read or only checked: it is one to the damage.
            drain(parts.get((last + 1) % 3));
            parts.get((last + 2) % 3).check();
            TensorPart end = parts.get(last);
            FormatException found = assertThrows(FormatException.class, last == 1 ? end::check : () -> drain(end));
            assertTrue(
                    found.getMessage().startsWith(file + ", array x: data must have the checksum "),
                    found.getMessage());
        }
    }

    private static void drain(TensorPart part) throws IOException {
        part.read((tensor, block, offset, length) -> true);
    }
}
