// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.parquet.ParquetColumn.Real;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes the pages of a column of floats, doubles or float16 to the values that are there; nulls and empty lists are
 * none. A double rounds to the nearest float.
 *
 * <p>Encodings: plain, dictionary and byte stream split; levels in runs.
 *
 * <p>Source: {@code Encodings.md} of Apache Parquet.
 */
final class PageDecoder {
    static final int BLOCK_VALUES = 1 << 16;

    static final int PLAIN = 0;
    static final int PLAIN_DICTIONARY = 2;
    private static final int RLE = 3;
    static final int RLE_DICTIONARY = 8;
    private static final int BYTE_STREAM_SPLIT = 9;
    private static final int INDICES_AT_ONCE = 1 << 12;

    /** Receives values; the block is used again after the call. */
    @FunctionalInterface
    interface Blocks {
        /** Takes {@code block[0 .. length)}, at least one value: whether to go on. */
        boolean visit(float[] block, int length) throws IOException;
    }

    private final ParquetColumn column;
    private final Place place;
    private float[] dictionary;
    private float[] block = {};
    private int[] numbers = {};
    private long rows;
    private boolean hasData;

    PageDecoder(ParquetColumn column, Place place) {
        this.column = column;
        this.place = place;
    }

    /** Rows that began in the pages so far. */
    long rows() {
        return rows;
    }

    /** Decodes a page: whether to go on. */
    boolean decode(PageReader.Page page, Blocks blocks) throws IOException {
        if (page.header().type() == PageHeader.DICTIONARY) {
            readDictionary(page);
            return true;
        }
        hasData = true;
        PageHeader.Detail detail = page.header().detail();
        int count = detail.values();
        Levels levels = levels(page);
        rows += begun(levels.repetitions(), count);
        int present = equal(levels.definitions(), column.maxDefinition(), count, column.maxDefinition());
        return values(detail.encoding, levels.values(), present, blocks);
    }

    /** A page of data, cut: where lists begin, which values are there, and the values. */
    record Levels(Bytes repetitions, Bytes definitions, Bytes values) {}

    /** Cuts a page of data. */
    Levels levels(PageReader.Page page) throws IOException {
        PageHeader.Detail detail = page.header().detail();
        if (page.header().type() == PageHeader.DATA_V2) {
            return new Levels(
                    page.levels().head(detail.repetitionBytes),
                    page.levels().tail(detail.repetitionBytes),
                    page.content());
        }
        Bytes repetitions = levels(page.content(), column.maxRepetition(), detail.repetitionEncoding);
        Bytes rest = after(repetitions, page.content());
        Bytes definitions = levels(rest, column.maxDefinition(), detail.definitionEncoding);
        return new Levels(repetitions, definitions, after(definitions, rest));
    }

    /**
     * Levels of a page of the first version: four bytes of length, and runs; or nothing where there is one level
     * only.
     */
    private Bytes levels(Bytes bytes, int max, int encoding) throws IOException {
        if (max == 0) {
            return bytes.head(0);
        }
        if (encoding != RLE) {
            throw place.refused("have levels in runs, encoding " + RLE, encoding);
        }
        int length = bytes.length() < Integer.BYTES ? -1 : bytes.littleEndian().getInt();
        if (length < 0 || length > bytes.length() - Integer.BYTES) {
            throw place.refused("have levels that lie within their page", length + " bytes of " + bytes.length());
        }
        return bytes.tail(Integer.BYTES).head(length);
    }

    /** What stands behind the levels. */
    private static Bytes after(Bytes levels, Bytes bytes) {
        return bytes.tail(levels.from() + levels.length() - bytes.from());
    }

    /** How many rows begin in a page; before the first row there is none that could go on. */
    private int begun(Bytes levels, int count) throws IOException {
        if (rows == 0 && column.maxRepetition() > 0 && count > 0) {
            numbers(1);
            new HybridRuns(levels, bits(column.maxRepetition()), count, place).read(numbers, 1);
            if (numbers[0] != 0) {
                throw place.refused("begin with a row", "with the rest of one");
            }
        }
        return equal(levels, column.maxRepetition(), count, 0);
    }

    /** How many of {@code count} levels are a given one. */
    private int equal(Bytes levels, int max, int count, int wanted) throws IOException {
        if (max == 0) {
            return count;
        }
        return new HybridRuns(levels, bits(max), count, place).count(wanted, max);
    }

    static int bits(int max) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(max);
    }

    private boolean values(int encoding, Bytes bytes, int count, Blocks blocks) throws IOException {
        if (count == 0) {
            return true;
        }
        return switch (encoding) {
            case PLAIN -> plain(bytes, count, blocks);
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> indices(bytes, count, blocks);
            case BYTE_STREAM_SPLIT -> split(bytes, count, blocks);
            default ->
                throw place.refused(
                        "have values that are plain, of a dictionary or split by bytes, encodings " + PLAIN + ", "
                                + PLAIN_DICTIONARY + ", " + RLE_DICTIONARY + " or " + BYTE_STREAM_SPLIT,
                        encoding);
        };
    }

    private boolean plain(Bytes bytes, int count, Blocks blocks) throws IOException {
        checkBytes(bytes, count);
        ByteBuffer in = bytes.littleEndian();
        for (int done = 0; done < count; ) {
            int length = block(count - done);
            plain(in, length, block);
            if (!blocks.visit(block, length)) {
                return false;
            }
            done += length;
        }
        return true;
    }

    private void plain(ByteBuffer in, int length, float[] target) {
        Real real = column.real();
        if (real == Real.FLOAT) {
            in.asFloatBuffer().get(target, 0, length);
        } else {
            for (int i = 0; i < length; i++) {
                target[i] = real.at(in, in.position() + i * real.bytes());
            }
        }
        in.position(in.position() + real.bytes() * length);
    }

    private boolean split(Bytes bytes, int count, Blocks blocks) throws IOException {
        checkBytes(bytes, count);
        int size = column.real().bytes();
        ByteBuffer value = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < count; ) {
            int length = block(count - done);
            for (int i = 0; i < length; i++) {
                long bits = 0;
                for (int b = 0; b < size; b++) {
                    bits |= (bytes.array()[bytes.from() + b * count + done + i] & 0xFFL) << (Byte.SIZE * b);
                }
                block[i] = column.real().at(value.putLong(0, bits), 0);
            }
            if (!blocks.visit(block, length)) {
                return false;
            }
            done += length;
        }
        return true;
    }

    private boolean indices(Bytes bytes, int count, Blocks blocks) throws IOException {
        if (dictionary == null) {
            throw place.refused("have a dictionary before pages that refer to it", "without");
        }
        int bits = bytes.length() == 0 ? -1 : bytes.array()[bytes.from()];
        if (bits < 0 || bits > Integer.SIZE) {
            throw place.refused("have dictionary indices of 0 to 32 bits", bits);
        }
        HybridRuns runs = new HybridRuns(bytes.tail(1), bits, count, place);
        for (int done = 0; done < count; ) {
            int length = block(Math.min(INDICES_AT_ONCE, count - done));
            numbers(length);
            runs.read(numbers, length);
            for (int i = 0; i < length; i++) {
                int index = numbers[i];
                if (index < 0 || index >= dictionary.length) {
                    throw place.refused(
                            "have indices within its dictionary of " + dictionary.length + " values",
                            Integer.toUnsignedString(index));
                }
                block[i] = dictionary[index];
            }
            if (!blocks.visit(block, length)) {
                return false;
            }
            done += length;
        }
        return true;
    }

    private void readDictionary(PageReader.Page page) throws IOException {
        PageHeader.Detail detail = page.header().detail();
        if (dictionary != null || hasData) {
            throw place.refused("have one dictionary, before its values", "with another");
        }
        if (detail.encoding != PLAIN && detail.encoding != PLAIN_DICTIONARY) {
            throw place.refused(
                    "have a plain dictionary, encoding " + PLAIN + " or " + PLAIN_DICTIONARY, detail.encoding);
        }
        checkBytes(page.content(), detail.values());
        dictionary = new float[detail.values()];
        plain(page.content().littleEndian(), dictionary.length, dictionary);
    }

    private void checkBytes(Bytes bytes, int count) throws IOException {
        long wanted = (long) count * column.real().bytes();
        if (wanted > bytes.length()) {
            throw place.refused(
                    "have pages that hold their values, " + count + " of " + column.real(), bytes.length() + " bytes");
        }
    }

    /** Makes room for some of the next values, and says for how many. */
    private int block(int count) {
        int length = Math.min(BLOCK_VALUES, count);
        if (block.length < length) {
            block = new float[length];
        }
        return length;
    }

    private void numbers(int count) {
        if (numbers.length < count) {
            numbers = new int[count];
        }
    }
}
