// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.fs.BufferedFSInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a file system that is not that of the machine, by a scheme of its own, as s3a and hdfs are. */
@Tag("exhaustive")
class HadoopFilesTest {
    private static final Activations DATA = Activations.random(9, 10, 600);

    @TempDir
    private Path folder;

    /** Local files under another scheme; counts how often a stream is told to go elsewhere. */
    public static final class ToyFiles extends RawLocalFileSystem {
        static final AtomicInteger SEEKS = new AtomicInteger();
        static volatile boolean isBroken;
        static volatile boolean isAway;

        @Override
        public String getScheme() {
            return "toy";
        }

        @Override
        public URI getUri() {
            return URI.create("toy://bucket");
        }

        @Override
        protected void checkPath(org.apache.hadoop.fs.Path path) {
            // Paths come with the scheme or without.
        }

        @Override
        public java.io.File pathToFile(org.apache.hadoop.fs.Path path) {
            return new java.io.File(path.toUri().getPath());
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            if (isAway) {
                throw new ConnectException("connection refused");
            }
            return super.getFileStatus(path);
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            InputStream in = Files.newInputStream(pathToFile(path).toPath());
            return new FSDataInputStream(new BufferedFSInputStream(
                    new CountedSeeks(in, pathToFile(path).toPath()), 1));
        }
    }

    /** A stream that counts seeks, and can break. */
    private static final class CountedSeeks extends FSInputStream {
        private final Path file;
        private InputStream in;
        private long position;

        CountedSeeks(InputStream in, Path file) {
            this.in = in;
            this.file = file;
        }

        @Override
        public void seek(long to) throws IOException {
            ToyFiles.SEEKS.incrementAndGet();
            in.close();
            in = Files.newInputStream(file);
            in.skipNBytes(to);
            position = to;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public boolean seekToNewSource(long to) {
            return false;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (ToyFiles.isBroken && position > 1000) {
                throw new IOException("connection lost");
            }
            int count = in.read(target, offset, length);
            position += Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @BeforeAll
    static void scheme() {
        LocalSpark.session().sparkContext().hadoopConfiguration().set("fs.toy.impl", ToyFiles.class.getName());
    }

    @BeforeEach
    void whole() {
        ToyFiles.isBroken = false;
        ToyFiles.isAway = false;
    }

    private String toy(Path path) {
        return "toy://bucket" + path;
    }

    @Test
    void filesAreReadAndWrittenThere() throws IOException {
        Path file = DATA.file(folder, true);
        byte[] expected = Activations.onOneMachine(false, file);
        Dataset<Row> summaries = OctantSpark.files(LocalSpark.session(), List.of(toy(file)));
        Path target = folder.resolve("new").resolve("s.summary");
        Files.createDirectory(target.getParent());
        Files.writeString(target, "old");
        OctantSpark.write(summaries, toy(target));
        assertArrayEquals(expected, Files.readAllBytes(target));
        try (Stream<Path> left = Files.list(target.getParent())) {
            assertEquals(List.of(target), left.toList());
        }
        // All of a folder.
        assertArrayEquals(expected, Activations.written(OctantSpark.files(LocalSpark.session(), List.of(toy(folder)))));
    }

    @Test
    void anArrayIsReadFromFirstToLast() throws IOException {
        Path file = DATA.file(folder, true);
        ToyFiles.SEEKS.set(0);
        OctantSpark.files(LocalSpark.session(), List.of(toy(file))).collectAsList();
        int arrays = DATA.rows().size();
        // Looked at twice, for its directory and the headers; then an array is one seek.
        assertTrue(ToyFiles.SEEKS.get() <= 12 * arrays, "seeks: " + ToyFiles.SEEKS);
    }

    /** That is not missing. */
    @Test
    void aFileSystemThatIsAwayIsSaid() {
        ToyFiles.isAway = true;
        for (String input : List.of("toy://bucket/x.npy", "toy://bucket/x.parquet", "toy://bucket/x")) {
            FormatException away =
                    assertThrows(FormatException.class, () -> OctantSpark.files(LocalSpark.session(), List.of(input)));
            assertEquals(
                    input + ": input must be readable, was refused by the file system (connection refused)",
                    away.getMessage());
        }
        CalibrateRun run = CalibrateRun.of("x.npy", "--files", "--summary", "toy://bucket/s");
        assertTrue(run.err().contains("toy://bucket/s: output must be writable, was refused"), run.err());
    }

    @Test
    void whatBreaksIsOneSentenceAndLeavesNothing() throws IOException {
        Path file = DATA.file(folder, true);
        Dataset<Row> summaries = OctantSpark.files(LocalSpark.session(), List.of(toy(file)));
        ToyFiles.isBroken = true;
        Path target = Files.createDirectory(folder.resolve("out")).resolve("s.summary");
        Exception broken = assertThrows(Exception.class, () -> OctantSpark.write(summaries, toy(target)));
        assertEquals(
                toy(file) + ": input must be readable, was refused by the file system (connection lost)",
                Calibrate.sentence(broken));
        try (Stream<Path> left = Files.list(target.getParent())) {
            assertEquals(List.of(), left.toList());
        }
        assertThrows(
                FormatException.class,
                () -> OctantSpark.files(LocalSpark.session(), List.of(toy(folder.resolve("none.npy")))));
    }
}
