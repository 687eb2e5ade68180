// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.formats.tensor.TensorSelection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/** Reads whatever stands in a file, and judges it: values or a sentence, and no more memory than promised. */
final class Reading {
    /** What reading allocates besides, the loading of classes for one. */
    private static final long BESIDES = 8 << 20;

    private static final Path FILE = temporaryFile();

    private Reading() {}

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("octant", ".parquet");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of values, or -1 where the file is refused. */
    static long check(Path path) throws IOException {
        return check(path, ParquetFormat.READING);
    }

    /** The same with a bound for the bytes that a part may take. */
    static long check(Path path, long bound) throws IOException {
        long most = Math.max(bound, ParquetFormat.FOOTER_FACTOR * Files.size(path)) + BESIDES;
        Result result = read(path);
        if (result.allocated() > most) {
            // Classes may have been loaded meanwhile; they are by now.
            result = read(path);
        }
        long allocated = result.allocated();
        assertTrue(allocated <= most, () -> "allocated " + allocated + " of " + most);
        return result.values();
    }

    /** The same for bytes. */
    static long check(byte[] content) throws IOException {
        return check(Files.write(FILE, content));
    }

    /**
     * What came of a file.
     *
     * @param values -1 where it is refused
     * @param allocated by all threads, while it was opened or a part was read, whichever took most
     */
    private record Result(long values, long allocated) {}

    private static Result read(Path path) throws IOException {
        long[] count = new long[1];
        long most = 0;
        long start = allocated();
        try {
            TensorFile file = new ParquetFormat().open(path, TensorSelection.ALL);
            most = allocated() - start;
            for (TensorPart part : file.parts()) {
                start = allocated();
                part.read((tensor, block, offset, length) -> {
                    count[0] += length;
                    return true;
                });
                most = Math.max(most, allocated() - start);
            }
        } catch (FormatException e) {
            most = Math.max(most, allocated() - start);
            assertSentence(e, path);
            count[0] = -1;
        }
        return new Result(count[0], most);
    }

    /** What all threads have allocated; 0 before JDK 21, which cannot tell. */
    static long allocated() {
        if (Runtime.version().feature() < 21) {
            return 0;
        }
        try {
            return (long) ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME), "TotalThreadAllocatedBytes");
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    static void assertSentence(FormatException e, Path file) {
        String message = e.getMessage();
        assertTrue(message.startsWith(file + ": ") || message.startsWith(file + ", row group "), message);
        assertTrue(message.contains(" must "), message);
        assertTrue(message.contains(", was "), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
        assertTrue(message.length() < 500 + file.toString().length(), message);
    }
}
