// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a column of text row by row, plain or of a dictionary. Each name is one object, however often it comes. Not
 * thread safe.
 */
final class NameReader {
    /** The longest name in bytes: files of summaries hold no longer ones. */
    static final int MOST_BYTES = (1 << 16) - 1;

    /** What a page of names may unfold to for each of them, beside what any page may. */
    static final int BYTES_PER_VALUE = 1 << 10;

    private static final int AT_ONCE = 1 << 12;

    private final ParquetColumn column;
    private final PageReader pages;
    private final PageDecoder decoder;
    private final Place place;
    private final Map<ByteBuffer, String> names = new HashMap<>();
    private final int[] numbers = new int[AT_ONCE];
    private String[] dictionary;
    private int left;

    /** Of a page of a dictionary; null in a plain page. */
    private HybridRuns indices;

    private int known;
    private int at;
    private ByteBuffer plain;

    NameReader(ParquetColumn column, PageReader pages, Place place) {
        this.column = column;
        this.pages = pages;
        this.place = place;
        decoder = new PageDecoder(column, place);
    }

    /** The name of the next row, or null after the last. */
    String next() throws IOException {
        while (left == 0) {
            PageReader.Page page = pages.next();
            if (page == null) {
                return null;
            }
            if (page.header().type() == PageHeader.DICTIONARY) {
                readDictionary(page);
            } else {
                begin(page);
            }
        }
        left--;
        if (indices == null) {
            return text(plain);
        }
        if (at == known) {
            known = Math.min(AT_ONCE, left + 1);
            indices.read(numbers, known);
            at = 0;
        }
        int index = numbers[at++];
        if (index < 0 || index >= dictionary.length) {
            throw place.refused(
                    "have indices within its dictionary of " + dictionary.length + " values",
                    Integer.toUnsignedString(index));
        }
        return dictionary[index];
    }

    private void readDictionary(PageReader.Page page) throws IOException {
        PageHeader.Detail detail = page.header().detail();
        if (dictionary != null) {
            throw place.refused("have one dictionary, before its values", "with another");
        }
        ByteBuffer bytes = page.content().littleEndian();
        if (detail.values() > bytes.remaining() / Integer.BYTES) {
            throw place.refused("have pages that hold their values, " + detail.values(), bytes.remaining() + " bytes");
        }
        dictionary = new String[detail.values()];
        for (int i = 0; i < dictionary.length; i++) {
            dictionary[i] = text(bytes);
        }
    }

    private void begin(PageReader.Page page) throws IOException {
        PageHeader.Detail detail = page.header().detail();
        PageDecoder.Levels levels = decoder.levels(page);
        int max = column.maxDefinition();
        if (max > 0) {
            int present =
                    new HybridRuns(levels.definitions(), PageDecoder.bits(max), detail.values(), place).count(max, max);
            if (present < detail.values()) {
                throw place.refused("have a name in every row", "without one in " + (detail.values() - present));
            }
        }
        left = detail.values();
        known = 0;
        at = 0;
        indices = null;
        switch (detail.encoding) {
            case PageDecoder.PLAIN -> plain = levels.values().littleEndian();
            case PageDecoder.PLAIN_DICTIONARY, PageDecoder.RLE_DICTIONARY -> {
                if (dictionary == null) {
                    throw place.refused("have a dictionary before pages that refer to it", "without");
                }
                Bytes values = levels.values();
                int bits = values.length() == 0 ? -1 : values.array()[values.from()];
                if (bits < 0 || bits > Integer.SIZE) {
                    throw place.refused("have dictionary indices of 0 to 32 bits", bits);
                }
                indices = new HybridRuns(values.tail(1), bits, left, place);
            }
            default ->
                throw place.refused("have names that are plain or of a dictionary", "of encoding " + detail.encoding);
        }
    }

    private String text(ByteBuffer from) throws IOException {
        try {
            int length = from.getInt();
            if (length < 0 || length > MOST_BYTES) {
                throw place.refused("have names of at most " + MOST_BYTES + " bytes", "with one of " + length);
            }
            ByteBuffer bytes = from.slice(from.position(), length);
            from.position(from.position() + length);
            String same = names.get(bytes);
            return same == null ? added(bytes) : same;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw place.refused("have pages that hold their names", "with one that is cut", e);
        }
    }

    private String added(ByteBuffer bytes) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(0, copy);
        try {
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(copy))
                    .toString();
            if (!VisibleText.isPrintable(name) || name.isBlank()) {
                throw place.refused(
                        "have names of visible characters and no control characters",
                        "\"" + VisibleText.of(name) + "\"");
            }
            names.put(ByteBuffer.wrap(copy), name);
            return name;
        } catch (CharacterCodingException e) {
            throw place.refused("have names that are UTF-8 text", "otherwise", e);
        }
    }
}
