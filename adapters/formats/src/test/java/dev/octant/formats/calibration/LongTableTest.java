// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of more tensors than any model has: what is written can be read. */
class LongTableTest {
    @TempDir
    private Path folder;

    private static CalibrationFile table(int tensors) {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        ValueCounts counts = new ValueCounts(1_000_000_007L, 5, 1, 2, 3, -1.5f, 3.25f);
        for (int i = 0; i < tensors; i++) {
            float scale = 0.01f + i * 1e-7f;
            entries.put(
                    "/model/layers." + i + "/mlp/act_fn/Mul_output_0",
                    new CalibrationTable.Entry(
                            RealRange.of(-127 * (double) scale, 127 * (double) scale),
                            QuantParams.of(QuantType.INT8, scale, 0),
                            "percentile=99.99",
                            counts,
                            Optional.of(String.format("%064x", i))));
        }
        return new CalibrationFile("octant 0.1.0", Optional.of(QuantScheme.SYMMETRIC), CalibrationTable.of(entries));
    }

    /** Longer than 64 MiB, and of more tokens than a tree may have in a small heap. */
    @Tag("exhaustive")
    @Test
    void aTableOfOursIsReadWhateverItsLength() throws IOException {
        CalibrationFile table = table(95_000);
        Path file = folder.resolve("long.json");
        table.write(file);
        assertTrue(Files.size(file) > 64 << 20, "bytes " + Files.size(file));
        assertEquals(CalibrationFormat.OCTANT, CalibrationFormat.ofContent(file));
        CalibrationFile read = CalibrationFile.read(file);
        assertEquals(table, read);
        assertEquals(
                new ArrayList<>(table.table().entries().keySet()),
                new ArrayList<>(read.table().entries().keySet()));
    }

    @ParameterizedTest
    @EnumSource
    void everyFormatReadsFortyFiveThousandTensors(CalibrationFormat format) throws IOException {
        CalibrationFile table = table(45_000);
        Path file = folder.resolve("table");
        format.export(table).write(file);
        assertEquals(format, CalibrationFormat.ofContent(file));
        CalibrationTable read =
                format.read(file, QuantType.INT8, QuantScheme.SYMMETRIC).file().table();
        assertEquals(table.table().entries().keySet(), read.entries().keySet());
    }

    /** What is wrong with the last of many is said with its place, and a wrong schema before any. */
    @Test
    void tensorsAreJudgedOneByOne() throws IOException {
        Path file = folder.resolve("long.json");
        table(3000).write(file);
        String text = Files.readString(file);
        int last = text.lastIndexOf("\"zeroPoint\" : 0");
        Files.writeString(file, text.substring(0, last) + "\"zeroPoint\" : 300" + text.substring(last + 15));
        String refused = assertThrows(FormatException.class, () -> CalibrationFile.read(file))
                .getMessage();
        assertTrue(refused.contains("$.tensors[2999]"), refused);
        Files.writeString(file, text.replace("\"schema\" : 1", "\"schema\" : 2").replace("\"method\"", "\"m\""));
        String other = assertThrows(FormatException.class, () -> CalibrationFile.read(file))
                .getMessage();
        assertTrue(other.contains("$.schema must be 1, was 2"), other);
        // Fields may come in any order.
        String tensors = text.substring(text.indexOf("\"tensors\""), text.lastIndexOf("]") + 1);
        Files.writeString(
                file, "{" + tensors + ", \"tool\": \"octant 0.1.0\", \"scheme\": \"symmetric\", \"schema\": 1}");
        assertEquals(table(3000), CalibrationFile.read(file));
        Files.writeString(file, "{\"tensors\": [], " + tensors + ", \"tool\": \"octant\", \"schema\": 1}");
        assertThrows(FormatException.class, () -> CalibrationFile.read(file));
        Files.writeString(file, "{\"schema\": 1, \"tool\": \"octant\", \"tensors\": {}}");
        assertTrue(assertThrows(FormatException.class, () -> CalibrationFile.read(file))
                .getMessage()
                .contains("$.tensors must be an array"));
    }
}
