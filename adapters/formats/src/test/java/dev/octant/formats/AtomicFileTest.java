package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

    /** A process that is killed while it writes leaves a file; the next write deletes it once it is a day old. */
    @Test
    void whatAKilledWriterLeftIsDeletedAfterADay() throws IOException, InterruptedException {
        Path file = folder.resolve("table.json");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes(StuckWriter.class) + File.pathSeparator + classes(AtomicFile.class),
                        StuckWriter.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path temporary;
        try {
            assertEquals('w', writer.getInputStream().read());
            temporary = files().get(0);
            assertEquals(List.of(temporary), files());

            age(temporary);
            AtomicFile.write(file, text("while it writes"));
            assertTrue(Files.exists(temporary), "a writer lives, however long it is silent");
        } finally {
            writer.destroyForcibly().waitFor();
        }

        Files.setLastModifiedTime(temporary, FileTime.from(Instant.now().minus(Duration.ofHours(23))));
        AtomicFile.write(file, text("soon after"));
        assertTrue(Files.exists(temporary), "not a day old");

        age(temporary);
        AtomicFile.write(folder.resolve("other.json"), text("elsewhere"));
        assertTrue(Files.exists(temporary), "of another target");

        AtomicFile.write(file, text("in the end"));
        assertEquals(List.of("other.json", "table.json"), names());
        assertEquals("in the end", Files.readString(file));
    }

    private static String classes(Class<?> one) {
        try {
            return Path.of(one.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes half of a file and waits to be killed. */
    static final class StuckWriter {
        private StuckWriter() {}

        public static void main(String[] arguments) throws IOException {
            AtomicFile.write(Path.of(arguments[0]), out -> {
                out.write("half".getBytes(StandardCharsets.UTF_8));
                out.flush();
                System.out.write('w');
                System.out.flush();
                if (System.in.read() < 0) {
                    throw new IOException("the test has ended without killing this process");
                }
            });
        }
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    }

    private List<String> names() throws IOException {
        return files().stream()
                .map(file -> file.getFileName().toString())
                .sorted()
                .toList();
    }

    /** Another writer of the same JVM, which no lock of the operating system tells apart. */
    @Test
    void aWriterOfThisProcessIsLeftAlone() throws IOException {
        Path file = folder.resolve("table.json");
        AtomicFile.write(file, out -> {
            out.write(1);
            out.flush();
            Path temporary = files().get(0);
            age(temporary);
            AtomicFile.write(file, text("meanwhile"));
            assertTrue(Files.exists(temporary));
        });
        assertEquals(List.of("table.json"), names());
        assertEquals(1, Files.size(file));
    }

    /** What only looks like a leftover of the target: files of others, a folder, a link. */
    @Test
    void nothingElseIsDeleted() throws IOException {
        Path file = folder.resolve("table.json");
        Path[] temporary = new Path[1];
        AtomicFile.write(file, out -> temporary[0] = files().get(0));
        String ours = temporary[0].getFileName().toString();
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        List<Path> others = new ArrayList<>(List.of(
                victim,
                Files.writeString(folder.resolve(".octant-5d1c2f3e-0000-4000-8000-000000000000.tmp"), "of old"),
                Files.writeString(folder.resolve(ours.replace(".tmp", ".txt")), "not temporary"),
                Files.writeString(folder.resolve("x" + ours), "another name"),
                Files.createDirectory(folder.resolve(ours.replaceFirst(".{4}\\.tmp$", "aaaa.tmp")))));
        try {
            others.add(Files.createSymbolicLink(folder.resolve(ours.replaceFirst(".{4}\\.tmp$", "bbbb.tmp")), victim));
        } catch (IOException | UnsupportedOperationException e) {
            // No links here: the others are still worth a look.
        }
        for (Path other : others) {
            age(other);
        }
        AtomicFile.write(file, text("new"));
        for (Path other : others) {
            assertTrue(Files.exists(other, LinkOption.NOFOLLOW_LINKS), other::toString);
        }
        assertEquals("mine", Files.readString(victim));
    }

    /** The temporary file's name does not grow with the target's. */
    @Test
    void aNameAsLongAsNamesMayBe() throws IOException {
        Path file = folder.resolve("n".repeat(250));
        AtomicFile.write(file, text("x"));
        assertEquals("x", Files.readString(file));
    }

    private static void assertRefused(Path target, String message) {
        FormatException refused = assertThrows(FormatException.class, () -> AtomicFile.write(target, text("x")));
        assertEquals(message, refused.getMessage());
    }
}
