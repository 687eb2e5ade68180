// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** The folder may be moved at any moment, and another take its place: nothing is left in either. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aFolderThatIsMovedMeanwhileIsTidy(boolean isReplaced, boolean fails) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            Assumptions.assumeTrue(stream instanceof SecureDirectoryStream, "open folders cannot be used here");
        }
        Path state = Files.createDirectory(folder.resolve("state"));
        Path file = Files.writeString(state.resolve("file"), "old");
        Path moved = folder.resolve("moved");
        IOException failure = new IOException("input broke");
        IOException thrown = assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    Files.move(state, moved);
                    if (isReplaced) {
                        Files.createDirectory(state);
                    }
                    if (fails) {
                        throw failure;
                    }
                }));
        if (fails) {
            assertSame(failure, thrown);
        } else {
            assertTrue(thrown.getMessage().startsWith(file + ": output must be writable"), thrown.getMessage());
        }
        try (var left = Files.list(moved)) {
            assertEquals(List.of(moved.resolve("file")), left.toList());
        }
        assertEquals("old", Files.readString(moved.resolve("file")));
        if (isReplaced) {
            Files.delete(state);
        }
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
        Process writer = new ProcessBuilder(java(StuckWriter.class, file.toString()))
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

    private void requirePosix() throws IOException {
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "a POSIX file system");
    }

    /** The rights of every kind of mode, and of the temporary file while it is written: its owner's only. */
    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rwxr-x--x", "rw-rw-rw-", "r--r--r--", "-w-------"})
    void aFileThatIsReplacedKeepsItsMode(String mode) throws IOException {
        requirePosix();
        Path file = Files.writeString(folder.resolve("table.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        AtomicFile.write(file, out -> {
            out.write("new".getBytes(StandardCharsets.UTF_8));
            out.flush();
            Path temporary =
                    files().stream().filter(f -> !f.equals(file)).findFirst().orElseThrow();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)));
        });
        assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals("new", Files.readString(file));
    }

    /** Who let a file run as its owner or group trusted what was in it. */
    @Test
    void aFileThatIsReplacedRunsAsNobodyElse() throws IOException {
        Assumptions.assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("unix"));
        Path file = Files.writeString(folder.resolve("file"), "old");
        Files.setAttribute(file, "unix:mode", 07755);
        Assumptions.assumeTrue(((int) Files.getAttribute(file, "unix:mode") & 07777) == 07755);
        AtomicFile.write(file, text("new"));
        assertEquals(0755, (int) Files.getAttribute(file, "unix:mode") & 07777);
    }

    /** Only the superuser gives files away; for others there is nothing to see here. */
    @Test
    void aFileThatIsReplacedKeepsItsOwnerAndGroup() throws IOException {
        requirePosix();
        Path file = Files.writeString(folder.resolve("table.json"), "old");
        try {
            Files.setAttribute(file, "unix:uid", 12_345);
            Files.setAttribute(file, "unix:gid", 54_321);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            Assumptions.abort("files cannot be given away here");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        AtomicFile.write(file, text("new"));
        assertEquals(12_345, Files.getAttribute(file, "unix:uid"));
        assertEquals(54_321, Files.getAttribute(file, "unix:gid"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("new", Files.readString(file));
    }

    private Path link(String name, Path target) throws IOException {
        try {
            return Files.createSymbolicLink(folder.resolve(name), target);
        } catch (UnsupportedOperationException e) {
            return Assumptions.abort("no links here");
        }
    }

    /** A link to a file that is missing, over another link and a folder that is one: the last in the row is written. */
    @Test
    void aLinkToAMissingFileStays() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        Path linkToFolder = link("folder", there.getFileName());
        Path second = link("there/second", Path.of("..", "folder", "file"));
        Path first = link("first", linkToFolder.resolve("second"));
        AtomicFile.write(first, text("one"));
        AtomicFile.write(first, text("two"));
        assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
        assertEquals("two", Files.readString(there.resolve("file")));
        try (var entries = Files.list(there)) {
            assertEquals(2, entries.count());
        }
    }

    @Test
    void linksInALoopAreOneSentence() throws IOException {
        Path one = link("one", Path.of("two"));
        link("two", Path.of("one"));
        assertRefused(one, one + ": output must lead to a file, was a link in a loop");
        Path itself = link("itself", Path.of("itself"));
        assertRefused(itself, itself + ": output must lead to a file, was a link in a loop");
        Path lost = link("lost", Path.of("none", "file"));
        assertRefused(lost, lost + ": folder of the output must exist, was missing");
    }

    /** 255 bytes are what file systems know, of UTF-8, so fewer letters where they are not of ASCII. */
    @Test
    void aNameTooLongIsRefusedBeforeTheContentIsAsked() {
        Charset locale = Charset.forName(System.getProperty("sun.jnu.encoding"));
        String letter = locale.newEncoder().canEncode("\u20ac") ? "\u20ac" : "n";
        for (String name : List.of("n".repeat(300), letter.repeat(300 / letter.getBytes(locale).length))) {
            Path file = folder.resolve(name);
            FormatException refused = assertThrows(
                    FormatException.class,
                    () -> AtomicFile.write(file, out -> {
                        throw new AssertionError("the content was asked for");
                    }));
            assertTrue(refused.getMessage().startsWith(file + ": output must be writable, was refused"));
        }
    }

    @Test
    void aPipeIsWrittenAsAStream() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assumeDone("mkfifo", pipe.toString());
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        AtomicFile.write(pipe, text("through"));
        assertEquals("through", new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, reader.waitFor());
        assertEquals(List.of(pipe), files());
        assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
    }

    private static void assumeDone(String... command) throws IOException, InterruptedException {
        try {
            Assumptions.assumeTrue(new ProcessBuilder(command).start().waitFor() == 0, command[0]);
        } catch (IOException e) {
            Assumptions.abort(command[0] + " is not here");
        }
    }

    /**
     * Descriptors that a shell has opened: what stands in their files stays, what the shell writes then comes after.
     */
    @ParameterizedTest
    @CsvSource({
        "/dev/stdout, >>log, >&1",
        "/dev/stdout, >log, >&1",
        "/dev/stderr, 2>>log, >&2",
        "/dev/stderr, 2>log, >&2",
        "/dev/fd/1, >>log, >&1",
        "/proc/self/fd/1, >log, >&1",
        "/proc/self/fd/2, 2>log, >&2",
        "/dev/fd/3, 3>>log, >&3",
        "/proc/self/fd/3, 3>>log, >&3",
        "link, >log, >&1"
    })
    void anOpenDescriptorIsWrittenWhereItStands(String target, String opened, String toIt)
            throws IOException, InterruptedException {
        assumeDescriptors();
        Path link = link("link", Path.of("/dev/stdout"));
        Files.writeString(folder.resolve("log"), "old\n");
        String script = "{ echo before " + toIt + "; \"$@\"; echo after " + toIt + "; } " + opened;
        assertEquals(0, shell(script, target.equals("link") ? link.toString() : target));
        String expected = "before\nwritten\nafter\n";
        Files.delete(link);
        assertEquals(opened.contains(">>") ? "old\n" + expected : expected, Files.readString(folder.resolve("log")));
    }

    /** Opened for reading only, it must not be written by another way. */
    @Test
    void aDescriptorOpenForReadingIsRefused() throws IOException, InterruptedException {
        assumeDescriptors();
        Path log = Files.writeString(folder.resolve("log"), "kept");
        for (String target : List.of("/dev/stdin", "/dev/fd/0")) {
            assertEquals(3, shell("\"$@\" <log", target));
            assertEquals("kept", Files.readString(log));
        }
        assertEquals(3, shell("\"$@\"", "/dev/fd/77"));
    }

    private static void assumeDescriptors() {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")) && Files.exists(Path.of("/bin/sh")));
    }

    /** Runs a script in the folder, with the call of {@link LineWriter} for a target as its words. */
    private int shell(String script, String target) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        words.addAll(java(LineWriter.class, target));
        return new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static List<String> java(Class<?> main, String argument) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName(),
                argument);
    }

    /** Writes one line; exit code 3 if that is refused. */
    static final class LineWriter {
        private LineWriter() {}

        public static void main(String[] arguments) throws IOException {
            try {
                AtomicFile.write(Path.of(arguments[0]), out -> out.write("written\n".getBytes(StandardCharsets.UTF_8)));
            } catch (FormatException e) {
                System.exit(3);
            }
        }
    }

    /** A process that is told to end leaves no temporary file, and the target as it was. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalLeavesNoTemporaryFile(String signal) throws IOException, InterruptedException {
        assumeHeard(signal);
        Path file = Files.writeString(folder.resolve("table.json"), "old");
        Process writer = new ProcessBuilder(java(StuckWriter.class, file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('w', writer.getInputStream().read());
            assertEquals(2, files().size());
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-" + signal, String.valueOf(writer.pid()))
                            .start()
                            .waitFor());
            assertTrue(writer.waitFor() > 128, "ended by the signal");
        } finally {
            writer.destroyForcibly();
        }
        assertEquals(List.of(file), files());
        assertEquals("old", Files.readString(file));
    }

    /** A process started in the background, or by nohup, hands its children that a signal is to be ignored. */
    private static void assumeHeard(String signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "needs Linux");
        int number = Map.of("HUP", 1, "INT", 2, "TERM", 15).get(signal);
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElseThrow();
        Assumptions.assumeTrue((Long.parseUnsignedLong(ignored, 16) >> (number - 1) & 1) == 0, signal + " is ignored");
    }

    @Test
    void anInterruptIsSaid() throws IOException {
        Path file = folder.resolve("table.json");
        Thread.currentThread().interrupt();
        try {
            FormatException e = assertThrows(FormatException.class, () -> AtomicFile.write(file, text("new")));
            assertEquals(file + ": output must be written without an interrupt, was interrupted", e.getMessage());
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(), files());
    }

    /** What a shutdown hook writes, or waits for, is written. */
    @Test
    void aHookMayStillWrite() throws IOException, InterruptedException {
        Path file = folder.resolve("table.json");
        Process writer = new ProcessBuilder(java(LateWriter.class, file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(7, writer.waitFor());
        assertEquals(List.of("late.json", "table.json"), names());
        assertEquals("long", Files.readString(file));
        assertEquals("late", Files.readString(folder.resolve("late.json")));
    }

    /** Ends in the middle of a write, with a hook that waits for that write and then makes another. */
    static final class LateWriter {
        private LateWriter() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            CountDownLatch ending = new CountDownLatch(1);
            CountDownLatch written = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ending.countDown();
                try {
                    written.await();
                    AtomicFile.write(
                            file.resolveSibling("late.json"),
                            out -> out.write("late".getBytes(StandardCharsets.UTF_8)));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            try {
                AtomicFile.write(file, out -> {
                    new Thread(() -> System.exit(7)).start();
                    try {
                        ending.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    out.write("long".getBytes(StandardCharsets.UTF_8));
                });
            } finally {
                // Whatever came of it: the hook waits, and the test waits for the hook.
                written.countDown();
            }
        }
    }

    private static void assertRefused(Path target, String message) {
        FormatException refused = assertThrows(FormatException.class, () -> AtomicFile.write(target, text("x")));
        assertEquals(message, refused.getMessage());
    }
}
