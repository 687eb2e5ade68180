// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * The parts of a {@code .safetensors} file.
 *
 * <pre>
 * header length, 8 bytes, little-endian | header, JSON, perhaps blanks after it | data
 * { "__metadata__": { "any": "text" },
 *   "name": { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] } }
 * </pre>
 *
 * <p>Offsets count from the end of the header. Sorted by them, the tensors cover the data without a hole, an overlap
 * or a rest, and each is as long as its shape and dtype say. Integers of one byte are read as the real numbers they
 * are; a tensor of another dtype is left out.
 *
 * <p>Memory: a header of at most {@value #MAX_HEADER} bytes, and what is made of it: 64 times as much is allocated at
 * the most until all is read, most of it for a moment. The format allows 100 MB, which real files do not come near.
 *
 * <p>Source: the README of huggingface/safetensors.
 */
final class Safetensors {
    /** The longest header that is read, in bytes: room for a hundred thousand tensors. */
    static final int MAX_HEADER = 8 << 20;

    private static final int LENGTH_BYTES = 8;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_NUMBER_LENGTH = 20;
    private static final String METADATA = "__metadata__";

    private static final Map<String, StoredType> TYPES = Map.of(
            "F64", StoredType.FLOAT64,
            "F32", StoredType.FLOAT32,
            "F16", StoredType.FLOAT16,
            "BF16", StoredType.BFLOAT16,
            "F8_E4M3", StoredType.FLOAT8_E4M3FN,
            "F8_E5M2", StoredType.FLOAT8_E5M2,
            "I8", StoredType.INT8,
            "U8", StoredType.UINT8);

    /** The types of numbers that models take; integers of every width among them. */
    private static final Map<String, NumberType> NUMBERS = Map.ofEntries(
            Map.entry("BOOL", NumberType.BOOL),
            Map.entry("I8", NumberType.INT8),
            Map.entry("U8", NumberType.UINT8),
            Map.entry("I16", NumberType.INT16),
            Map.entry("U16", NumberType.UINT16),
            Map.entry("I32", NumberType.INT32),
            Map.entry("U32", NumberType.UINT32),
            Map.entry("I64", NumberType.INT64),
            Map.entry("U64", NumberType.UINT64),
            Map.entry("F16", NumberType.FLOAT16),
            Map.entry("F32", NumberType.FLOAT32),
            Map.entry("F64", NumberType.FLOAT64));

    // Property names are tensors' names, each once: nothing is won by keeping them in the factory's table.
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_HEADER)
                    .maxStringLength(MAX_HEADER)
                    .build())
            .build();

    private final InputFile file;
    private final JsonParser json;

    private Safetensors(InputFile file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /** What the header says of a tensor. */
    private record Entry(String name, String dtype, List<Long> shape, long begin, long end) {}

    /** All entries by where they begin, and where the first does. */
    private record Layout(List<Entry> entries, long dataStart) {}

    /** Whether a file begins as this format does. */
    static boolean isHeader(InputFile file, FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(LENGTH_BYTES + 1, file.size()));
        file.readFully(channel, start, 0);
        return start.capacity() > LENGTH_BYTES && start.get(LENGTH_BYTES) == '{';
    }

    /** The tensors of some names by their rows; of a type that NumPy has, too. */
    static Map<String, RowArray> rows(InputFile file, List<String> names) throws IOException {
        Layout layout = layout(file);
        List<String> there = layout.entries().stream().map(Entry::name).toList();
        Map<String, RowArray> found = new LinkedHashMap<>();
        for (String name : names) {
            Entry entry = layout.entries().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> RowArray.missing(file, name, there));
            NumberType type = NUMBERS.get(entry.dtype());
            if (type == null) {
                throw refused(
                        file,
                        tensor(name) + ", dtype",
                        "be BOOL, F16, F32, F64 or an integer from I8 to U64",
                        entry.dtype());
            }
            long start = layout.dataStart();
            found.put(
                    name,
                    RowArray.ofRange(file, name, type, entry.shape(), start + entry.begin(), start + entry.end()));
        }
        return found;
    }

    static TensorFile open(InputFile file, Predicate<String> names) throws IOException {
        return open(file, layout(file), names);
    }

    private static Layout layout(InputFile file) throws IOException {
        CharBuffer header;
        long length;
        try (FileChannel channel = file.open()) {
            length = headerLength(file, channel);
            header = header(file, channel, (int) length);
        }
        List<Entry> entries;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text(header))) {
            entries = new Safetensors(file, json).entries();
        } catch (StreamConstraintsException e) {
            throw new FormatException(
                    file.path() + ": header must have at most " + MAX_DEPTH + " levels and numbers of "
                            + MAX_NUMBER_LENGTH + " characters, was with more" + place(e),
                    e);
        } catch (JacksonException e) {
            throw new FormatException(
                    file.path() + ": header must be JSON with each name of an object once, was broken" + place(e), e);
        }
        long dataStart = LENGTH_BYTES + length;
        requireCover(file, entries, dataStart);
        return new Layout(entries, dataStart);
    }

    private static String place(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getCharOffset() < 0 ? "" : " at character " + location.getCharOffset();
    }

    private static long headerLength(InputFile file, FileChannel channel) throws IOException {
        if (file.size() < LENGTH_BYTES) {
            throw new FormatException(file.path() + ": file must begin with the 8 bytes of its header's length, was "
                    + file.size() + " bytes long");
        }
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.readFully(channel, bytes, 0);
        long length = bytes.getLong(0);
        // Negative is beyond 2^63 to the writer, who has it unsigned.
        if (length < 2 || length > MAX_HEADER) {
            throw new FormatException(file.path() + ": header must have 2 to " + MAX_HEADER + " bytes, was "
                    + Long.toUnsignedString(length));
        }
        if (length > file.size() - LENGTH_BYTES) {
            throw new FormatException(file.path() + ": header must be complete, was " + (file.size() - LENGTH_BYTES)
                    + " of " + length + " bytes");
        }
        return length;
    }

    private static CharBuffer header(InputFile file, FileChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.readFully(channel, bytes, LENGTH_BYTES);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
        } catch (CharacterCodingException e) {
            throw new FormatException(file.path() + ": header must be UTF-8 text, was not", e);
        }
    }

    private static Reader text(CharBuffer chars) {
        return new CharArrayReader(chars.array(), chars.arrayOffset(), chars.remaining());
    }

    private List<Entry> entries() throws FormatException {
        List<Entry> entries = new ArrayList<>();
        expect(json.nextToken(), JsonToken.START_OBJECT, "header", "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                skipMetadata();
            } else {
                entries.add(entry(name));
            }
        }
        if (json.nextToken() != null) {
            throw new FormatException(file.path() + ": header must end with its object, was followed by "
                    + VisibleText.of(String.valueOf(json.getString())));
        }
        return entries;
    }

    private void skipMetadata() throws FormatException {
        expect(json.nextToken(), JsonToken.START_OBJECT, METADATA, "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA, "an object of strings");
        }
    }

    private Entry entry(String name) throws FormatException {
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        expect(json.nextToken(), JsonToken.START_OBJECT, name, "", "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(value, JsonToken.VALUE_STRING, name, ", dtype", "a string");
                    dtype = json.getString();
                }
                case "shape" -> shape = numbers(value, name, ", shape", ArrayHeader.MAX_RANK);
                case "data_offsets" -> offsets = numbers(value, name, ", data_offsets", 2);
                default -> throw refused(tensor(name), "have the fields dtype, shape and data_offsets only", field);
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw refused(
                    tensor(name),
                    "have the fields dtype, shape and data_offsets",
                    "without " + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw refused(tensor(name) + ", data_offsets", "be a begin and an end", offsets.toString());
        }
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private List<Long> numbers(JsonToken start, String name, String field, int most) throws FormatException {
        expect(start, JsonToken.START_ARRAY, name, field, "an array");
        List<Long> numbers = new ArrayList<>(4);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean isCount = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                    && json.getLongValue() >= 0;
            if (!isCount) {
                throw refused(
                        tensor(name) + field,
                        "have whole numbers from 0 to 2^63 - 1 only",
                        String.valueOf(json.getString()));
            }
            if (numbers.size() == most) {
                throw refused(tensor(name) + field, "have at most " + most + " numbers", "more");
            }
            numbers.add(json.getLongValue());
        }
        return List.copyOf(numbers);
    }

    /** Builds no text unless it is needed: a header may have a hundred thousand tensors. */
    private void expect(JsonToken found, JsonToken expected, String name, String field, String rule)
            throws FormatException {
        if (found != expected) {
            throw mustBe(tensor(name) + field, rule, found);
        }
    }

    private void expect(JsonToken found, JsonToken expected, String what, String rule) throws FormatException {
        if (found != expected) {
            throw mustBe(what, rule, found);
        }
    }

    private FormatException mustBe(String what, String rule, JsonToken found) {
        return refused(what, "be " + rule, found == null ? "nothing" : String.valueOf(json.getString()));
    }

    private static String tensor(String name) {
        return "tensor " + VisibleText.of(name);
    }

    private FormatException refused(String what, String rule, String found) {
        return refused(file, what, rule, found);
    }

    private static FormatException refused(InputFile file, String what, String rule, String found) {
        return new FormatException(file.path() + ": " + what + " must " + rule + ", was " + VisibleText.of(found));
    }

    /** Sorts entries by where they begin; together they are all that follows the header. */
    private static void requireCover(InputFile file, List<Entry> entries, long dataStart) throws FormatException {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : entries) {
            if (entry.begin() != at) {
                throw refused(
                        file,
                        tensor(entry.name()) + ", data_offsets",
                        "begin where the tensor before ends, at " + at,
                        String.valueOf(entry.begin()));
            }
            at = entry.end();
            if (at > file.size() - dataStart) {
                throw refused(
                        file,
                        tensor(entry.name()) + ", data_offsets",
                        "lie within the " + (file.size() - dataStart) + " bytes of data",
                        "[" + entry.begin() + ", " + at + "]");
            }
        }
        if (at != file.size() - dataStart) {
            throw new FormatException(file.path() + ": tensors must cover the " + (file.size() - dataStart)
                    + " bytes of data, was " + at);
        }
    }

    private static TensorFile open(InputFile file, Layout layout, Predicate<String> names) throws FormatException {
        List<TensorPart> parts = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        int number = 0;
        for (Entry entry : layout.entries()) {
            number++;
            Optional<String> refusal = VisibleText.refusal("name", entry.name());
            if (refusal.isPresent()) {
                String shown = LeftOut.shown(entry.name(), "tensor " + number);
                if (names.test(shown)) {
                    leftOut.add(LeftOut.of(file.path(), shown, refusal.get()));
                }
                continue;
            }
            if (!names.test(entry.name())) {
                continue;
            }
            StoredType type = TYPES.get(entry.dtype());
            if (type == null) {
                leftOut.add(LeftOut.of(
                        file.path(),
                        entry.name(),
                        "dtype must be F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I8 or U8, was "
                                + VisibleText.of(entry.dtype())));
            } else {
                parts.addAll(extent(file, entry, type, layout.dataStart()).parts());
            }
        }
        return TensorFile.of(file.path(), parts, leftOut);
    }

    private static RangePart.Extent extent(InputFile file, Entry entry, StoredType type, long dataStart)
            throws FormatException {
        long size;
        long bytes;
        try {
            size = ArrayHeader.product(entry.shape());
            bytes = Math.multiplyExact(size, (long) type.bytes());
        } catch (ArithmeticException e) {
            throw new FormatException(
                    file.path() + ": " + tensor(entry.name()) + ", shape must span fewer than 2^63 bytes, was "
                            + VisibleText.of(entry.shape().toString()),
                    e);
        }
        if (bytes != entry.end() - entry.begin()) {
            throw refused(
                    file,
                    tensor(entry.name()) + ", data_offsets",
                    "span the " + bytes + " bytes that the shape "
                            + VisibleText.of(entry.shape().toString()) + " of " + entry.dtype() + " asks for",
                    String.valueOf(entry.end() - entry.begin()));
        }
        return new RangePart.Extent(
                file,
                entry.name(),
                type,
                ByteOrder.LITTLE_ENDIAN,
                dataStart + entry.begin(),
                size,
                ArrayHeader.sampleLength(entry.shape()));
    }
}
