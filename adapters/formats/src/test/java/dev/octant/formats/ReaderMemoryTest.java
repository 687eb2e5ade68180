// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.calibration.CalibrationFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reading takes: at most a constant and so many bytes for each byte of the file, on all threads together. */
class ReaderMemoryTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    /** Files that make as much of a byte as they can, and what their reader states. */
    enum Hostile {
        NPY_HEADER("a.npy", 64, 1, AnyFile::asTensors) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                npy(out, "{'descr': [" + "(),".repeat((Math.min(length, MIB) - 100) / 3) + "], }", 0);
            }
        },
        NPZ_STORED("a.npz", 128, 1, AnyFile::asTensors) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                entries(out, length / 300, ZipEntry.STORED);
            }
        },
        NPZ_DEFLATED("a.npz", 128, 1, AnyFile::asTensors) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                entries(out, length / 300, ZipEntry.DEFLATED);
            }
        },
        NPZ_BOMB("a.npz", 128, 1, AnyFile::asTensors) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                try (ZipOutputStream zip = new ZipOutputStream(out)) {
                    zip.putNextEntry(new ZipEntry("a.npy"));
                    long values = length * 20L;
                    zip.write(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" + values + ",), }", 0));
                    byte[] zeros = new byte[1 << 16];
                    for (long left = 4 * values; left > 0; left -= zeros.length) {
                        zip.write(zeros, 0, (int) Math.min(left, zeros.length));
                    }
                    zip.closeEntry();
                }
            }
        },
        SAFETENSORS_NAMES("a.safetensors", 64, 2, AnyFile::asTensors) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                StringBuilder header = new StringBuilder("{");
                for (int i = 0; header.length() < length; i++) {
                    header.append('"').append(Integer.toString(i, 36));
                    header.append("\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]},");
                }
                header.setCharAt(header.length() - 1, '}');
                out.write(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length())
                        .array());
                out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
            }
        },
        CSV_COLUMNS("a.csv", 64, 32, AnyFile::asTensors) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                StringBuilder names = new StringBuilder("n");
                for (int i = 1; i < 1 << 16; i++) {
                    names.append(',').append(Integer.toString(i, 36)).append('n');
                }
                String row = "\n0" + ",0".repeat((1 << 16) - 1);
                out.write(names.toString().getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < length / row.length(); i++) {
                    out.write(row.getBytes(StandardCharsets.US_ASCII));
                }
            }
        },
        JSON_OBJECTS("table", 96, 1, table(CalibrationFormat.OCTANT)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                text(out, "[", "{},", length);
            }
        },
        JSON_DECIMALS("table", 96, 1, table(CalibrationFormat.AIMET)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                text(out, "[", "1.234567890123456789012345678901234567890123456789,", length);
            }
        },
        JSON_STRINGS("table", 96, 1, table(CalibrationFormat.TFLITE)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                text(out, "[", "\"abcdefghijklmnopqrstuvwxyzabcdefghijklmn\u20ac\",", length);
            }
        },
        JSON_NAMES("table", 96, 1, table(CalibrationFormat.ONNXRUNTIME)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                StringBuilder text = new StringBuilder("{");
                for (int i = 0; text.length() < length; i++) {
                    text.append("\"name\u20ac").append(Integer.toString(i, 36)).append("\":{},");
                }
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        },
        TENSORRT_LINES("table", 96, 1, table(CalibrationFormat.TENSORRT)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                StringBuilder text = new StringBuilder("TRT-1-A\n");
                String name = length < 16 * MIB ? "" : "x".repeat(300) + "\u20ac";
                for (int i = 0; text.length() < length && i < 190_000; i++) {
                    text.append(Integer.toString(i, 36)).append(name).append(": 3c010a14\n");
                }
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        },
        MAGNITUDE_LINES("table", 192, 1, sound(CalibrationFormat.ONNXRUNTIME_CACHE)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                StringBuilder text = new StringBuilder();
                String name = length < 16 * MIB ? "" : "x".repeat(300) + "\u20ac";
                for (int i = 0; text.length() < length && i < 190_000; i++) {
                    text.append(Integer.toString(i, 36)).append(name).append(" 1\n");
                }
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        },
        FLATBUFFER_PAIRS("table", 96, 1, sound(CalibrationFormat.ONNXRUNTIME_FLATBUFFERS)) {
            /** As short as tensors can be: all have one value and one list of places, and their names are close. */
            @Override
            void write(OutputStream out, int length) throws IOException {
                int count = Math.min(length / 20, 120_000);
                int pairs = 36 + 4 * count;
                ByteBuffer bytes = ByteBuffer.allocate(pairs + 20 * count + 8).order(ByteOrder.LITTLE_ENDIAN);
                int value = pairs + 20 * count;
                // Root, its places, the places of all pairs, the root's table, the list.
                bytes.putInt(24)
                        .putShort((short) 6)
                        .putShort((short) 8)
                        .putShort((short) 4)
                        .putShort((short) 0);
                bytes.putShort((short) 8)
                        .putShort((short) 12)
                        .putShort((short) 4)
                        .putShort((short) 8)
                        .putInt(0);
                bytes.putInt(20).putInt(4).putInt(count);
                for (int i = 0; i < count; i++) {
                    bytes.putInt(pairs + 20 * i - bytes.position());
                }
                for (int i = 0; i < count; i++) {
                    int pair = bytes.position();
                    bytes.putInt(pair - 12).putInt(8).putInt(value - pair - 8).putInt(4);
                    bytes.put(String.format("%4s", Integer.toString(i, 36)).getBytes(StandardCharsets.US_ASCII));
                }
                bytes.putInt(1).putInt('1');
                out.write(bytes.array());
            }
        },
        JSON_CONTENT("table", 96, 1, CalibrationFormat::ofContent) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                text(out, "[", "{},", length);
            }
        },
        OCTANT_TENSORS("table", 96, 1, sound(CalibrationFormat.OCTANT)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                String one = "{\"value\":1.0,\"bits\":\"3ff0000000000000\"}";
                tensors(
                        out,
                        length,
                        "{\"schema\":1,\"tool\":\"x\",\"tensors\":[",
                        "{\"name\":\"%s\",\"method\":\"m\",\"type\":\"int8\",\"min\":" + one + ",\"max\":" + one
                                + ",\"scale\":{\"value\":1.0,\"bits\":\"3f800000\"},\"zeroPoint\":0}",
                        "]}");
            }
        },
        ONNXRUNTIME_TENSORS("table", 96, 1, sound(CalibrationFormat.ONNXRUNTIME)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                tensors(
                        out,
                        length,
                        "{\"CLS\":\"TensorsData\",\"calibration_method\":{\"CLS\":\"CalibrationMethod\",\"value\":"
                                + "\"CalibrationMethod.MinMax\"},\"data\":{",
                        "\"%s\":{\"CLS\":\"TensorData\",\"lowest\":0,\"highest\":1}",
                        "}}");
            }
        },
        AIMET_TENSORS("table", 96, 1, sound(CalibrationFormat.AIMET)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                tensors(
                        out,
                        length,
                        "{\"version\":\"1.0.0\",\"param_encodings\":[],\"activation_encodings\":[",
                        "{\"name\":\"%s\",\"dtype\":\"INT\",\"bw\":8,\"enc_type\":\"PER_TENSOR\",\"is_sym\":false,"
                                + "\"offset\":[0],\"scale\":[1]}",
                        "]}");
            }
        },
        TFLITE_TENSORS("table", 96, 1, sound(CalibrationFormat.TFLITE)) {
            @Override
            void write(OutputStream out, int length) throws IOException {
                tensors(
                        out,
                        length,
                        "{subgraphs:[{tensors:[",
                        "{name:\"%s\",type:\"INT8\",quantization:{scale:[1],zero_point:[0]}}",
                        "]}]}");
            }
        };

        private final String file;
        private final long factor;
        private final long constant;
        private final AnyFile.Reader reader;

        Hostile(String file, long factor, long constantInMib, AnyFile.Reader reader) {
            this.file = file;
            this.factor = factor;
            this.constant = constantInMib << 20;
            this.reader = reader;
        }

        /** The table only: writing it again is not what is measured. */
        private static AnyFile.Reader table(CalibrationFormat format) {
            return file -> format.read(file, QuantType.INT8, QuantScheme.ASYMMETRIC);
        }

        /** The same for a table that is not refused. */
        private static AnyFile.Reader sound(CalibrationFormat format) {
            return file -> {
                try {
                    table(format).read(file);
                } catch (FormatException e) {
                    throw new AssertionError(e);
                }
            };
        }

        abstract void write(OutputStream out, int length) throws IOException;

        Path written(Path folder, int length) throws IOException {
            Path path = folder.resolve(name() + length + file);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
                write(out, length);
            }
            return path;
        }

        private static void text(OutputStream out, String start, String item, int length) throws IOException {
            byte[] bytes = item.getBytes(StandardCharsets.UTF_8);
            out.write(start.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < length / bytes.length; i++) {
                out.write(bytes);
            }
            out.write("0]".getBytes(StandardCharsets.UTF_8));
        }

        /** A table that is right, of many tensors. */
        private static void tensors(OutputStream out, int length, String start, String tensor, String end)
                throws IOException {
            StringBuilder text = new StringBuilder(start);
            for (int i = 0; text.length() < length; i++) {
                text.append(i == 0 ? "" : ",").append(tensor.replace("%s", Integer.toString(i, 36)));
            }
            out.write(text.append(end).toString().getBytes(StandardCharsets.US_ASCII));
        }

        private static void entries(OutputStream out, int count, int method) throws IOException {
            byte[] npy = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4), }", 0);
            CRC32 checksum = new CRC32();
            checksum.update(npy);
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (int i = 0; i < count; i++) {
                    ZipEntry entry = new ZipEntry(i + ".npy");
                    entry.setMethod(method);
                    entry.setSize(npy.length);
                    entry.setCrc(checksum.getValue());
                    zip.putNextEntry(entry);
                    zip.write(npy);
                    zip.closeEntry();
                }
            }
        }

        private static void npy(OutputStream out, String header, int values) throws IOException {
            out.write(npy(header, values));
        }

        private static byte[] npy(String header, int values) {
            byte[] text = header.getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(12 + text.length + 4 * values)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0})
                    .putInt(text.length)
                    .put(text)
                    .array();
        }
    }

    @ParameterizedTest
    @EnumSource
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "what all threads allocate is counted from JDK 21 on")
    void allocationIsBoundedByTheFile(Hostile hostile) throws IOException {
        Path file = hostile.written(folder, MIB);
        long allocated = AllThreads.allocatedBy(() -> AnyFile.isRead(file, hostile.reader));
        long bound = hostile.constant + hostile.factor * Files.size(file);
        assertTrue(allocated < bound, hostile + ": " + allocated + " bytes allocated for " + Files.size(file));
    }

    /** The largest files that are read, one after the other, in a JVM of 256 MB. */
    static final class Main {
        private Main() {}

        public static void main(String[] files) throws IOException {
            for (int i = 0; i < files.length; i++) {
                Hostile hostile = Hostile.valueOf(files[i]);
                Path file = Path.of(files[++i]);
                AnyFile.isRead(file, hostile.reader);
            }
        }
    }

    @Tag("exhaustive")
    @Test
    void theLargestFilesFitInto256Megabytes() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        for (Hostile hostile : Hostile.values()) {
            int most = switch (hostile) {
                case NPY_HEADER -> MIB;
                case NPZ_STORED, NPZ_DEFLATED -> 25 * MIB;
                case NPZ_BOMB -> MIB / 4;
                case SAFETENSORS_NAMES -> 8 * MIB - 64;
                case CSV_COLUMNS -> 4 * MIB;
                // As many tokens as are read.
                case JSON_OBJECTS, JSON_CONTENT -> 3 * 600_000;
                case OCTANT_TENSORS -> 28_000 * 220;
                case ONNXRUNTIME_TENSORS, TFLITE_TENSORS, AIMET_TENSORS -> 60_000 * 60;
                case JSON_NAMES -> 16 * 400_000;
                case FLATBUFFER_PAIRS -> 3 * MIB;
                case JSON_DECIMALS, JSON_STRINGS, TENSORRT_LINES, MAGNITUDE_LINES -> 63 * MIB;
            };
            command.add(hostile.name());
            command.add(hostile.written(folder, most).toString());
        }
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }
}
