// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.LongTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint is gone on from where the same values are read: whatever says otherwise of a file that is the same, byte
 * by byte, refuses it.
 */
class CheckpointReadingTest {
    @TempDir
    private Path folder;

    private Path file;
    private Path place;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("a.pairs"), "PAIRS\nv1_a,v2_a\n1,-50\n2,-60\n");
        place = folder.resolve("c.checkpoint");
    }

    @AfterEach
    void forget() {
        PairsFormat.reading = "";
    }

    private TensorInputs open(Optional<LongTable> table, String names, List<String> chosen, boolean bytesAsValues)
            throws IOException {
        TensorChoice choice = new TensorChoice(chosen, List.of());
        return TensorInputs.open(List.of(file), table, new NamePattern(names), choice, bytesAsValues);
    }

    private TensorInputs table(String tensors, String values) throws IOException {
        return open(Optional.of(new LongTable(tensors, values)), "{name}", List.of(), false);
    }

    private CalibrationRun run(TensorInputs inputs) throws IOException {
        return CalibrationRun.withCheckpoint(inputs.files(), Given.settings(1), place, Duration.ofDays(1));
    }

    private void stop(TensorInputs inputs) throws IOException {
        Files.deleteIfExists(place);
        CalibrationRun run = run(inputs);
        run.stop();
        assertTrue(run.run().isSaved());
        assertTrue(run(inputs).isResumed(), "the same");
    }

    private void isRefused(TensorInputs inputs) {
        String message = assertThrows(FormatException.class, () -> run(inputs)).getMessage();
        assertTrue(message.startsWith(place + ": checkpoint must belong to the same data, was of a.pairs"), message);
        assertFalse(message.contains("before it changed"), message);
    }

    @Test
    void anotherColumnOfALongTable() throws IOException {
        stop(table("n", "v1_a"));
        isRefused(table("n", "v2_a"));
        isRefused(table("m", "v1_a"));
        assertEquals(
                2,
                run(table("n", "v1_a"))
                        .run()
                        .tensors()
                        .get("x")
                        .values()
                        .range()
                        .max());
    }

    @Test
    void twoPairsOfColumnsAreNeverOneText() throws IOException {
        Files.writeString(file, "PAIRS\nc,b c\n1,-50\n");
        stop(table("a b", "c"));
        isRefused(table("a", "b c"));
    }

    @Test
    void columnsOfAnyLength() throws IOException {
        String same = "n".repeat(70_000);
        stop(table(same + "1", "v1_a"));
        isRefused(table(same + "2", "v1_a"));
    }

    @Test
    void anotherArrayOfTheSameNameByThePattern() throws IOException {
        stop(open(Optional.empty(), "v1_{name}", List.of("a"), false));
        isRefused(open(Optional.empty(), "v2_{name}", List.of("a"), false));
        stop(open(Optional.empty(), "v{name}", List.of(), false));
    }

    @Test
    void anotherWordOfTheFormatItself() throws IOException {
        for (Optional<LongTable> table :
                List.of(Optional.<LongTable>empty(), Optional.of(new LongTable("n", "v1_a")))) {
            PairsFormat.reading = "by rows of 2";
            stop(open(table, "{name}", List.of(), false));
            PairsFormat.reading = "by rows of 3";
            isRefused(open(table, "{name}", List.of(), false));
        }
    }

    @Test
    void bytesAsValuesOrNot() throws IOException {
        stop(open(Optional.empty(), "{name}", List.of(), true));
        isRefused(open(Optional.empty(), "{name}", List.of(), false));
    }

    @Test
    void otherTensors() throws IOException {
        stop(open(Optional.empty(), "{name}", List.of("v1_a"), false));
        String message = assertThrows(
                        FormatException.class, () -> run(open(Optional.empty(), "{name}", List.of("v2_a"), false)))
                .getMessage();
        assertTrue(message.startsWith(place + ": checkpoint must "), message);
    }
}
