// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFilesTest {
    @TempDir
    Path folder;

    @Test
    void listsTensorFilesByName() throws IOException {
        for (String name : List.of("b.npy", "a.npz", "C.NPY", "note.txt", ".npy", "b.npy.tmp")) {
            Files.writeString(folder.resolve(name), "");
        }
        Files.createDirectory(folder.resolve("folder.npy"));
        assertEquals(
                List.of(folder.resolve("C.NPY"), folder.resolve("a.npz"), folder.resolve("b.npy")),
                TensorFiles.find(folder));
        assertEquals(List.of(folder.resolve("note.txt")), TensorFiles.find(folder.resolve("note.txt")));
    }

    @Test
    void nothingToReadIsRefused() {
        FormatException empty = assertThrows(FormatException.class, () -> TensorFiles.find(folder));
        assertEquals(
                folder
                        + ": folder must hold .npy, .npz, .safetensors, .csv, .tsv, .toy or .faulty files,"
                        + " was without any",
                empty.getMessage());
        Path lost = folder.resolve("lost");
        FormatException missing = assertThrows(FormatException.class, () -> TensorFiles.find(lost));
        assertEquals(lost + ": input must exist, was missing", missing.getMessage());
        FormatException opened = assertThrows(FormatException.class, () -> ArrayReader.open(folder));
        assertEquals(folder + ": input must be a file, was a folder", opened.getMessage());
    }

    /** Files of one name in two folders may be two tensors: what lies there is read when it is asked for. */
    @Test
    void foldersAreNotLookedInto() throws IOException {
        for (String name : List.of("b", "a", ".hidden")) {
            Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("x.csv"), "v\n1\n");
        }
        assertEquals(List.of(folder.resolve("a"), folder.resolve("b")), TensorFiles.folders(folder));
        FormatException none = assertThrows(FormatException.class, () -> TensorFiles.find(folder));
        assertTrue(
                none.getMessage()
                        .endsWith(" files, was without any; it has 2 folders, which must be given to be read, as "
                                + folder + "/*/"),
                none.getMessage());
        Path file = Files.writeString(folder.resolve("y.csv"), "v\n1\n");
        assertEquals(List.of(file), TensorFiles.find(folder));
        assertEquals(List.of(), TensorFiles.folders(file));
    }

    /** What the JVM could not read of a name it shows as U+FFFD: two such files may have one name. */
    @Test
    void aNameThatCouldNotBeReadIsRefused() {
        Path unreadable;
        try {
            unreadable = folder.resolve("a\uFFFD.csv");
        } catch (InvalidPathException e) {
            Assumptions.abort("this locale has no such character");
            return;
        }
        FormatException refused = assertThrows(FormatException.class, () -> TensorFiles.open(unreadable));
        assertTrue(refused.getMessage().contains(": name must have only "), refused.getMessage());
    }

    @Test
    void namesLoseTheirExtension() {
        assertEquals("act", TensorFiles.baseName(Path.of("in", "act.npy")));
        assertEquals("act.v1", TensorFiles.baseName(Path.of("act.v1.NPZ")));
        assertEquals("stdin", TensorFiles.baseName(Path.of("/dev/stdin")));
        assertEquals(".npy", TensorFiles.baseName(Path.of(".npy")));
    }
}
