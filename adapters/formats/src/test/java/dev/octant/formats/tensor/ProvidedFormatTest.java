// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.ReadInterruptedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a format of another module does wrong is one sentence with the file and the class, and no value is lost. */
class ProvidedFormatTest {
    private static final String CLASS = FaultyFormat.class.getName();

    @TempDir
    Path folder;

    private Path file;
    private Path csv;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(folder.resolve("texts"));
        csv = Files.writeString(folder.resolve("texts").resolve("a.csv"), "a\n1\n");
        file = Files.writeString(folder.resolve("a.faulty"), "FAULTY");
    }

    @AfterEach
    void mend() {
        FaultyFormat.fault = null;
    }

    private static long read(Path file) throws IOException {
        long[] count = {0};
        for (TensorPart part : TensorFiles.open(file).parts()) {
            part.read((tensor, block, offset, length) -> {
                count[0] += length;
                return true;
            });
        }
        return count[0];
    }

    private static String refusal(Reading reading) {
        String message = assertThrows(FormatException.class, reading::read).getMessage();
        assertTrue(message.contains(CLASS), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    /** Reads and is refused. */
    @FunctionalInterface
    private interface Reading {
        Object read() throws IOException;
    }

    @Test
    void oneThatKeepsToItsWordIsReadWhole() throws IOException {
        assertEquals(10, read(file));
        assertEquals(List.of(file), TensorFiles.find(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"constructor", "endings", "null endings", "upper endings", "bare endings", "dot endings"})
    void oneThatDoesNotLoadStopsOnlyWhatMayBeItsOwn(String fault) throws IOException {
        FaultyFormat.fault = fault;
        assertEquals(1, read(csv));
        assertEquals(List.of(csv), TensorFiles.find(csv.getParent()));
        assertTrue(TensorFiles.isFound(csv));
        refusal(() -> read(file));
        refusal(() -> TensorFiles.find(folder));
        String message = refusal(() -> TensorFiles.isFound(file));
        assertTrue(message.contains("ndings") || message.contains("no constructor"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accepts",
                "open",
                "null file",
                "null parts",
                "null tensors",
                "no tensors",
                "tensor twice",
                "unwanted tensor",
                "blank tensor",
                "negative values",
                "more values",
                "fewer values",
                "negative bytes",
                "negative sample",
                "long sample",
                "odd sample",
                "read",
                "deep read",
                "other name",
                "null name",
                "beyond block",
                "negative length",
                "null block"
            })
    void whatItDoesAmissIsRefused(String fault) throws IOException {
        FaultyFormat.fault = fault;
        assertEquals(1, read(csv), "its own files only");
        String message = refusal(() -> {
            for (TensorPart part :
                    TensorFiles.open(file, FaultyFormat.TENSOR::equals).parts()) {
                part.read((tensor, block, offset, length) -> true);
            }
            return read(file);
        });
        assertTrue(message.startsWith(file + ": format "), message);
    }

    @Test
    void whatADiskRefusesIsNamed() {
        FaultyFormat.fault = "disk";
        String message = assertThrows(IOException.class, () -> read(file)).getMessage();
        assertTrue(message.startsWith(file + ": format " + CLASS), message);
        assertTrue(message.endsWith("disk on fire"), message);
    }

    @Test
    void whatACallerThrowsPassesThrough() throws IOException {
        IllegalStateException own = new IllegalStateException("own");
        TensorPart part = TensorFiles.open(file).parts().get(0);
        assertSame(
                own,
                assertThrows(
                        IllegalStateException.class,
                        () -> part.read((tensor, block, offset, length) -> {
                            throw own;
                        })));
        assertSame(
                own,
                assertThrows(
                        IllegalStateException.class,
                        () -> TensorFiles.open(file, name -> name.isEmpty() || thrown(own))));
    }

    private static boolean thrown(RuntimeException own) {
        throw own;
    }

    @Test
    void aThreadThatIsInterruptedIsToldOfWhichFile() throws IOException {
        Path text = csv;
        Thread.currentThread().interrupt();
        try {
            assertEquals(
                    text + ": file must be read without an interrupt, was interrupted",
                    assertThrows(ReadInterruptedException.class, () -> TensorFiles.open(text))
                            .getMessage());
        } finally {
            assertTrue(Thread.interrupted());
        }
    }
}
