// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where inputs and outputs lie: nothing that is read is written over, and what cannot be there is one sentence. */
class PlacesTest {
    @TempDir
    private Path folder;

    private static byte[] npz(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 6; i++) {
            bytes.putFloat(i - 2.5f);
        }
        NpzWriter.write(
                file,
                List.of(new NpzWriter.Item(
                        "x", NumberType.FLOAT32, List.of(2L, 3L), () -> new ByteArrayInputStream(bytes.array()))));
        return Files.readAllBytes(file);
    }

    private String refused(String... words) {
        CalibrateRun run = CalibrateRun.of(words);
        assertEquals(2, run.code(), run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        return run.err();
    }

    @Test
    void inputsAreNotWrittenOver() throws IOException {
        Path file = folder.resolve("in/x.npz");
        byte[] before = npz(file);
        Path in = file.getParent();
        Path link = Files.createSymbolicLink(folder.resolve("link.npz"), file);
        Path hard = Files.createLink(folder.resolve("hard"), file);
        for (Path target : List.of(file, link, hard)) {
            for (Path input : List.of(file, in, link)) {
                String said = refused(input.toString(), "--files", "--summary", target.toString());
                assertTrue(said.contains("file of --summary must be no input, was the input "), said);
                said = refused(
                        input.toString(), "--files", "--summary", folder.resolve("s") + "", "-o", target.toString());
                assertTrue(said.contains("file of -o must be no input, was the input "), said);
            }
        }
        String said = refused(
                in.toString(), "--files", "--summary", in.resolve("new.npz").toString());
        assertTrue(said.contains("must not have the name of an input in a folder of inputs"), said);
        said = refused(in.toString(), "--wide", "--summary", in.resolve("new").toString());
        assertTrue(said.contains("must not lie in a folder of inputs"), said);
        said = refused(in + "/../i?", "--wide", "--summary", file.toString());
        assertTrue(said.contains("must be no input"), said);
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void outputsAreApart() throws IOException {
        Path file = folder.resolve("in/x.npz");
        npz(file);
        String same = folder.resolve("same").toString();
        String said = refused(file.toString(), "--files", "--summary", "file:" + same, "-o", same);
        assertTrue(said.contains("file of -o must be another than that of --summary"), said);
        assertTrue(Files.notExists(folder.resolve("same")));
        // What is not read from the folder may be written there.
        CalibrateRun run = CalibrateRun.of(
                file.getParent().toString(),
                "--files",
                "--summary",
                folder.resolve("in/s.summary").toString());
        assertEquals(0, run.code(), run.err());
    }

    /** Hadoop keeps checksums of local files beside them. */
    @Test
    void checksumsOfTheOldContentAreGone() throws IOException {
        Path file = folder.resolve("in/x.npz");
        npz(file);
        Path target = folder.resolve("s.summary");
        Configuration configuration = LocalSpark.session().sparkContext().hadoopConfiguration();
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(target.toUri());
        FileSystem files = path.getFileSystem(configuration);
        try (OutputStream out = files.create(path, true)) {
            out.write(new byte[2000]);
        }
        assertTrue(Files.exists(folder.resolve(".s.summary.crc")));
        CalibrateRun run = CalibrateRun.of(
                file.toString(),
                "--files",
                "--summary",
                target.toString(),
                "-o",
                folder.resolve("t.json").toString());
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(Files.readAllBytes(target), files.open(path).readAllBytes());
    }

    @Test
    void namesWithColons() throws IOException {
        Path file = folder.resolve("in/co:lon.npz");
        npz(file);
        Path named = Files.writeString(folder.resolve("in/a:b.csv"), "x:y\n1\n");
        byte[] expected = Activations.onOneMachine(false, file, named);
        assertArrayEquals(
                expected,
                Activations.written(OctantSpark.files(
                        LocalSpark.session(), List.of(folder.resolve("in").toString()))));
        Path parquet = Files.createFile(folder.resolve("c:d.parquet"));
        FormatException refusal = assertThrows(
                FormatException.class, () -> OctantSpark.files(LocalSpark.session(), List.of(parquet.toString())));
        assertTrue(refusal.getMessage().contains("must have no colon"), refusal.getMessage());
        Path target = folder.resolve("s:1.summary");
        CalibrateRun run =
                CalibrateRun.of(file.toString(), named.toString(), "--files", "--summary", target.toString());
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(expected, Files.readAllBytes(target));
    }

    /** Hadoop passes over such a file without a word. */
    @Test
    void namesThatAreNoTextAreRefused() throws Exception {
        Path in = folder.resolve("in");
        byte[] content = npz(in.resolve("x.npz"));
        Process shell = new ProcessBuilder("sh", "-c", "cat > \"$(printf '\\377').npz\"")
                .directory(in.toFile())
                .start();
        try (OutputStream out = shell.getOutputStream()) {
            out.write(content);
        }
        assumeTrue(shell.waitFor() == 0, "a file system that takes any bytes for a name");
        String said = refused(
                in.toString(), "--files", "--summary", folder.resolve("s").toString());
        assertTrue(said.contains("name must have only "), said);
        assertTrue(Files.notExists(folder.resolve("s")));
    }

    @Test
    void placesThatAreNoneAreSaid() throws IOException {
        Path file = folder.resolve("in/x.npz");
        npz(file);
        String s = folder.resolve("s").toString();
        assertEquals(
                "octant calibrate: option --summary must have a value, was ''\n",
                refused(file.toString(), "--files", "--summary", ""));
        for (String scheme : List.of("foo://b/x", "hdfs:///x")) {
            String said = refused(scheme, "--files", "--summary", s);
            assertTrue(said.contains(scheme + ": file system must be one that Hadoop reaches, was refused ("), said);
            said = refused(file.toString(), "--files", "--summary", scheme);
            assertTrue(said.contains(scheme + ": file system must be one that Hadoop reaches, was refused ("), said);
        }
        assertThrows(FormatException.class, () -> OctantSpark.files(LocalSpark.session(), List.of("")));
        // Before anything of the data is looked at.
        String said = refused(
                "missing.npz", "--files", "--summary", folder.resolve("no/such").toString());
        assertTrue(said.contains("folder of the output must exist, was missing"), said);
        said = refused("missing.npz", "--files", "--summary", folder.toString());
        assertTrue(said.contains("output must be a file, was a folder"), said);
        said = refused("missing.npz", "--files", "--summary", s, "-o", folder.toString());
        assertTrue(said.contains("output must be a file, was a folder"), said);
    }

    /** Methods of samples keep them without being asked, or are refused before anything is written. */
    @Test
    void samplesOfFiles() throws IOException {
        Path file = folder.resolve("in/x.npz");
        npz(file);
        Path target = folder.resolve("s");
        String table = folder.resolve("t.json").toString();
        CalibrateRun run = CalibrateRun.of(
                file.toString(), "--files", "--summary", target.toString(), "-o", table, "--method", "mean");
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(Activations.onOneMachine(true, file), Files.readAllBytes(target));
        Files.delete(target);
        run = CalibrateRun.of(file.toString(), "--files", "--samples", "--summary", target.toString());
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(Activations.onOneMachine(true, file), Files.readAllBytes(target));
        Files.delete(target);
        Path csv = Files.writeString(folder.resolve("x.csv"), "a,b\n1,2\n-3,4\n");
        Path parquet = Files.createFile(folder.resolve("x.parquet"));
        for (Path input : List.of(csv, parquet)) {
            String said = refused(
                    file.toString(),
                    input.toString(),
                    "--files",
                    "--summary",
                    target.toString(),
                    "-o",
                    table,
                    "--method",
                    "median");
            assertTrue(said.contains("samples must lie one after the other for the methods mean and median"), said);
        }
        assertTrue(Files.notExists(target));
    }
}
