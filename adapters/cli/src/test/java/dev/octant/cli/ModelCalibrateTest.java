// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.RowArray;
import dev.octant.formats.tensor.RowReader;
import dev.octant.onnx.ModelActivations;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Activations summed up apart from quantizing, in parts and after interruptions. */
class ModelCalibrateTest {
    @TempDir
    private Path folder;

    private static Path resource(String name) {
        String path = "/dev/octant/onnx/models/" + name;
        try {
            return Path.of(Objects.requireNonNull(ModelCalibrateTest.class.getResource(path), path)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Shell ok(Object... words) {
        Shell shell = Shell.run(words);
        assertEquals(0, shell.code(), shell::toString);
        return shell;
    }

    private static String refused(Object... words) {
        Shell shell = Shell.run(words);
        assertEquals(2, shell.code(), shell::toString);
        assertEquals(1, shell.err().lines().count(), shell::toString);
        return shell.err();
    }

    private byte[] calibrated(String name, Object model, List<Path> data, Object... more) throws IOException {
        Path summary = folder.resolve(name);
        List<Object> words = new ArrayList<>(List.of("model", "calibrate", model, "--summary", summary, "--data"));
        words.addAll(data);
        words.addAll(List.of(more));
        ok(words.toArray());
        assertFalse(Files.exists(folder.resolve(name + ".checkpoint")));
        return Files.readAllBytes(summary);
    }

    private byte[] quantized(Path model, Object... more) throws IOException {
        Path int8 = folder.resolve("int8.onnx");
        List<Object> words = new ArrayList<>(List.of("model", "quantize", model, "-o", int8));
        words.addAll(List.of(more));
        ok(words.toArray());
        return Files.readAllBytes(int8);
    }

    /** The rows of a file in others of so many rows each. */
    private List<Path> shards(Path file, String input, int rows) throws IOException {
        RowArray array = RowArray.find(file, List.of(input)).get(input);
        List<Path> shards = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.allocate((int) (rows * array.rowBytes())).order(ByteOrder.LITTLE_ENDIAN);
        try (RowReader reader = array.open()) {
            while (reader.remaining() > 0) {
                int read = reader.read(bytes.clear(), rows);
                byte[] content = new byte[bytes.flip().remaining()];
                bytes.get(content);
                List<Long> shape = new ArrayList<>(array.shape());
                shape.set(0, (long) read);
                Path shard = folder.resolve("shard" + shards.size() + ".npz");
                NpzWriter.write(
                        shard,
                        List.of(new NpzWriter.Item(
                                input, array.type(), shape, () -> new ByteArrayInputStream(content))));
                shards.add(shard);
            }
        }
        return shards;
    }

    @Test
    void shardsAndThreadsGiveTheModelOfOneRun() throws IOException {
        for (String name : List.of("digits_cnn", "encoder")) {
            Path model = resource(name + "/model.onnx");
            Path data = resource(name + "/calib.npz");
            byte[] one = calibrated("one", model, List.of(data), "--threads", "1");
            for (int threads = 2; threads <= (name.equals("encoder") ? 2 : 4); threads++) {
                assertArrayEquals(one, calibrated("some", model, List.of(data), "--threads", threads));
            }
            List<Path> shards = shards(data, name.equals("encoder") ? "input_ids" : "image", 64);
            assertEquals(4, shards.size());
            List<Object> merge = new ArrayList<>(List.of("merge", "-o", folder.resolve("merged")));
            for (Path shard : shards) {
                calibrated(shard.getFileName() + ".summary", model, List.of(shard));
                merge.add(shard + ".summary");
            }
            ok(merge.toArray());
            assertArrayEquals(one, Files.readAllBytes(folder.resolve("merged")));
            byte[] fromData = quantized(model, "--data", data);
            assertArrayEquals(fromData, quantized(model, "--data", data, "--summary", folder.resolve("merged")));
            byte[] fromOne = quantized(model, "--summary", folder.resolve("one"));
            assertArrayEquals(fromOne, quantized(model, "--summary", folder.resolve("merged")));
        }
    }

    /** The Java of docs/models.md. */
    @Test
    void theLibraryWritesTheSameSummary() throws IOException {
        Path file = resource("digits_cnn/model.onnx");
        Path rows = resource("digits_cnn/calib.npz");
        OnnxModel model = OnnxModel.read(file);
        ModelData data = ModelData.open(model.info().inputs(), List.of(rows));
        Path summary = folder.resolve("library");
        try (ModelActivations activations = ModelActivations.open(model, Target.CPU, data)) {
            RunOutcome outcome = CalibrationRun.of(
                            activations.files(),
                            RunSettings.of((name, seen) -> seen.values().range()))
                    .run();
            SummaryFile.write(summary, outcome.tensors());
        }
        assertArrayEquals(calibrated("command", file, List.of(rows)), Files.readAllBytes(summary));
        String source = Files.readString(Path.of("src/test/java/dev/octant/cli/ModelCalibrateTest.java"))
                .replace("write(summary,", "write(Path.of(\"shard1.summary\"),")
                .replaceAll("\\s+", "");
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/models.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertEquals(2, blocks.size()); // the first is tested where models are
        assertTrue(source.contains(blocks.get(1).replaceAll("\\s+", "")), blocks.get(1));
    }

    /** The summary holds all activations, so other settings of the same target need no other. */
    @Test
    void aSummaryServesAllSettingsOfItsTarget() throws IOException {
        Path model = resource("digits_cnn/model.onnx");
        Path data = resource("digits_cnn/calib.npz");
        calibrated("s", model, List.of(data), "--target", "onnxruntime");
        for (List<Object> settings : List.<List<Object>>of(
                List.of("--type", "int8", "--scheme", "symmetric"),
                List.of("--weights", "per-channel", "--method", "percentile=99.9"))) {
            List<Object> words = new ArrayList<>(List.of("--target", "onnxruntime"));
            words.addAll(settings);
            List<Object> fromData = new ArrayList<>(words);
            fromData.addAll(List.of("--data", data));
            words.addAll(List.of("--summary", folder.resolve("s")));
            assertArrayEquals(quantized(model, fromData.toArray()), quantized(model, words.toArray()));
        }
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        return pipe;
    }

    @Test
    void aKilledRunIsGoneOnFrom() throws IOException, InterruptedException {
        Path model = resource("digits_cnn/model.onnx");
        List<Path> data = Collections.nCopies(8, resource("digits_cnn/calib.npz"));
        byte[] whole = calibrated("whole", model, data);
        Path summary = folder.resolve("killed");
        Path checkpoint = folder.resolve("kept");
        List<Object> words = new ArrayList<>(List.of("model", "calibrate", model));
        words.addAll(List.of("--checkpoint", checkpoint, "--checkpoint-every", "0", "--data"));
        words.addAll(data);
        words.add("--summary");
        List<Object> toPipe = new ArrayList<>(words);
        toPipe.add(pipe());
        words.add(summary);
        // Nobody reads the pipe, so this run cannot end by itself before it is killed.
        Child child = Child.start(folder.resolve("err"), List.of(), toPipe.toArray());
        while (child.isAlive() && !Files.exists(checkpoint)) {
            Thread.sleep(1);
        }
        child.kill();
        assertTrue(Files.exists(checkpoint), child.err());
        List<Object> otherBatch = new ArrayList<>(words);
        otherBatch.addAll(List.of("--batch", "33"));
        assertTrue(refused(otherBatch.toArray()).contains("checkpoint must belong to the same data"));
        Shell shell = ok(words.toArray());
        assertTrue(shell.err().contains("going on from " + checkpoint), shell.err());
        assertArrayEquals(whole, Files.readAllBytes(summary));
        assertFalse(Files.exists(checkpoint));
    }

    @Test
    void whatDoesNotFitIsOneSentence() throws IOException {
        Path model = resource("digits_cnn/model.onnx");
        Path data = resource("digits_cnn/calib.npz");
        Path int8 = folder.resolve("int8.onnx");
        Path summary = folder.resolve("s");
        calibrated("s", resource("encoder/model.onnx"), List.of(resource("encoder/calib.npz")));
        assertTrue(refused("model", "quantize", model, "--summary", summary, "-o", int8)
                .contains("summaries must hold the activations of"));
        assertTrue(refused("model", "quantize", model, "--summary", summary, "--accurate", "-o", int8)
                .contains("must have data to watch, beside the summaries perhaps: had summaries alone"));
        assertTrue(refused("model", "quantize", model, "--summary", data, "-o", int8)
                .contains("summary file must begin with OCTF"));
        assertTrue(refused("model", "calibrate", model, "--data", data, "--summary", model)
                .contains("must be no input"));
        assertTrue(refused("model", "calibrate", model, "--summary", folder.resolve("t"))
                .contains("--data must be given, was missing"));
        assertTrue(refused("model", "calibrate", model, "--data", data, "--summary", summary, "--batch", "0")
                .contains("batch must have at least one row, was 0"));
        assertFalse(Files.exists(int8));
    }
}
