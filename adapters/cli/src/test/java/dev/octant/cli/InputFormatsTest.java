// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputFormatsTest {
    private static final float[] VALUES = {-1, 0, 0.25f, 3, 2, 1.5f};

    @TempDir
    Path folder;

    @Test
    void theSameValuesGiveTheSameTableFromEveryFormat() throws IOException {
        Path npy = Arrays.floats(folder.resolve("act.npy"), VALUES);
        byte[] array = Files.readAllBytes(npy);
        Path npz = Arrays.npz(folder.resolve("a.npz"), "act", array);
        ByteBuffer data = ByteBuffer.allocate(4 * VALUES.length).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder csv = new StringBuilder("act\n");
        for (float value : VALUES) {
            data.putFloat(value);
            csv.append(value).append('\n');
        }
        byte[] header =
                "{\"act\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}".getBytes(StandardCharsets.UTF_8);
        Path safetensors = folder.resolve("a.safetensors");
        ByteBuffer whole = ByteBuffer.allocate(8 + header.length + 24).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                safetensors,
                whole.putLong(header.length).put(header).put(data.flip()).array());
        Path text = Files.writeString(folder.resolve("a.csv"), csv);
        String expected = Shell.run("calibrate", npy).out();
        assertTrue(expected.contains("act"), expected);
        assertEquals(expected, Shell.run("calibrate", npz).out());
        assertEquals(expected, Shell.run("calibrate", safetensors).out());
        assertEquals(expected, Shell.run("calibrate", text).out());
        assertEquals(0, Shell.run("evaluate", text).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"npy", "npz", "safetensors", "parquet", "csv", "tsv"})
    void damagedFilesOfEveryFormatAreOneSentence(String ending) throws IOException {
        for (String start : new String[] {"", "PAR1", "PK\u0003\u0004", "7\n", "a,b\nc,d\n"}) {
            Path file = Files.writeString(folder.resolve("bad." + ending), start);
            for (String command : new String[] {"calibrate", "evaluate"}) {
                Shell shell = Shell.run(command, file);
                assertEquals(2, shell.code(), shell.err());
                assertEquals(1, shell.err().lines().count(), shell.err());
                assertTrue(shell.err().contains(file + ": "), shell.err());
            }
        }
    }
}
