// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.onnx.values.OnnxType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory a process has resident that quantizes. */
@Tag("big")
class MemoryTest {
    private static final long KIB = 1024;

    @TempDir
    private Path folder;

    /** What the process does: {@code model out data..}. Its last line is the most it had resident, in KiB. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) throws IOException {
            OnnxModel model = OnnxModel.read(Path.of(args[0]));
            List<Path> data = new ArrayList<>();
            for (int i = 2; i < args.length; i++) {
                data.add(Path.of(args[i]));
            }
            new ModelQuantizer(QuantizeSettings.CPU)
                    .quantize(model, ModelData.open(model.info().inputs(), data))
                    .write(Path.of(args[1]));
            try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
                status.filter(line -> line.startsWith("VmHWM:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .forEach(System.out::println);
            }
        }
    }

    /** The most that a process of its own had resident, in bytes. */
    private long peak(String heap, Path model, Path out, List<Path> data) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                model.toString(),
                out.toString()));
        data.forEach(path -> command.add(path.toString()));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        List<String> said = Files.readAllLines(log);
        assertEquals(0, exit, said::toString);
        return Long.parseLong(said.get(said.size() - 1)) * KIB;
    }

    /** Eight Convs of 32 channels with SiLU on 64 x 64 pixels: 12 MB of activations for an image. */
    private Path cnn() throws IOException {
        TestGraph graph = new TestGraph().input("x", OnnxType.FLOAT32, "n", "3", "64", "64");
        String value = "x";
        for (int layer = 0; layer < 8; layer++) {
            String name = "l" + layer;
            graph.random(name + "_w", layer, 32L, layer == 0 ? 3L : 32L, 3L, 3L)
                    .node("Conv", name, value, name + "_w")
                    .with("pads", Collections.nCopies(4, 1L));
            graph.node("Sigmoid", name + "_s", name).node("Mul", name + "_y", name, name + "_s");
            value = name + "_y";
        }
        graph.node("GlobalAveragePool", "pooled", value)
                .node("Flatten", "flat", "pooled")
                .random("w", 99, 32L, 10L)
                .node("MatMul", "y", "flat", "w")
                .output("y", OnnxType.FLOAT32, "n", "10");
        return Files.write(folder.resolve("cnn.onnx"), graph.proto().build().toByteArray());
    }

    private Path images(int rows) throws IOException {
        Path file = folder.resolve(rows + ".npy");
        Random random = new Random(rows);
        ByteBuffer row = ByteBuffer.allocate(3 * 64 * 64 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", 3, 64, 64)}";
            String padded = header + " ".repeat(118 - header.length() - 1) + "\n";
            out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
            out.write(padded.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < rows; i++) {
                row.clear();
                while (row.hasRemaining()) {
                    row.putFloat((float) random.nextGaussian());
                }
                out.write(row.array());
            }
        }
        return file;
    }

    @Test
    void moreImagesTakeNoMoreMemory() throws IOException, InterruptedException {
        Path model = cnn();
        Path out = folder.resolve("int8.onnx");
        long few = peak("-Xmx256m", model, out, List.of(images(32)));
        long many = peak("-Xmx256m", model, out, List.of(images(512)));
        System.out.println("peak resident: " + (few >> 20) + " MB for 32 images, " + (many >> 20) + " MB for 512");
        assertTrue(many < 1.1 * few, few + " bytes for 32 images, " + many + " for 512");
    }

    /** Forty matrices of 64 MB. */
    private Path large() throws IOException {
        int side = 4096;
        int layers = 40;
        TestGraph graph = new TestGraph().input("x", OnnxType.FLOAT32, "n", String.valueOf(side));
        Path data = folder.resolve("large.data");
        ByteBuffer row = ByteBuffer.allocate(side * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(1);
        long bytes = (long) side * side * Float.BYTES;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(data), 1 << 20)) {
            for (int layer = 0; layer < layers; layer++) {
                graph.graph.addInitializer(TensorProto.newBuilder()
                        .setName("w" + layer)
                        .setDataType(OnnxType.FLOAT32.code())
                        .addDims(side)
                        .addDims(side)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", "large.data"))
                        .addExternalData(entry("offset", String.valueOf(layer * bytes)))
                        .addExternalData(entry("length", String.valueOf(bytes))));
                graph.node("MatMul", "y" + layer, layer == 0 ? "x" : "y" + (layer - 1), "w" + layer);
                for (int i = 0; i < side; i++) {
                    row.clear();
                    while (row.hasRemaining()) {
                        row.putFloat((random.nextFloat() - 0.5f) / 18);
                    }
                    out.write(row.array());
                }
            }
        }
        graph.output("y" + (layers - 1), OnnxType.FLOAT32, "n", String.valueOf(side));
        return Files.write(folder.resolve("large.onnx"), graph.proto().build().toByteArray());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void aModelOfTwoAndAHalfGigabytesGoesThroughAHeapOfOne() throws IOException, InterruptedException {
        Path model = large();
        assertTrue(Files.size(folder.resolve("large.data")) > 2_500_000_000L);
        Path data = folder.resolve("x.npz");
        NpzWriter.write(data, List.of(TestData.random("x", 1, 8L, 4096L)));
        Path out = folder.resolve("int8.onnx");
        long peak = peak("-Xmx1g", model, out, List.of(data));
        System.out.println("peak resident: " + (peak >> 20) + " MB for a model of 2.5 GB");
        OnnxModel int8 = OnnxModel.read(out);
        assertTrue(int8.info().isQuantized());
        assertTrue(int8.info().parameterBytes() < 700_000_000L, int8.info()::toString);
    }
}
