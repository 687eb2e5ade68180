// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.calibration.CalibrationFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reader, with thousands of damaged files: values, or one sentence with the file in front, and nothing else. */
class AnyFileTest {
    private static final int MUTATIONS = 1000;

    @TempDir
    private Path folder;

    /** A reader, a good file of it and the name that the file needs. */
    static final class Kind {
        private final String name;
        private final byte[] good;
        private final AnyFile.Reader reader;

        Kind(String name, byte[] good, AnyFile.Reader reader) {
            this.name = name;
            this.good = good;
            this.reader = reader;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Kind> kinds() throws IOException {
        List<Kind> kinds = new ArrayList<>();
        byte[] npy = seed("tensor/NpyFuzzTestInputs/anyBytes/f4_le.npy");
        byte[] npz = seed("tensor/NpzFuzzTestInputs/anyBytes/stored_deflated_wide.npz");
        kinds.add(new Kind("a.npy", npy, AnyFile::asTensors));
        kinds.add(new Kind("array.npy", npy, AnyFile::asArrays));
        kinds.add(new Kind("a.npz", npz, AnyFile::asTensors));
        kinds.add(new Kind("arrays.npz", npz, AnyFile::asArrays));
        kinds.add(new Kind(
                "a.safetensors",
                seed("tensor/SafetensorsFuzzTestInputs/anyBytes/two.safetensors"),
                AnyFile::asTensors));
        kinds.add(new Kind("a.csv", seed("tensor/CsvFuzzTestInputs/anyBytes/two.csv"), AnyFile::asTensors));
        kinds.add(new Kind("a.tsv", "a\tb\n1\t-2.5e3\nnan\t\n".getBytes(StandardCharsets.UTF_8), AnyFile::asTensors));
        for (CalibrationFormat format : CalibrationFormat.values()) {
            byte[] table = table(format);
            kinds.add(new Kind(format.label(), table, AnyFile.as(format)));
            kinds.add(new Kind(format.label() + " by content", table, CalibrationFormat::ofContent));
        }
        return kinds;
    }

    private static byte[] table(CalibrationFormat format) throws IOException {
        return seed("calibration/CalibrationFormatFuzzTestInputs/anyBytes/" + format.label());
    }

    private static byte[] seed(String name) throws IOException {
        try (InputStream in = AnyFileTest.class.getResourceAsStream(name)) {
            assertTrue(in != null, name);
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void damagedFilesEndInValuesOrOneSentence(Kind kind) throws IOException {
        Path file = folder.resolve(kind.name);
        Files.write(file, kind.good);
        assertTrue(AnyFile.isRead(file, kind.reader), "the good file is read");
        int read = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Files.write(file, Mutations.of(kind.good, new Random(seed)));
            int number = seed;
            read += assertDoesNotThrow(() -> AnyFile.isRead(file, kind.reader), () -> "seed " + number) ? 1 : 0;
        }
        assertTrue(read > 0 && read < MUTATIONS, read + " of " + MUTATIONS + " were read");
    }

    /** A file that is named to fool a terminal is read, or refused, without doing so. */
    @ParameterizedTest
    @MethodSource("kinds")
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "such names cannot be")
    void namesOfFilesAreShown(Kind kind) throws IOException {
        Path file = folder.resolve("\u001b[2J\u202e\n" + kind.name);
        Files.write(file, new byte[0]);
        assertFalse(AnyFile.isRead(file, kind.reader));
        Files.write(file, kind.good);
        AnyFile.isRead(file, kind.reader);
        assertFalse(AnyFile.isRead(folder.resolve("no\u001bne"), kind.reader));
        assertFalse(AnyFile.isRead(Files.createDirectory(folder.resolve("fol\nder")), kind.reader));
    }

    /** What has no size, or no end, is read up to a limit and refused. */
    @ParameterizedTest
    @MethodSource("kinds")
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such files")
    void endlessFilesAreRefused(Kind kind) throws IOException {
        for (String device : new String[] {"/dev/zero", "/dev/null", "/proc/self/cmdline"}) {
            if (Files.exists(Path.of(device))) {
                assertFalse(AnyFile.isRead(Path.of(device), kind.reader), device);
            }
        }
    }

    /** Numbers that Java cannot make of what Jackson finds to be one. */
    @ParameterizedTest
    @EnumSource
    void exponentsBeyondAnIntAreRefused(CalibrationFormat format) throws IOException {
        for (String number : new String[] {
            "1e9999999999", "-1E+2147483648", "1e-2147483649", "100e2147483647", "1.00e-2147483647", "1e2147483647"
        }) {
            for (String json : new String[] {
                "{\"schema\":%s,\"tool\":\"x\",\"tensors\":[]}",
                "{\"CLS\":%s}",
                "{\"activation_encodings\":{\"a\":[{\"bitwidth\":%s}]}}",
                "{\"activation_encodings\":[{\"name\":\"a\",\"dtype\":\"INT\",\"bw\":8,\"enc_type\":\"PER_TENSOR\","
                        + "\"is_sym\":false,\"offset\":[-3],\"scale\":[%s]}],\"version\":\"1.0.0\"}",
                "{\"subgraphs\":[{\"tensors\":[{\"type\":\"INT8\",\"name\":\"a\",\"quantization\":{\"scale\":[%s],"
                        + "\"zero_point\":[0]}}]}]}"
            }) {
                byte[] content = json.replace("%s", number).getBytes(StandardCharsets.UTF_8);
                assertFalse(AnyFile.isRead("table", content, AnyFile.as(format)), json + number);
                AnyFile.isRead("table", content, CalibrationFormat::ofContent);
            }
        }
    }

    /** Counts whose sum passes the longs and seems small again; they once became a table. */
    @Test
    void countsThatWrapAreRefused() throws IOException {
        byte[] overflow = seed("calibration/OctantJsonFuzzTestInputs/anyBytes/overflow.json");
        ScratchFile.with("table", overflow, file -> {
            String message = assertThrows(
                            FormatException.class,
                            () -> AnyFile.as(CalibrationFormat.OCTANT).read(file))
                    .getMessage();
            assertTrue(message.startsWith(file + ", $.tensors[0].observed: count must be at least zeros"), message);
        });
    }

    /** Nested as deep as is read, wherever a value stands. */
    @ParameterizedTest
    @EnumSource
    void deepNestingIsRefused(CalibrationFormat format) throws IOException {
        String table = new String(table(format), StandardCharsets.UTF_8);
        for (int depth : new int[] {3, 400, 501}) {
            String deep = "[".repeat(depth) + "0" + "]".repeat(depth);
            assertFalse(AnyFile.isRead("table", deep.getBytes(StandardCharsets.UTF_8), AnyFile.as(format)));
            for (int at = table.indexOf(':'); at >= 0; at = table.indexOf(':', at + 1)) {
                String text = table.substring(0, at + 1)
                        + deep
                        + table.substring(at + 1).replaceFirst("[^,}]*", "");
                AnyFile.isRead("table", text.getBytes(StandardCharsets.UTF_8), AnyFile.as(format));
            }
        }
    }

    /** Rows that no long can count, of which there are none: an empty array, as in NumPy's own format. */
    @Test
    void emptyArraysOfHugeRowsAreEmpty() throws IOException {
        byte[] zero = seed("tensor/NpyFuzzTestInputs/anyBytes/zero.npy");
        assertTrue(AnyFile.isRead("zero.npy", zero, AnyFile::asTensors));
        assertTrue(AnyFile.isRead("zero.npy", zero, AnyFile::asArrays));
        byte[] header = seed("tensor/SafetensorsFuzzTestInputs/anyBytes/zero.safetensors");
        assertTrue(AnyFile.isRead("zero.safetensors", header, AnyFile::asTensors));
    }

    /** A cell, a name or a line of any length, and rows without end. */
    @Test
    void longLinesAreRefused() throws IOException {
        int length = 1 << 21;
        assertRefusedCsv("a\n" + "1".repeat(length));
        assertRefusedCsv("a\n1" + ",".repeat(length));
        assertRefusedCsv("a".repeat(length));
        assertRefusedCsv("a,".repeat(length));
        byte[] cache = ("TRT-1-A\n" + "x".repeat(length) + ": 3c010a14\n").getBytes(StandardCharsets.UTF_8);
        assertFalse(AnyFile.isRead("a", cache, AnyFile.as(CalibrationFormat.TENSORRT)));
    }

    private static void assertRefusedCsv(String text) throws IOException {
        assertFalse(AnyFile.isRead("a.csv", text.getBytes(StandardCharsets.UTF_8), AnyFile::asTensors));
    }
}
