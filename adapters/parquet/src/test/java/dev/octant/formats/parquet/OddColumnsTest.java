// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.formats.parquet.ParquetBytes.Codec;
import dev.octant.formats.parquet.ParquetBytes.Column;
import dev.octant.formats.parquet.ParquetBytes.Kind;
import dev.octant.formats.parquet.ParquetBytes.Struct;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A column that is not read is left out and said; the others are read. */
class OddColumnsTest {
    private static final String NAME =
            "column name must have visible characters and no control or format characters, was ";

    @TempDir
    private Path folder;

    private static Column column(String name) {
        return new Column(name, ParquetBytes.Type.FLOAT, Kind.REQUIRED, List.of(List.of(1.0), List.of(2.0)));
    }

    private TensorFile open(byte[] content) throws IOException {
        return TensorFiles.open(Files.write(folder.resolve("odd.parquet"), content));
    }

    private static void assertReads(List<String> tensors, TensorFile file) throws IOException {
        assertEquals(
                tensors,
                file.parts().stream().flatMap(part -> part.tensors().stream()).toList());
        for (var part : file.parts()) {
            long[] count = new long[1];
            part.read((tensor, block, offset, length) -> {
                count[0] += length;
                return true;
            });
            assertEquals(2, count[0]);
        }
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("a\nb", "a\\u000ab", "with the control character U+000A"),
                Arguments.of("a\u202eb", "a\\u202eb", "with the format character U+202E"),
                Arguments.of("\u3000", "column 1", "of spaces only"),
                Arguments.of("", "column 1", "empty"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void whoseNameCannotBePrinted(String name, String shown, String flaw) throws IOException {
        TensorFile file = open(new ParquetBytes().file(List.of(column(name), column("ok"))));
        assertReads(List.of("ok"), file);
        assertEquals(List.of(new LeftOut(shown, Optional.of(file.path()), NAME + flaw)), file.leftOut());
        assertEquals(
                List.of(),
                TensorFiles.open(file.path(), tensor -> !tensor.equals(shown)).leftOut());
    }

    /** Which of them is meant cannot be known. */
    @Test
    void ofOneName() throws IOException {
        TensorFile file = open(new ParquetBytes().file(List.of(column("a"), column("ok"), column("a"))));
        assertReads(List.of("ok"), file);
        LeftOut left = new LeftOut(
                "a", Optional.of(file.path()), "column must have a name of its own, was one of several of that name");
        assertEquals(List.of(left, left), file.leftOut());
    }

    @Test
    void thatIsEncrypted() throws IOException {
        byte[] content = new ParquetBytes()
                .change(Struct.COLUMN_CHUNK, ofTheFirst(fields -> fields.add(new ThriftBytes.Field(8, 12, end()))))
                .file(List.of(column("secret"), column("ok")));
        TensorFile file = open(content);
        assertReads(List.of("ok"), file);
        assertEquals(
                List.of(new LeftOut(
                        "secret",
                        Optional.of(file.path()),
                        "column must stand in this file and not be encrypted, was encrypted")),
                file.leftOut());
    }

    @Test
    void ofAnotherCodec() throws IOException {
        byte[] lzo = new ThriftBytes().i32(4, 3).fields().get(0).value();
        byte[] content = new ParquetBytes()
                .codec(Codec.SNAPPY)
                .change(
                        Struct.META_DATA,
                        ofTheFirst(fields -> fields.replaceAll(
                                field -> field.number() == 4 ? new ThriftBytes.Field(4, field.type(), lzo) : field)))
                .file(List.of(column("a"), column("ok")));
        TensorFile file = open(content);
        assertReads(List.of("ok"), file);
        assertEquals(
                List.of("column must be of a codec of UNCOMPRESSED, SNAPPY, GZIP, BROTLI, LZ4, ZSTD, LZ4_RAW,"
                        + " was LZO"),
                file.leftOut().stream().map(LeftOut::reason).toList());
    }

    /** A change of the first struct of its kind that is written. */
    private static Consumer<List<ThriftBytes.Field>> ofTheFirst(Consumer<List<ThriftBytes.Field>> change) {
        boolean[] done = new boolean[1];
        return fields -> {
            if (!done[0]) {
                done[0] = true;
                change.accept(fields);
            }
        };
    }

    /** A struct without fields. */
    private static byte[] end() {
        return new byte[1];
    }
}
