// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that runs out while a file is read is told with its name, whichever reader it is. */
class ReadOutOfMemoryTest {
    @TempDir
    private Path folder;

    private static void assertNamed(String place, OutOfMemoryError cause, ReadOutOfMemoryError named) {
        assertEquals(place, named.place());
        assertEquals(place + ": " + cause.getMessage(), named.getMessage());
        assertSame(cause, named.getCause());
    }

    private Path csv(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "one,two\n1,2\n");
    }

    @Test
    void openingNamesTheFile() throws IOException {
        Path file = csv("a.csv");
        OutOfMemoryError cause = new OutOfMemoryError("Java heap space");
        assertNamed(
                file.toString(),
                cause,
                assertThrows(
                        ReadOutOfMemoryError.class,
                        () -> TensorFiles.open(file, name -> {
                            throw cause;
                        })));
    }

    @Test
    void readingNamesTheFileAndTheOnlyTensor() throws IOException {
        Path file = csv("b\u202e.csv");
        OutOfMemoryError cause = new OutOfMemoryError("Java heap space");
        TensorPart.Visitor visitor = (tensor, block, offset, length) -> {
            throw cause;
        };
        TensorPart both = TensorFiles.open(file).parts().get(0);
        String shown = folder.resolve("b") + "\\u202e.csv";
        assertNamed(shown, cause, assertThrows(ReadOutOfMemoryError.class, () -> both.read(visitor)));
        TensorPart one = TensorFiles.open(file, "two"::equals).parts().get(0);
        assertNamed(shown + ", tensor two", cause, assertThrows(ReadOutOfMemoryError.class, () -> one.read(visitor)));
    }

    /** What a reader has named keeps its name, whoever calls it. */
    @Test
    void theInnermostNameStays() {
        OutOfMemoryError cause = new OutOfMemoryError("Java heap space");
        ReadOutOfMemoryError inner = new ReadOutOfMemoryError("inner", cause);
        ReadOutOfMemoryError thrown = assertThrows(
                ReadOutOfMemoryError.class,
                () -> ReadOutOfMemoryError.named(Path.of("outer"), () -> {
                    throw inner;
                }));
        assertSame(inner, thrown);
    }

    /** Reads each file with the reader of its name, and prints what became of it. */
    static final class Main {
        private Main() {}

        public static void main(String[] files) throws IOException {
            for (String name : files) {
                Path file = Path.of(name);
                try {
                    switch (String.valueOf(file.getFileName())) {
                        case "octant" -> CalibrationFile.read(file);
                        case "content" -> CalibrationFormat.ofContent(file);
                        case "safetensors" -> TensorFiles.open(file);
                        default ->
                            CalibrationFormat.valueOf(String.valueOf(file.getFileName()))
                                    .read(file, QuantType.INT8, QuantScheme.ASYMMETRIC);
                    }
                    System.out.println("read");
                } catch (ReadOutOfMemoryError e) {
                    System.out.println(e.place());
                } catch (FormatException e) {
                    // What would not fit is refused before it is read.
                    System.out.println(e.getMessage().startsWith(file.toString()) ? file : e.getMessage());
                }
            }
        }
    }

    /** Files that are read in a heap of 256 MB, in one of 12. */
    @Test
    void everyReaderNamesItsFile() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx12m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        String json = "{\"a\": [" + "[0],".repeat(350_000) + "0]}";
        StringBuilder cache = new StringBuilder("TRT-1-A\n");
        for (int i = 0; i < 150_000; i++) {
            cache.append(i).append(": 3c010a14\n");
        }
        byte[] flatBuffer = new byte[16 << 20];
        flatBuffer[0] = 4;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; header.length() < 5_000_000; i++) {
            header.append("\"t").append(i).append("\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]},");
        }
        header.setCharAt(header.length() - 1, '}');
        byte[] text = header.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] safetensors = ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
        List<Path> files = new ArrayList<>();
        for (String name : List.of("octant", "content", "ONNXRUNTIME", "AIMET", "TFLITE", "OCTANT")) {
            files.add(Files.writeString(folder.resolve(name), json));
        }
        files.add(Files.writeString(folder.resolve("TENSORRT"), cache));
        files.add(Files.writeString(
                folder.resolve("ONNXRUNTIME_CACHE"), cache.substring(8).replace(": 3c010a14", " 1")));
        files.add(Files.write(folder.resolve("ONNXRUNTIME_FLATBUFFERS"), flatBuffer));
        files.add(Files.write(folder.resolve("safetensors"), safetensors));
        files.forEach(file -> command.add(file.toString()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, child.waitFor());
        assertEquals(files.stream().map(Path::toString).toList(), said);
    }
}
