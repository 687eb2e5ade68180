// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reading a summary file or a checkpoint takes: what their javadoc states, whatever the file holds. */
class RunFileMemoryTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    /** Summary files that make as much of a byte as they can, every checksum right. */
    enum Hostile {
        TINY_TENSORS {
            @Override
            void write(DataOutputStream out, int length) throws IOException {
                byte[] empty = summary();
                for (int i = 0; out.size() < length; i++) {
                    out.writeBoolean(true);
                    out.writeUTF(String.format("%06x", i));
                    out.write(empty);
                }
            }
        },
        LONG_NAMES {
            @Override
            void write(DataOutputStream out, int length) throws IOException {
                byte[] empty = summary();
                String rest = "\u20ac".repeat((65_535 - 6) / 3);
                for (int i = 0; out.size() < length; i++) {
                    out.writeBoolean(true);
                    out.writeUTF(String.format("%06x", i) + rest);
                    out.write(empty);
                }
            }
        },
        CLAIMED_LENGTH {
            @Override
            void write(DataOutputStream out, int length) throws IOException {
                out.writeBoolean(true);
                out.writeUTF("a");
                // The longest content that a histogram may claim, and another after it.
                out.write(summary(), 0, 5);
                out.writeInt(Integer.MAX_VALUE);
                out.write(new byte[length]);
            }
        };

        abstract void write(DataOutputStream out, int length) throws IOException;

        private static byte[] summary() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            TensorSummary.EMPTY.writeTo(new DataOutputStream(bytes));
            return bytes.toByteArray();
        }

        Path written(Path folder, int length) throws IOException {
            Path file = folder.resolve(name() + length);
            CRC32C checksum = new CRC32C();
            try (OutputStream target = new BufferedOutputStream(Files.newOutputStream(file));
                    DataOutputStream out = new DataOutputStream(new CheckedOutputStream(target, checksum))) {
                out.writeInt(0x4F435446);
                out.writeByte(1);
                write(out, length);
                out.writeBoolean(false);
                out.writeInt((int) checksum.getValue());
            }
            return file;
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @ParameterizedTest
    @EnumSource
    void whatASummaryFileTakesIsBoundedByItsSize(Hostile hostile) throws IOException {
        Path file = hostile.written(folder, MIB / 4);
        AnyRunFile.isSummary(file);
        long before = allocated();
        // Read once, then merged with itself: three times in all.
        boolean read = AnyRunFile.isSummary(file);
        long taken = allocated() - before;
        long bound = 3 * (SummaryFile.MOST_FACTOR * Files.size(file) + MIB);
        assertEquals(hostile != Hostile.CLAIMED_LENGTH, read);
        assertTrue(taken < bound, hostile + ": " + taken + " bytes allocated for " + Files.size(file));
    }

    /** Reads files one after the other, in a JVM of its own. */
    static final class Main {
        private Main() {}

        public static void main(String[] files) throws IOException {
            for (String file : files) {
                AnyRunFile.isSummary(Path.of(file));
            }
        }
    }

    /** Some ten thousand summaries, if they were held, would take 1 GB. */
    @Test
    void aSummaryFileIsNotHeld() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx16m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        Hostile.TINY_TENSORS.written(folder, MIB).toString(),
                        Hostile.LONG_NAMES.written(folder, 30 * MIB).toString(),
                        Hostile.CLAIMED_LENGTH.written(folder, 30 * MIB).toString())
                .inheritIO()
                .start();
        assertEquals(0, child.waitFor());
    }

    /** However long it is, and whatever is in it. */
    @Test
    void whatACheckpointTakesIsThatOfTheRun() throws IOException {
        AnyRunFile.Run run = new AnyRunFile.Run(folder);
        byte[] good = run.checkpoint();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long before = allocated();
            assertTrue(run.goesOnFrom(good));
            least = Math.min(least, allocated() - before);
        }
        for (byte fill : new byte[] {0, 1, 0x7F, -1}) {
            for (int kept : new int[] {4, 5, 7, good.length / 2, good.length - 4}) {
                byte[] hostile = Arrays.copyOf(good, 32 * MIB);
                Arrays.fill(hostile, kept, hostile.length, fill);
                CRC32C checksum = new CRC32C();
                checksum.update(hostile, 0, hostile.length - 4);
                java.nio.ByteBuffer.wrap(hostile).putInt(hostile.length - 4, (int) checksum.getValue());
                long before = allocated();
                assertFalse(run.goesOnFrom(hostile));
                long taken = allocated() - before;
                assertTrue(taken < least + MIB, fill + " after " + kept + ": " + taken + " beside " + least);
            }
        }
    }
}
