// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.calibration.CalibrationFile;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/calibration.md, as it stands there. */
class PageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "calibration.md");

    @TempDir
    Path folder;

    @Test
    void theProgramOfThePageRuns() throws Exception {
        Path data = Files.createDirectory(folder.resolve("activations"));
        try (InputStream digits = digits()) {
            Files.copy(digits, data.resolve("digits.npz"));
        }
        Path table = folder.resolve("table.json");
        String printed = PageProgram.run(folder, "Calibrate", program(), data.toString(), table.toString());

        CalibrationFile file = CalibrationFile.read(table);
        assertEquals("my tool 1.0", file.tool());
        assertEquals(6, file.table().entries().size());
        assertEquals(6, printed.lines().count(), printed);
        assertTrue(printed.startsWith("act: silu by consumer(silu), input "), printed);
    }

    @Test
    void theCommandLineIsNotThere() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("dev.octant.cli.Octant"));
        assertThrows(ClassNotFoundException.class, () -> Class.forName("picocli.CommandLine"));
    }

    static InputStream digits() {
        return PageTest.class.getResourceAsStream("/dev/octant/cli/digits/digits_preactivations.npz");
    }

    static String program() throws Exception {
        return PageProgram.of(PAGE);
    }
}
