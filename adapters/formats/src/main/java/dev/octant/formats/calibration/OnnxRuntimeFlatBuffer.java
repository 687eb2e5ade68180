// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ONNX Runtime's {@code calibration.flatbuffers}: {@linkplain DynamicRanges the largest magnitude of each tensor} in a
 * FlatBuffer.
 *
 * <pre>
 * table KeyValue { key: string; value: string; }
 * table TrtTable { dict: [KeyValue]; }
 * root_type TrtTable;
 * </pre>
 *
 * <p>FlatBuffers are made to be read in place, by offsets that nothing checks. Here each is checked before it is
 * followed, so that a damaged file is refused. Memory: the file twice, and the table, some 400 bytes for a tensor,
 * which has 12 at the least. Names are no longer than the file together: none is there twice, and none has a zero
 * byte, as the length before a name does, which is at most {@value #MAX_NAME}; so they do not overlap.
 *
 * <p>Written are the bytes that ONNX Runtime writes, whose vector has the names from the last to the first.
 *
 * <p>Source: {@code cal_table.fbs} of ONNX Runtime; FlatBuffers' binary format.
 */
final class OnnxRuntimeFlatBuffer extends DynamicRanges {
    /** As many bytes as {@link JsonText} allows characters for names, in UTF-8. */
    private static final int MAX_NAME = 1 << 18;

    private static final int MAX_VALUE = 1 << 10;
    private static final int BUILDER_BYTES = 1024;
    private static final int DICT = 0;
    private static final int KEY = 0;
    private static final int VALUE = 1;

    /** Whether a file may begin so: with the place of the root table, which writers put before all else. */
    static boolean isStart(byte[] start) {
        return start.length >= Integer.BYTES
                && (start[0] & 0xFF) >= Integer.BYTES
                && start[0] % Integer.BYTES == 0
                && start[1] == 0
                && start[2] == 0
                && start[3] == 0;
    }

    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        return new Reader(file, content).table();
    }

    /** Follows offsets, all of which are from the place where they stand. */
    private static final class Reader {
        private final Path file;
        private final ByteBuffer bytes;

        Reader(Path file, InputStream content) throws IOException {
            this.file = file;
            // Before all of a file is read that may have no end.
            byte[] start = content.readNBytes(Integer.BYTES);
            if (start.length < Integer.BYTES || littleEndian(start).getInt() < Integer.BYTES) {
                throw new FormatException(file + ": calibration table must begin with the place of its root, 4 to"
                        + " 2^31 - 1, as a FlatBuffer, was without");
            }
            bytes = littleEndian(new SequenceInputStream(new ByteArrayInputStream(start), content).readAllBytes());
        }

        private static ByteBuffer littleEndian(byte[] bytes) {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        TableImport table() throws FormatException {
            Tensors tensors = new Tensors();
            int root = followed(0, "root");
            int dict = field(root, DICT, "root", "dict");
            int count = number(dict, "dict");
            within(dict + (long) Integer.BYTES, (long) Integer.BYTES * count, "dict");
            for (int i = 0; i < count; i++) {
                String where = "dict[" + i + "]";
                int pair = followed(dict + Integer.BYTES * (i + 1), where);
                String key = text(field(pair, KEY, where, "key"), MAX_NAME, where + ".key");
                String value = text(field(pair, VALUE, where, "value"), MAX_VALUE, where + ".value");
                tensors.add(() -> file + ", " + where, key, value);
            }
            return tensors.table();
        }

        /** Where the offset at a place leads to. */
        private int followed(int at, String what) throws FormatException {
            return within(at + (bytes.getInt(at) & 0xFFFF_FFFFL), Integer.BYTES, what);
        }

        /** A length, which is no larger than the file. */
        private int number(int at, String what) throws FormatException {
            within(at, bytes.getInt(at) & 0xFFFF_FFFFL, what);
            return bytes.getInt(at);
        }

        /** Where the offset of a field leads to; its place in the table stands in a list of places, the vtable. */
        private int field(int table, int field, String what, String name) throws FormatException {
            int places = within(table - (long) bytes.getInt(table), 2 * Short.BYTES, what);
            int length = bytes.getShort(places) & 0xFFFF;
            within(places, length, what);
            int slot = 2 * Short.BYTES + Short.BYTES * field;
            int place = slot + Short.BYTES > length ? 0 : bytes.getShort(places + slot) & 0xFFFF;
            if (place == 0) {
                throw new FormatException(file + ", " + what + " must have a " + name + ", was without it");
            }
            return followed(within((long) table + place, Integer.BYTES, what), what + "." + name);
        }

        private String text(int at, int most, String what) throws FormatException {
            int length = number(at, what);
            int start = within(at + (long) Integer.BYTES, length, what);
            if (length > most) {
                throw new FormatException(
                        file + ", " + what + " must have at most " + most + " bytes, was of " + length);
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(bytes.slice(start, length))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new FormatException(file + ", " + what + " must be UTF-8 text, was other bytes", e);
            }
        }

        /** A place, so many bytes from which lie within the file. */
        private int within(long at, long length, String what) throws FormatException {
            if (at < 0 || length > bytes.capacity() - at) {
                throw new FormatException(file + ", " + what + " must lie within the file of " + bytes.capacity()
                        + " bytes, was of " + length + " at " + at);
            }
            return (int) at;
        }
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        FlatBufferBuilder builder = new FlatBufferBuilder(BUILDER_BYTES);
        List<Integer> pairs = new ArrayList<>();
        sorted(held).forEach((name, value) -> {
            int key = builder.createString(name);
            int text = builder.createString(value);
            builder.startTable(VALUE + 1);
            builder.addOffset(KEY, key, 0);
            builder.addOffset(VALUE, text, 0);
            pairs.add(builder.endTable());
        });
        builder.startVector(Integer.BYTES, pairs.size(), Integer.BYTES);
        pairs.forEach(builder::addOffset);
        int dict = builder.endVector();
        builder.startTable(DICT + 1);
        builder.addOffset(DICT, dict, 0);
        builder.finish(builder.endTable());
        byte[] content = builder.sizedByteArray();
        return out -> out.write(content);
    }
}
