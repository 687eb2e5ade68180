// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run fits into the memory that is stated, and no more is stated than is needed. */
class MemoryTest {
    private static final int TENSORS = 200;
    private static final int THREADS = 8;
    private static final int FILES = 20;

    /** Values made as they are read, in many bins, so that neither data nor tables are shared. */
    private record Made(String tensor, int seed) implements TensorPart {
        private static final int VALUES = 1 << 13;

        @Override
        public List<String> tensors() {
            return List.of(tensor);
        }

        @Override
        public long values() {
            return VALUES;
        }

        @Override
        public long bytes() {
            return 4 * VALUES;
        }

        @Override
        public long sampleLength() {
            return VALUES / 4;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            float[] values = new float[VALUES];
            for (int i = 0; i < VALUES; i++) {
                values[i] = ((i * 7919 + seed) % VALUES - VALUES / 2) * (1 + seed % 5);
            }
            visitor.visit(tensor, values, 0, VALUES);
        }
    }

    /** The run itself, in a JVM of its own. */
    static final class Main {
        /** Held to the end, so that the run has no more than what is stated. */
        private static final List<byte[]> BALLAST = new ArrayList<>();

        private Main() {}

        public static void main(String[] args) throws IOException {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                BALLAST.add(new byte[1 << 20]);
            }
            List<TensorFile> files = new ArrayList<>();
            for (int f = 0; f < FILES; f++) {
                List<TensorPart> parts = new ArrayList<>();
                for (int t = 0; t < TENSORS; t++) {
                    parts.add(new Made("tensor " + t, f + t));
                }
                files.add(new MemoryFile(Path.of("nowhere"), parts));
            }
            RunOutcome outcome =
                    CalibrationRun.of(files, Given.settings(THREADS)).run();
            long expected = (long) TENSORS * FILES * Made.VALUES;
            System.exit(outcome.progress().values() == expected ? 0 : 3);
        }
    }

    @Test
    void manyTensorsOnManyThreadsFit() throws IOException, InterruptedException {
        long stated = CalibrationRun.bytes(TENSORS, THREADS);
        assertEquals(200L * 147_888 + 8L * Worker.BYTES, stated);
        // An observer for each tensor on each thread would take twenty times as much.
        assertTrue(THREADS * TENSORS * (long) Worker.BYTES > 20 * stated);
        long forTheVirtualMachine = 12 << 20;
        long needed = stated + forTheVirtualMachine;
        // A run asks for half as much again, for a collector may not give it the share of young objects.
        long heap = needed + needed / 2;
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx" + heap,
                        "-cp",
                        classes,
                        Main.class.getName(),
                        String.valueOf((heap - needed) >> 20))
                .inheritIO()
                .start();
        assertEquals(0, child.waitFor());
    }

    @Test
    void theStatedBytesAreThoseOfTheArrays() {
        // A table of 2 * 309 pages; of each sign 31 pages of bins and one for each of 32 octaves; ends of one sign.
        assertEquals(3 * 618 * 8 + 4 * (31 + 32) * 528, TensorSummary.BYTES);
        assertEquals(
                dev.octant.observers.HistogramObserver.BYTES
                        + dev.octant.observers.PerSampleObserver.BYTES
                        + 2 * TensorSummary.BYTES,
                Worker.BYTES);
    }
}
