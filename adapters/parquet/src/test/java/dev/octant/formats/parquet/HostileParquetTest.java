// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.parquet.ParquetBytes.Codec;
import dev.octant.formats.parquet.ParquetBytes.Column;
import dev.octant.formats.parquet.ParquetBytes.Kind;
import dev.octant.formats.parquet.ParquetBytes.Struct;
import dev.octant.formats.parquet.ThriftBytes.Field;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to be read one way by one parser and another way by the next, or to change meanwhile. */
class HostileParquetTest {
    /** For files of a few kilobytes: a sentence takes little, whatever is claimed. */
    private static final long LITTLE = 24 << 20;

    static final List<Codec> CODECS = ParquetBytes.READABLE;

    private static final List<Column> COLUMNS = List.of(
            new Column("a", ParquetBytes.Type.FLOAT, Kind.LIST, List.of(List.of(1.0, 2.0), List.of(), List.of(3.0))),
            new Column("b", ParquetBytes.Type.DOUBLE, Kind.OPTIONAL, Arrays.asList(List.of(1.0), null, List.of(3.0))));

    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("hostile.parquet"), content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bool", "evil-3kB", "evil-i64"})
    void reportedFilesAreRefused(String name) throws IOException {
        try (InputStream in = HostileParquetTest.class.getResourceAsStream("hostile/" + name + ".parquet")) {
            assertEquals(-1, Reading.check(file(in.readAllBytes()), LITTLE));
        }
    }

    /** A field that is there twice, with a number that a short cannot hold, or as another type. */
    @ParameterizedTest
    @EnumSource(Struct.class)
    void everyFieldThatTwoParsersTakeDifferentlyIsRefused(Struct struct) throws IOException {
        int refused = 0;
        for (int field = 0; field < 12; field++) {
            for (Consumer<List<Field>> change : changes(field)) {
                boolean[] isChanged = new boolean[1];
                byte[] content = bytes(struct)
                        .change(struct, fields -> {
                            List<Field> before = List.copyOf(fields);
                            change.accept(fields);
                            isChanged[0] |= !before.equals(fields);
                        })
                        .file(COLUMNS);
                if (isChanged[0]) {
                    assertEquals(-1, Reading.check(file(content), LITTLE), struct + " field " + field);
                    refused++;
                }
            }
        }
        assertTrue(refused >= 10, struct + " refused " + refused);
    }

    private static ParquetBytes bytes(Struct struct) {
        return new ParquetBytes()
                .codec(Codec.SNAPPY)
                .index(true)
                .dictionary(struct == Struct.DICTIONARY_PAGE)
                .version2(struct == Struct.DATA_PAGE_V2);
    }

    /** Changes of a field by its place in the struct; nothing where there are fewer. */
    private static List<Consumer<List<Field>>> changes(int place) {
        List<Consumer<List<Field>>> changes = new ArrayList<>();
        for (int alias : new int[] {0, 1 << 16, -(1 << 16), 3 << 16}) {
            changes.add(fields -> atPlace(fields, place, field -> List.of(field, moved(field, alias))));
            changes.add(fields -> atPlace(fields, place, field -> List.of(moved(field, alias), field)));
            changes.add(fields -> atEnd(fields, place, alias));
        }
        changes.add(fields -> atPlace(fields, place, field -> List.of(moved(field, 1 << 16))));
        changes.add(fields ->
                atPlace(fields, place, field -> List.of(new Field(Short.MAX_VALUE, 1, new byte[0]), field)));
        for (int type = 1; type <= 12; type++) {
            int other = type;
            changes.add(fields -> atPlace(
                    fields,
                    place,
                    field -> isSame(field.type(), other)
                            ? List.of(field)
                            : List.of(new Field(field.number(), other, value(other)))));
        }
        return changes;
    }

    /** Truth values are of two types; the second of a field is its other value. */
    private static boolean isSame(int type, int other) {
        return type == other || (type <= 2 && other <= 2);
    }

    private static Field moved(Field field, int alias) {
        return new Field(field.number() + alias, field.type(), field.value());
    }

    private static void atPlace(List<Field> fields, int place, Function<Field, List<Field>> replacement) {
        if (place < fields.size()) {
            Field field = fields.remove(place);
            fields.addAll(place, replacement.apply(field));
        }
    }

    private static void atEnd(List<Field> fields, int place, int alias) {
        if (place < fields.size()) {
            fields.add(moved(fields.get(place), alias));
        }
    }

    /** A whole value of a type. */
    private static byte[] value(int type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (type) {
            case 1, 2 -> {}
            case 3, 4, 5, 6 -> out.write(2);
            case 7 -> out.writeBytes(new byte[8]);
            case 8 -> out.writeBytes(new byte[] {2, 'x', 'y'});
            case 9, 10 -> out.writeBytes(new byte[] {0x22, 1, 1});
            case 11 -> out.writeBytes(new byte[] {1, 0x55, 2, 2});
            default -> out.write(0);
        }
        return out.toByteArray();
    }

    /** Headers that state less or more than data unfold to, and data that are cut or noise. */
    @ParameterizedTest
    @FieldSource("CODECS")
    void everyCodecUnfoldsToWhatItsHeaderStates(Codec codec) throws IOException {
        for (boolean isVersion2 : new boolean[] {false, true}) {
            byte[] good = new ParquetBytes().codec(codec).version2(isVersion2).file(COLUMNS);
            assertEquals(5, Reading.check(file(good)));
            for (long size : new long[] {0, 1, 7, 12, 1000, 1 << 20, 16 << 20, 17 << 20, Integer.MAX_VALUE}) {
                byte[] lie = new ParquetBytes()
                        .codec(codec)
                        .version2(isVersion2)
                        .lie(ParquetBytes.Lie.PAGE_UNCOMPRESSED, size)
                        .file(COLUMNS);
                assertEquals(-1, Reading.check(file(lie), 48 << 20), codec + " of " + size);
            }
            byte[] cut = new ParquetBytes()
                    .codec(codec)
                    .version2(isVersion2)
                    .damage(packed -> Arrays.copyOf(packed, packed.length - 1))
                    .file(COLUMNS);
            if (codec != Codec.UNCOMPRESSED) {
                assertEquals(-1, Reading.check(file(cut), LITTLE), codec + " cut");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("CODECS")
    void noiseInCompressedDataIsValuesOrASentence(Codec codec) throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] content = new ParquetBytes()
                    .codec(codec)
                    .dictionary(random.nextBoolean())
                    .damage(packed -> {
                        byte[] noisy = packed.clone();
                        for (int n = random.nextInt(4); n >= 0 && noisy.length > 0; n--) {
                            noisy[random.nextInt(noisy.length)] = (byte) random.nextInt();
                        }
                        return noisy;
                    })
                    .file(COLUMNS);
            Reading.check(file(content), 48 << 20);
        }
    }

    /**
     * The file is another by the time a part is read, of the same size and time: its bytes are checked as they are
     * used.
     */
    @ParameterizedTest
    @FieldSource("CODECS")
    void aFileSwappedAfterItWasOpenedIsValuesOrASentence(Codec codec) throws IOException {
        byte[] good = new ParquetBytes().codec(codec).file(COLUMNS);
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Path path = file(good);
            FileTime time = Files.getLastModifiedTime(path);
            List<TensorPart> parts = TensorFiles.open(path).parts();
            byte[] other = good.clone();
            for (int n = random.nextInt(20); n >= 0; n--) {
                other[random.nextInt(other.length)] = (byte) random.nextInt();
            }
            Files.write(path, other);
            Files.setLastModifiedTime(path, time);
            long before = Reading.allocated();
            for (TensorPart part : parts) {
                try {
                    part.read((tensor, block, offset, length) -> true);
                } catch (FormatException e) {
                    Reading.assertSentence(e, path);
                }
            }
            assertTrue(Reading.allocated() - before < 2 * (48 << 20));
        }
    }

    /** A file that is cut while a part is read does not end the JVM, as a mapped one would. */
    @Test
    void aFileCutWhileItIsReadIsRefused() throws IOException {
        Column column = new Column(
                "a",
                ParquetBytes.Type.DOUBLE,
                Kind.REQUIRED,
                new Random(1).doubles(300_000).mapToObj(List::of).toList());
        Path path = file(new ParquetBytes().rowsPerPage(10_000).file(List.of(column)));
        TensorPart part = TensorFiles.open(path).parts().get(0);
        FormatException refused = assertThrows(
                FormatException.class,
                () -> part.read((tensor, block, offset, length) -> {
                    Files.write(path, new byte[100]);
                    return true;
                }));
        assertTrue(refused.getMessage().contains("was cut"), refused.getMessage());
    }

    /** Runs of levels and indices that claim more than there is. */
    @Test
    void runsBeyondTheirPageGiveNoValues() throws IOException {
        for (byte[] run : new byte[][] {
            {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 1},
            {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 1},
            {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F},
            {0x7F, 0, 0, 0, 0, 0},
            {0, 0, 0, 0, 0, 0},
            {6, 9, 6, 9, 6, 9}
        }) {
            for (int place : new int[] {4, 14}) {
                byte[] content = new ParquetBytes()
                        .damage(packed -> {
                            byte[] other = packed.clone();
                            System.arraycopy(run, 0, other, place, Math.min(run.length, other.length - place));
                            return other;
                        })
                        .file(COLUMNS.subList(0, 1));
                assertTrue(Reading.check(file(content), LITTLE) <= 0);
            }
        }
    }

    /** One long name of a group would stand in the names of all its columns. */
    @Test
    void namesDoNotMultiply() throws IOException {
        List<ThriftBytes> schema = new ArrayList<>();
        schema.add(new ThriftBytes().text(4, "schema").i32(5, 1));
        schema.add(new ThriftBytes().i32(3, 0).text(4, "x".repeat(1 << 20)).i32(5, 100_000));
        for (int i = 0; i < 100_000; i++) {
            schema.add(new ThriftBytes().i32(1, 4).i32(3, 0).text(4, Integer.toString(i)));
        }
        byte[] footer = new ThriftBytes()
                .i32(1, 1)
                .structs(2, schema)
                .i64(3, 0)
                .structs(4, List.of())
                .bytes();
        assertEquals(-1, Reading.check(file(whole(footer)), LITTLE));
    }

    /**
     * The most that a footer of some size can ask for stays below the stated factor; these tests have 256 MB.
     */
    @Test
    void footersOfManyColumnsStayBelowTheirBound() throws IOException {
        List<ThriftBytes> schema = new ArrayList<>();
        int columns = 430_000;
        schema.add(new ThriftBytes().text(4, "").i32(5, columns));
        for (int i = 0; i < columns; i++) {
            schema.add(new ThriftBytes().i32(1, 4).text(4, Integer.toString(i, Character.MAX_RADIX)));
        }
        byte[] footer = new ThriftBytes()
                .i32(1, 1)
                .structs(2, schema)
                .i64(3, 0)
                .structs(4, List.of())
                .bytes();
        assertTrue(footer.length < 4 << 20 && footer.length > 2 << 20, () -> "of " + footer.length);
        schema.clear();
        assertEquals(0, Reading.check(file(whole(footer)), 0));
    }

    private static byte[] whole(byte[] footer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        out.writeBytes(footer);
        out.writeBytes(ThriftBytes.littleEndian(footer.length));
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        return out.toByteArray();
    }
}
