// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An array of an {@code .npz} whose header says what is not understood is left out and said; the others are read. */
class OddArraysTest {
    private static final byte[] DATA = new byte[3 * Float.BYTES];
    private static final String HEADER = ArrayBytes.dictionary("<f4", false, "(3,)");
    private static final byte[] GOOD = ArrayBytes.npy(1, HEADER, DATA);

    @TempDir
    private Path folder;

    static Stream<Arguments> arrays() {
        return Stream.of(
                Arguments.of(ArrayBytes.npy(4, HEADER, DATA), ".npy version must be 1.0, 2.0 or 3.0, was 4.0"),
                Arguments.of(
                        ArrayBytes.npy(1, HEADER.replace("'shape'", "'meta': 1, 'shape'"), DATA),
                        "header must have the keys descr, fortran_order and shape only, was [descr, fortran_order,"
                                + " meta, shape]"),
                Arguments.of(
                        ArrayBytes.npy(1, HEADER.replace("False", "0"), DATA),
                        "fortran_order must be True or False, was 0"),
                Arguments.of(
                        ArrayBytes.npy(1, HEADER.replace("'descr'", "'kind'"), DATA),
                        "header must have the key descr, was without it"),
                Arguments.of(
                        ArrayBytes.npy(1, ArrayBytes.dictionary("<f4", false, "(-3,)"), DATA),
                        "shape must have no negative dimension, was (-3,)"),
                Arguments.of(
                        "no array at all".getBytes(StandardCharsets.US_ASCII),
                        "data must begin with the mark of a .npy array, 0x93 NUMPY, was something else"),
                Arguments.of(
                        new byte[0],
                        "data must begin with the mark of a .npy array, 0x93 NUMPY, was too short for it"));
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void isLeftOut(byte[] odd, String reason) throws IOException {
        TensorFile file = TensorFiles.open(write(
                "x.npz",
                ArrayBytes.zip(
                        ArrayBytes.Entry.stored("odd.npy", odd),
                        ArrayBytes.Entry.stored("ok.npy", GOOD),
                        ArrayBytes.Entry.deflated("packed.npy", odd))));
        assertEquals(
                List.of("ok"),
                file.parts().stream().flatMap(part -> part.tensors().stream()).toList());
        assertEquals(3, Drained.file(file).get("ok").size());
        assertEquals(
                List.of(
                        new LeftOut("odd", Optional.of(file.path()), reason),
                        new LeftOut("packed", Optional.of(file.path()), reason)),
                file.leftOut());
    }

    /** Alone in its file, it is the file that is refused. */
    @ParameterizedTest
    @MethodSource("arrays")
    void aloneIsRefused(byte[] odd, String reason) throws IOException {
        Path path = write("odd.npy", odd);
        FormatException refused = assertThrows(FormatException.class, () -> TensorFiles.open(path));
        assertTrue(refused.getMessage().startsWith(path.toString()), refused::getMessage);
    }

    /** Bytes that are missing are damage, not another kind of array. */
    @Test
    void aHeaderThatIsCutIsRefused() throws IOException {
        byte[] cut = Arrays.copyOf(GOOD, 40);
        Path path = write(
                "x.npz",
                ArrayBytes.zip(ArrayBytes.Entry.stored("cut.npy", cut), ArrayBytes.Entry.stored("ok.npy", GOOD)));
        FormatException refused = assertThrows(FormatException.class, () -> TensorFiles.open(path));
        assertTrue(
                refused.getMessage().contains("array cut: header must be complete, was truncated"),
                refused::getMessage);
    }
}
