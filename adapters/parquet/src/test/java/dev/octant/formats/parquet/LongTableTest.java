// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.LongTable;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.formats.tensor.TensorSelection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows that name their tensor. The file was written by Spark 4.2.0: 40 rows of a name, of a list of floats with nulls,
 * which may be empty or null, of an id and of a name that one row has not; see {@link #expected}.
 */
class LongTableTest {
    private static final LongTable TABLE = new LongTable("tensor", "values");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void copy() throws IOException {
        file = folder.resolve("long.parquet");
        try (InputStream in = LongTableTest.class.getResourceAsStream("spark/long.parquet")) {
            Files.copy(in, file);
        }
    }

    private static Map<String, List<Float>> expected() {
        Map<String, List<Float>> expected = new TreeMap<>();
        for (int id = 0; id < 40; id++) {
            String name = id % 3 == 0 ? "model.0/act" : id % 3 == 1 ? "aten::mul" : "t" + id;
            List<Float> own = expected.computeIfAbsent(name, key -> new ArrayList<>());
            for (int i = 1; id % 7 != 6 && id % 5 != 4 && i <= id % 4 + 1; i++) {
                if ((i + id) % 6 != 5) {
                    own.add((float) (id + i / 8.0));
                }
            }
        }
        return expected;
    }

    private static Map<String, List<Float>> read(TensorFile file) throws IOException {
        Map<String, List<Float>> read = new TreeMap<>();
        for (TensorPart part : file.parts()) {
            part.tensors().forEach(tensor -> read.computeIfAbsent(tensor, key -> new ArrayList<>()));
            part.read((tensor, block, offset, length) -> {
                for (int i = offset; i < offset + length; i++) {
                    read.get(tensor).add(block[i]);
                }
                return true;
            });
        }
        return read;
    }

    @Test
    void everyValueIsItsRows() throws IOException {
        assertEquals(expected(), read(TensorFiles.open(file, TABLE, TensorSelection.ALL)));
    }

    @Test
    void onlyWhatIsWanted() throws IOException {
        Map<String, List<Float>> some = expected();
        some.keySet().removeIf(name -> !name.startsWith("t"));
        assertEquals(
                some, read(TensorFiles.open(file, TABLE, new TensorSelection(name -> name.startsWith("t"), false))));
        assertEquals(
                List.of(),
                TensorFiles.open(file, TABLE, new TensorSelection(name -> false, false))
                        .parts());
    }

    @Test
    void aVisitorMayStop() throws IOException {
        TensorPart part =
                TensorFiles.open(file, TABLE, TensorSelection.ALL).parts().get(0);
        int[] calls = {0};
        part.read((tensor, block, offset, length) -> {
            calls[0]++;
            return false;
        });
        assertEquals(1, calls[0]);
    }

    private String refusal(Path of, LongTable table) {
        return assertThrows(FormatException.class, () -> read(TensorFiles.open(of, table, TensorSelection.ALL)))
                .getMessage();
    }

    @Test
    void whatIsNoSuchTableIsRefused() throws IOException {
        assertEquals(
                file + ": table must have the column no, was with tensor, values, id, maybe",
                refusal(file, new LongTable("no", "values")));
        assertEquals(
                file + ": column values must be of text, one name a row, was FLOAT",
                refusal(file, new LongTable("values", "values")));
        assertEquals(
                file + ": column id must be of floats, doubles or float16, was INT64",
                refusal(file, new LongTable("tensor", "id")));
        assertEquals(
                file + ", row group 0: column maybe must have a name in every row, was without one in 1",
                refusal(file, new LongTable("maybe", "values")));
        Path csv = Files.writeString(folder.resolve("x.csv"), "tensor,values\na,1\n");
        assertEquals(
                csv + ": table with a column of names must be Parquet, was of .csv",
                refusal(csv, new LongTable("tensor", "values")));
    }

    /** Values, or one sentence, and nothing else; and the whole file is as it was. */
    @Test
    void damageIsRefusedOrHarmless() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            byte[] damaged = whole.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                read(TensorFiles.open(file, TABLE, TensorSelection.ALL));
            } catch (FormatException e) {
                assertTrue(e.getMessage().contains(" must "), e.getMessage());
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
        for (int cut = 0; cut < whole.length; cut += 7) {
            Files.write(file, Arrays.copyOf(whole, cut));
            assertTrue(refusal(file, TABLE).contains(" must "));
        }
        Files.write(file, whole);
        assertArrayEquals(whole, Files.readAllBytes(file));
        assertEquals(expected(), read(TensorFiles.open(file, TABLE, TensorSelection.ALL)));
    }

    @Test
    void itsReadingTellsTheColumns() throws IOException {
        // The names tell pairs apart whatever blanks they have; a file opened by columns is read in no way of its own.
        String reading = TensorFiles.open(file, TABLE, TensorSelection.ALL).reading();
        assertEquals("by columns 6 tensor values", reading);
        assertEquals("", TensorFiles.open(file).reading());
        TensorSelection bytes = new TensorSelection(name -> true, true);
        assertEquals(
                reading + " bytes as values",
                TensorFiles.open(file, TABLE, bytes).reading());
    }
}
