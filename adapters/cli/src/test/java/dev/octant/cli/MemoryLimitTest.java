// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.RunSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** What does not fit into memory ends in one sentence that says what to do: known before, or found out. */
@Tag("exhaustive")
class MemoryLimitTest {
    private static final int MANY = 20_000;

    private static final Pattern ADVICE = Pattern.compile("JDK_JAVA_OPTIONS=(-Xmx\\d+m)");

    @TempDir
    private Path folder;

    private Path npz(int tensors, int values) throws IOException {
        Path file = folder.resolve(tensors + ".npz");
        byte[] array = Arrays.npy("<f4", "(" + values + ",)", new byte[4 * values]);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(1);
            for (int i = 0; i < tensors; i++) {
                zip.putNextEntry(new ZipEntry("t" + i + ".npy"));
                zip.write(array);
                zip.closeEntry();
            }
        }
        return file;
    }

    /** The names of columns, and a line that no reader accepts: who reads on ends otherwise than expected. */
    private Path brokenCsv(int columns) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            names.add("c" + i);
        }
        return Files.writeString(folder.resolve(columns + ".csv"), String.join(",", names) + "\n1\nno number\n");
    }

    private static void oneSentence(int code, String err, String... parts) {
        assertEquals(2, code, err);
        assertEquals(1, err.lines().count(), err);
        assertFalse(err.contains("Exception") || err.contains("Error") || err.contains("\tat "), err);
        for (String part : parts) {
            assertTrue(err.contains(part), err);
        }
    }

    private Child child(String heap, Object... words) throws IOException {
        return Child.start(folder.resolve("err"), List.of(heap, "-XX:+UseSerialGC"), words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"calibrate", "evaluate", "calibrate --method moving-average"})
    void manyTensorsAreRefusedBeforeTheyAreRead(String command) throws IOException, InterruptedException {
        for (Path file : List.of(npz(MANY, 2), brokenCsv(MANY))) {
            List<Object> words = new ArrayList<>(List.of((Object[]) command.split(" ")));
            words.add(file);
            Child child = child("-Xmx256m", words.toArray());
            oneSentence(
                    child.waitFor(), child.err(), "heap must have", "MB for 20000 tensors, was 247 MB; give more with");
        }
    }

    /** Our tables are written tensor by tensor; a tree of JSON that does not fit is refused before it is made. */
    @Test
    void tablesOfManyTensorsAreConvertedOrRefusedAtOnce() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10 * MANY; i++) {
            lines.append('t').append(i).append(" 1.5\n");
        }
        Path cache = Files.writeString(folder.resolve("many.onnxruntime.cache"), lines);
        Child ours = child("-Xmx256m", "convert", cache, folder.resolve("many.json"));
        assertEquals(0, ours.waitFor(), ours.err());
        for (String name : List.of("many.tflite.json", "many.onnxruntime.json", "many.encodings")) {
            Child other = child("-Xmx256m", "convert", cache, folder.resolve(name));
            oneSentence(other.waitFor(), other.err(), "table must have at most ", "was of 200000; a larger heap");
        }
    }

    /** A command that needs much where little is read: many columns of three rows, many files of one tensor. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "calibrate @/x.csv",
                "calibrate @/x.csv -o @/t.json --method best --json @/t --report @/r --summary @/s",
                "calibrate @/x.csv --method torch-histogram -o @/t.json",
                "evaluate @/x.csv --json @/t --report @/r --method minmax,percentile,mse",
                "evaluate @/x.csv --op silu --method minmax,torch-histogram",
                "ranges @/x.summary --method best -o @/t.json --json @/t --report @/r",
                "merge * -o @/s",
            })
    void theAdviceIsEnough(String command) throws IOException, InterruptedException {
        csv(400);
        if (!command.startsWith("calibrate") && !command.startsWith("evaluate")) {
            Path summary = folder.resolve("x.summary");
            String words = "calibrate " + folder + "/x.csv --summary " + summary;
            assertEquals(0, Shell.run((Object[]) words.split(" ")).code());
        }
        List<Object> words = new ArrayList<>(Stream.of(command.split(" "))
                .map(word -> word.replace("@", folder.toString()))
                .toList());
        int files = words.indexOf("*");
        if (files >= 0) {
            words.remove(files);
            for (int i = 0; i < 200; i++) {
                words.add(files, Files.createSymbolicLink(folder.resolve("s" + i), folder.resolve("x.summary")));
            }
        }
        Child refused = child("-Xmx24m", words.toArray());
        oneSentence(
                refused.waitFor(),
                refused.err(),
                files < 0 ? " MB for 400 tensors" : " MB for 200 summary files",
                ", was 23 MB; give more with");
        Matcher advice = ADVICE.matcher(refused.err());
        assertTrue(advice.find(), refused.err());
        Child enough = child(advice.group(1), words.toArray());
        int code = enough.waitFor();
        assertEquals(0, code, advice.group(1) + ": " + enough.err());
    }

    private void csv(int columns) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("c0");
        for (int i = 1; i < columns; i++) {
            text.append(",c").append(i);
        }
        for (int row = 0; row < 3; row++) {
            for (int i = 0; i < columns; i++) {
                text.append(i == 0 ? '\n' : ',').append(random.nextGaussian());
            }
        }
        Files.writeString(folder.resolve("x.csv"), text);
    }

    /** With as much memory as the refusal asks for the work is done, a small part of which is beside the data. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "calibrate --threads 3",
                "calibrate --method moving-average",
                "evaluate --method minmax,mse",
                "evaluate --op silu",
                "evaluate --op silu --method engines",
            })
    void whatTheRefusalAsksForIsEnough(String command) throws IOException, InterruptedException {
        List<Object> words = new ArrayList<>(List.of((Object[]) command.split(" ")));
        words.add(npz(300, 2048));
        Child refused = child("-Xmx24m", words.toArray());
        oneSentence(refused.waitFor(), refused.err(), "heap must have");
        Matcher advice = ADVICE.matcher(refused.err());
        assertTrue(advice.find(), refused.err());
        Child enough = child(advice.group(1), words.toArray());
        int code = enough.waitFor();
        assertEquals(0, code, advice.group(1) + ": " + enough.err());
    }

    @Test
    void aThousandTensorsFitInto256Megabytes() throws IOException, InterruptedException {
        Path file = npz(1000, 1024);
        Child child = child("-Xmx256m", "calibrate", file, "--threads", RunSettings.MOST_THREADS);
        assertEquals(0, child.waitFor(), child.err());
        assertEquals(1, child.err().lines().count(), child.err());
        assertTrue(child.err().contains("memory has room for"), child.err());
        child = child("-Xmx256m", "calibrate", file, "--threads", "100000");
        oneSentence(child.waitFor(), child.err(), "threads must be at most 1024, was 100000");
    }

    /** Memory is used up where nobody knew before: here by a command of the test's own. */
    @Command(name = "hungry")
    private static final class Hungry implements Callable<Integer> {
        private final Callable<?> appetite;

        Hungry(Callable<?> appetite) {
            this.appetite = appetite;
        }

        @Override
        public Integer call() throws Exception {
            appetite.call();
            return 0;
        }
    }

    private static void usedUp(Callable<?> appetite, String... parts) {
        Shell shell = Shell.run(line -> line.addSubcommand(new Hungry(appetite)), "hungry");
        oneSentence(shell.code(), shell.err(), parts);
        assertTrue(shell.err().startsWith("octant hungry: "), shell.err());
    }

    private static int endless(int depth) {
        return depth < 0 ? depth : 1 + endless(depth + 1);
    }

    @Test
    void memoryThatIsUsedUpIsOneSentence() {
        usedUp(
                () -> {
                    Object[] all = {};
                    while (true) {
                        all = new Object[] {all, new long[1 << 24]};
                    }
                },
                "heap must suffice, was used up at",
                "JDK_JAVA_OPTIONS=-Xmx");
        usedUp(() -> new long[Integer.MAX_VALUE][], "arrays in memory must have at most 2^31 - 1 elements");
        usedUp(() -> endless(0), "input must be nested no deeper than the stack allows", "-Xss");
        usedUp(
                () -> {
                    throw new OutOfMemoryError("unable to create native thread: possibly out of memory");
                },
                "operating system must let the process start another thread",
                "--threads");
        usedUp(
                () -> {
                    throw new OutOfMemoryError("Cannot reserve 262144 bytes of direct buffer memory");
                },
                "memory outside the heap must suffice",
                "MaxDirectMemorySize");
        // As libraries hand it on.
        usedUp(
                () -> {
                    throw new UncheckedIOException(
                            new IOException(new CompletionException(new OutOfMemoryError("Java heap space"))));
                },
                "heap must suffice, was used up at");
    }
}
