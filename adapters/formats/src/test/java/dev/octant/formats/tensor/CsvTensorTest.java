// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTensorTest {
    @TempDir
    Path folder;

    private Map<String, List<Float>> read(String name, String text) throws IOException {
        Map<String, List<Float>> floats = new LinkedHashMap<>();
        TensorFile file = TensorFiles.open(Files.writeString(folder.resolve(name), text));
        Drained.file(file)
                .forEach((tensor, bits) -> floats.put(
                        tensor, bits.stream().map(Float::intBitsToFloat).toList()));
        return floats;
    }

    @Test
    void columnsAreTensorsAndEmptyCellsAreNoValues() throws IOException {
        assertEquals(
                Map.of("a", List.of(1f, -2.5f, 4f), "b b", List.of(0.1f, 3e-3f), "c", List.of()),
                read("x.csv", "a,b b,c\n1,.1\n-2.5,,\n\n,\"3e-3\", \n 4 \n"));
        assertEquals(Map.of("a", List.of(1f), "b", List.of(2f)), read("x.TSV", "\uFEFFa\tb\r\n1\t2\r\n"));
        assertEquals(Map.of("a,\n\"b\"", List.of(7f)), replaceLines(read("x.csv", "\"a,\"\"b\"\"\"\n7")));
    }

    private static Map<String, List<Float>> replaceLines(Map<String, List<Float>> values) {
        Map<String, List<Float>> renamed = new LinkedHashMap<>();
        values.forEach((name, floats) -> renamed.put(name.replace(",", ",\n"), floats));
        return renamed;
    }

    @Test
    void numbersRoundOnceAndSpecialsHaveManySpellings() throws IOException {
        String text = "x\nNaN\n-nan\nINF\n+inf\n-Infinity\n-0\n1e-46\n1e39\n0x1.8p1\n+5.\n"
                // Beside the middle of two floats: by way of double both would be the middle.
                + "1.00000017881393432617187499\n1.00000017881393432617187501\n";
        List<Float> expected = new ArrayList<>(List.of(
                Float.NaN,
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                -0f,
                0f,
                Float.POSITIVE_INFINITY,
                3f,
                5f,
                0x1.000002p0f,
                0x1.000004p0f));
        assertEquals(expected, read("x.csv", text).get("x"));
    }

    @Test
    void manyRowsAndColumnsKeepTheirOrder() throws IOException {
        Random random = new Random(3);
        Map<String, List<Float>> expected = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        int columns = 700;
        for (int c = 0; c < columns; c++) {
            expected.put("column" + c, new ArrayList<>());
            text.append(c == 0 ? "" : ",").append("column").append(c);
        }
        for (int row = 0; row < 3000; row++) {
            text.append('\n');
            for (int c = 0; c < columns; c++) {
                text.append(c == 0 ? "" : ",");
                if (random.nextInt(50) == 0) {
                    float value = Float.intBitsToFloat(random.nextInt() & 0x7F7FFFFF);
                    expected.get("column" + c).add(value);
                    text.append(value);
                }
            }
        }
        assertEquals(expected, read("x.csv", text.toString()));
    }

    @Test
    void onlyColumnsAskedForAreRead() throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), "id,a\nfirst,1\nsecond,2\n");
        assertEquals(1, TensorFiles.open(file, "a"::equals).parts().size());
        assertEquals(2, Drained.count(TensorFiles.open(file, "a"::equals)));
        assertEquals(List.of(), TensorFiles.open(file, "b"::equals).parts());
    }

    /** What pandas writes beside the values, text and masks: the others are read. */
    @Test
    void columnsThatAreNoTensorsAreLeftOut() throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.csv"), ",Unnamed: 0.1,a,kind,mask,b\n0,7,1.5,cat,True,\n1,8,2.5,7,1,3\n");
        TensorFile opened = TensorFiles.open(file);
        assertEquals(List.of("a", "b"), opened.parts().get(0).tensors());
        assertEquals(
                List.of("column 1", "Unnamed: 0.1", "kind", "mask"),
                opened.leftOut().stream().map(LeftOut::tensor).toList());
        assertEquals(
                3,
                Drained.count(TensorFiles.open(file, name -> List.of("a", "b").contains(name))));
        assertEquals(List.of(), TensorFiles.open(file, "a"::equals).leftOut());
    }
}
