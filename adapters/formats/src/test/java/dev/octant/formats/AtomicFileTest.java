package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    private static AtomicFile.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void createsAndReplaces() throws IOException {
        Path file = folder.resolve("report.html");
        AtomicFile.write(file, text("one"));
        assertEquals("one", Files.readString(file));
        AtomicFile.write(file, text("two"));
        assertEquals("two", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void readersSeeTheOldContentUntilAllIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("table.json"), "old");
        AtomicFile.write(file, out -> {
            out.write(new byte[1 << 20]);
            out.flush();
            assertEquals("old", Files.readString(file));
        });
        assertEquals(1 << 20, Files.size(file));
    }

    @Test
    void failureLeavesTheFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("table.json"), "old");
        IOException failure = new IOException("input broke");
        IOException thrown = assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw failure;
                }));
        assertSame(failure, thrown);
        assertThrows(
                AssertionError.class,
                () -> AtomicFile.write(file, out -> {
                    throw new AssertionError("not even an exception");
                }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void newFilesHaveOrdinaryPermissions() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        Path file = folder.resolve("file");
        AtomicFile.write(file, text("x"));
        assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(file));
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, file.getFileName());
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no links here");
        }
        AtomicFile.write(link, text("new"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void aDeviceIsWrittenDirectly() throws IOException {
        Path device = Path.of("/dev/null");
        Assumptions.assumeTrue(Files.exists(device) && !Files.isRegularFile(device));
        AtomicFile.write(device, text("gone"));
        assertTrue(Files.exists(device) && !Files.isRegularFile(device));
    }

    @Test
    void unwritableTargetsAreOneSentence() throws IOException {
        assertRefused(folder, folder + ": output must be a file, was a folder");
        Path lost = folder.resolve("no").resolve("file");
        assertRefused(lost, lost + ": folder of the output must exist, was missing");
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path below = file.resolve("below");
        assertRefused(below, below + ": folder of the output must exist, was missing");
    }

    @Test
    void aFullDiskIsOneSentence() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full));
        FormatException refused = assertThrows(FormatException.class, () -> AtomicFile.write(full, text("x")));
        assertTrue(
                refused.getMessage().startsWith("/dev/full: output must be writable, was refused by the file system ("),
                refused.getMessage());
    }

    @Test
    void aFolderWithoutPermissionIsOneSentence() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Assumptions.assumeTrue(closed.toFile().setWritable(false) && !Files.isWritable(closed), "not for root");
        assertRefused(
                closed.resolve("file"),
                closed.resolve("file")
                        + ": output must be writable, was refused by the file system (permission denied)");
        assertTrue(closed.toFile().setWritable(true));
    }

    private static void assertRefused(Path target, String message) {
        FormatException refused = assertThrows(FormatException.class, () -> AtomicFile.write(target, text("x")));
        assertEquals(message, refused.getMessage());
    }
}
