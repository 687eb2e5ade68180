// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.parquet.ParquetBytes.Column;
import dev.octant.formats.parquet.ParquetBytes.Kind;
import dev.octant.formats.parquet.ParquetBytes.Struct;
import dev.octant.formats.parquet.ThriftBytes.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Files that are right but for some fields of their footer, page headers or offset index, and some bytes of their
 * pages: fields of other types, twice, with other numbers and values. The input is a row of choices, a byte for most,
 * 0 where it ends; there is a seed for each struct.
 */
class ParquetHeadersFuzzTest {
    private static final List<Struct> STRUCTS = List.of(Struct.values());
    private static final int[] ALIASES = {0, 1, 1 << 15, 1 << 16, -(1 << 16)};
    private static final long[] VALUES = {
        0, 1, 2, 127, -1, 1 << 16, 1 << 24, 1 << 30, Integer.MAX_VALUE, 1L << 32, 1L << 62
    };

    private static final List<Column> COLUMNS = List.of(
            new Column(
                    "a",
                    ParquetBytes.Type.FLOAT,
                    Kind.LIST,
                    List.of(Collections.nCopies(4000, 2.0), List.of(), List.of(3.0))),
            new Column("b", ParquetBytes.Type.DOUBLE, Kind.OPTIONAL, Arrays.asList(List.of(1.0), null, List.of(3.0))));

    @FuzzTest
    void changedHeaders(byte[] input) throws IOException {
        Choices choices = new Choices(input);
        ParquetBytes bytes = new ParquetBytes()
                .version2(choices.of(2) == 1)
                .dictionary(choices.of(2) == 1)
                .index(choices.of(2) == 1)
                .codec(ParquetBytes.READABLE.get(choices.of(ParquetBytes.READABLE.size())))
                .rowsPerPage(1 + choices.of(3));
        for (int left = choices.of(4); left > 0; left--) {
            bytes.change(STRUCTS.get(choices.of(STRUCTS.size())), change(choices));
        }
        byte[] noise = choices.bytes(choices.of(9));
        int place = choices.of(60);
        bytes.damage(packed -> overwritten(packed, noise, place));
        Reading.check(bytes.file(COLUMNS));
    }

    /** Puts a field of another number, type or value in the place of one, before or behind it. */
    private static Consumer<List<Field>> change(Choices choices) {
        int index = choices.of(12);
        int where = choices.of(3);
        int alias = ALIASES[choices.of(ALIASES.length)];
        int type = 1 + choices.of(12);
        byte[] value = value(choices, type);
        return fields -> {
            if (fields.isEmpty()) {
                return;
            }
            int at = index % fields.size();
            Field field = new Field(fields.get(at).number() + alias, type, value);
            switch (where) {
                case 0 -> fields.set(at, field);
                case 1 -> fields.add(at, field);
                default -> fields.add(at + 1, field);
            }
        };
    }

    /** What a field of a type may look like; texts may lie about their length, collections hold anything. */
    private static byte[] value(Choices choices, int type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (type) {
            case 1, 2 -> {}
            case 3 -> out.write(choices.of(256));
            case 4, 5, 6 -> {
                long number = VALUES[choices.of(VALUES.length)];
                ThriftBytes.varint(out, number << 1 ^ number >> 63);
            }
            case 8 -> {
                ThriftBytes.varint(out, choices.of(2) == 0 ? 4 : VALUES[choices.of(VALUES.length)]);
                out.writeBytes(choices.bytes(4));
            }
            default -> out.writeBytes(choices.bytes(choices.of(17)));
        }
        return out.toByteArray();
    }

    private static byte[] overwritten(byte[] packed, byte[] noise, int place) {
        byte[] other = packed.clone();
        for (int i = 0; i < noise.length && place + i < other.length; i++) {
            other[place + i] = noise[i];
        }
        return other;
    }

    /** Choices that stand in bytes. */
    private static final class Choices {
        private final byte[] bytes;
        private int at;

        Choices(byte[] bytes) {
            this.bytes = bytes;
        }

        int of(int count) {
            return (next() & 0xFF) % count;
        }

        byte[] bytes(int count) {
            byte[] chosen = new byte[count];
            for (int i = 0; i < count; i++) {
                chosen[i] = next();
            }
            return chosen;
        }

        private byte next() {
            return at < bytes.length ? bytes[at++] : 0;
        }
    }
}
