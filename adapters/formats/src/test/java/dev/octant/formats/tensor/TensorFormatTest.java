// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formats of other modules, of which nothing is known here. */
class TensorFormatTest {
    @TempDir
    Path folder;

    @Test
    void aFormatOfAnotherModuleIsFoundByItsService() throws IOException {
        Path file = Files.writeString(folder.resolve("a.toy"), "TOY\n1.5\n-2\n");
        Path named = Files.writeString(folder.resolve("b.TOY"), "TOY\n3\n");
        Files.writeString(folder.resolve("c.other"), "TOY\n4\n");
        assertEquals(List.of(file, named), TensorFiles.find(folder));
        assertTrue(TensorFiles.isFound(file));
        assertArrayEquals(new float[] {1.5f, -2}, values(file));
        assertArrayEquals(new float[] {4}, values(folder.resolve("c.other")));
    }

    @Test
    void itsBytesTellMoreThanAName() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "TOY\n7\n");
        assertEquals(
                List.of(ToyFormat.TENSOR), TensorFiles.open(file).parts().get(0).tensors());
        Path text = Files.writeString(folder.resolve("a.toy.csv"), "TOYS\n7\n");
        assertEquals(List.of("TOYS"), TensorFiles.open(text).parts().get(0).tensors());
    }

    @Test
    void itsEndingStandsAmongThose() throws IOException {
        Path file = Files.writeString(folder.resolve("a.bin"), "none");
        assertEquals(
                file
                        + ": file must be one of .npy, .npz, .safetensors, .csv, .tsv, .toy or .faulty,"
                        + " was none of them "
                        + "by its first"
                        + " bytes and name",
                assertThrows(FormatException.class, () -> TensorFiles.open(file))
                        .getMessage());
    }

    private static float[] values(Path file) throws IOException {
        float[][] seen = new float[1][];
        TensorFiles.open(file).parts().get(0).read((tensor, block, offset, length) -> {
            seen[0] = Arrays.copyOfRange(block, offset, offset + length);
            return true;
        });
        return seen[0];
    }
}
