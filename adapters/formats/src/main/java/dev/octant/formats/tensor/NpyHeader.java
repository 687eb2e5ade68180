// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.lang3.Validate;

/**
 * The header of a {@code .npy} file, in both directions.
 *
 * <pre>
 * 0x93 "NUMPY" | major minor | header length, 2 bytes (1.0) or 4 bytes (2.0, 3.0), little-endian | header | data
 * </pre>
 *
 * The header is a Python dictionary with exactly the keys {@code descr}, {@code fortran_order} and {@code shape},
 * Latin-1 text up to version 2.0 and UTF-8 in 3.0, padded with spaces and a line feed so that the data begins at a
 * multiple of 64.
 *
 * <p>Source: NumPy enhancement proposal 1 and the documentation of {@code numpy.lib.format}.
 */
final class NpyHeader {
    /** The longest header that is read, in bytes; those written by NumPy for these types have about a hundred. */
    static final int MAX_LENGTH = 1 << 20;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;

    private NpyHeader() {}

    static int magicLength() {
        return MAGIC.length;
    }

    static boolean isMagic(byte[] start) {
        return Arrays.equals(start, MAGIC);
    }

    /**
     * A header and where the data begins.
     *
     * @param known what it says; empty where the elements are of a type that is not read
     * @param obstacle why there is no header, in words, or empty
     * @param length bytes before the data
     */
    record Located(Optional<ArrayHeader> known, String obstacle, long length) {
        /** What it says. */
        ArrayHeader header(String place) throws FormatException {
            return known.orElseThrow(() -> new FormatException(place + ": " + obstacle));
        }
    }

    /**
     * What a header states, whatever the type of its elements.
     *
     * @param length bytes before the data
     */
    record Stated(PythonLiteral.Item descr, boolean fortranOrder, List<Long> shape, long length) {
        /** Kind and width, {@code f4}; empty where the type is not that of one number. */
        String descriptor() {
            return descr.value() instanceof String text && !text.isEmpty() && "<>|=".indexOf(text.charAt(0)) >= 0
                    ? text.substring(1)
                    : "";
        }

        /** The order of the bytes of one number. */
        ByteOrder byteOrder() {
            return switch (((String) descr.value()).charAt(0)) {
                case '<' -> ByteOrder.LITTLE_ENDIAN;
                case '>' -> ByteOrder.BIG_ENDIAN;
                default -> ByteOrder.nativeOrder();
            };
        }

        /** The type as the file writes it, as it may stand in a sentence. */
        String shownType() {
            return VisibleText.of(descr.source());
        }
    }

    /** Reads the header from the start of a stream and leaves the stream at the data; {@code place} begins messages. */
    static Located read(InputStream in, String name, String place) throws IOException {
        return parsed(in, place, stated -> located(name, stated));
    }

    /**
     * The same for one array of many: what the header says and cannot be understood, as a version to come, is an
     * obstacle of this array alone.
     *
     * @throws FormatException if the header is cut short
     */
    static Located readOneOfMany(InputStream in, String name, String place) throws IOException {
        try {
            return understood(in, place, stated -> located(name, stated));
        } catch (IllegalArgumentException e) {
            return new Located(Optional.empty(), e.getMessage(), 0);
        }
    }

    /** The same for an array of any type, whose name plays no part. */
    static Stated readStated(InputStream in, String place) throws IOException {
        return parsed(in, place, stated -> stated);
    }

    private static <T> T parsed(InputStream in, String place, Function<Stated, T> meaning) throws IOException {
        try {
            return understood(in, place, meaning);
        } catch (IllegalArgumentException e) {
            throw new FormatException(place + ": " + e.getMessage(), e);
        }
    }

    /**
     * What a header means.
     *
     * @throws IllegalArgumentException if it is complete, or not even begun, and cannot be understood
     * @throws FormatException if it is cut short
     */
    private static <T> T understood(InputStream in, String place, Function<Stated, T> meaning) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length);
        Validate.isTrue(
                isMagic(start),
                "data must begin with the mark of a .npy array, 0x93 NUMPY, was %s",
                start.length < MAGIC.length ? "too short for it" : "something else");
        byte[] version = exactly(in, 2, place);
        int major = version[0] & 0xFF;
        int minor = version[1] & 0xFF;
        Validate.isTrue(
                major >= 1 && major <= 3 && minor == 0,
                ".npy version must be 1.0, 2.0 or 3.0, was %s.%s",
                major,
                minor);
        int lengthBytes = major == 1 ? 2 : 4;
        byte[] stated = Arrays.copyOf(exactly(in, lengthBytes, place), 4);
        long length = ByteBuffer.wrap(stated).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFFFFFFL;
        Validate.isTrue(length <= MAX_LENGTH, "header must have at most %s bytes, was %s", MAX_LENGTH, length);
        String text = decoded(
                exactly(in, (int) length, place), major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return meaning.apply(stated(text, MAGIC.length + 2L + lengthBytes + length));
    }

    /** The bytes before the data. */
    static byte[] bytes(ArrayHeader header) {
        return bytes(
                header.type().bytes(),
                header.byteOrder(),
                header.type().descriptor(),
                header.fortranOrder(),
                header.shapeText());
    }

    /** The bytes before the data of an array in C order and little-endian. */
    static byte[] bytes(NumberType type, List<Long> shape) {
        return bytes(type.bytes(), ByteOrder.LITTLE_ENDIAN, type.descriptor(), false, ArrayHeader.text(shape));
    }

    /** Version 1.0: the longest header, of 64 dimensions, stays far below its 65,535 bytes. */
    private static byte[] bytes(int width, ByteOrder byteOrder, String descriptor, boolean fortran, String shape) {
        String order = width == 1 ? "|" : byteOrder == ByteOrder.LITTLE_ENDIAN ? "<" : ">";
        String text = "{'descr': '" + order + descriptor + "', 'fortran_order': " + (fortran ? "True" : "False")
                + ", 'shape': " + shape + ", }";
        int before = MAGIC.length + 2 + 2;
        int total = Math.floorDiv(before + text.length() + 1 + ALIGNMENT - 1, ALIGNMENT) * ALIGNMENT;
        byte[] bytes = new byte[total];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) (total - before))
                .put(text.getBytes(StandardCharsets.ISO_8859_1));
        bytes[total - 1] = '\n';
        return bytes;
    }

    private static Stated stated(String text, long length) {
        Map<String, PythonLiteral.Item> entries = PythonLiteral.dictionary(text);
        PythonLiteral.Item descr = required(entries, "descr");
        PythonLiteral.Item fortranOrder = required(entries, "fortran_order");
        PythonLiteral.Item shape = required(entries, "shape");
        if (entries.size() > 3) {
            throw new IllegalArgumentException("header must have the keys descr, fortran_order and shape only, was "
                    + VisibleText.of(entries.keySet().toString()));
        }
        if (!(fortranOrder.value() instanceof Boolean isFortranOrder)) {
            throw new IllegalArgumentException(
                    "fortran_order must be True or False, was " + VisibleText.of(fortranOrder.source()));
        }
        return new Stated(descr, isFortranOrder, dimensions(shape), length);
    }

    private static Located located(String name, Stated stated) {
        for (ElementType type : ElementType.values()) {
            if (type.descriptor().equals(stated.descriptor())) {
                ArrayHeader header =
                        new ArrayHeader(name, type, stated.byteOrder(), stated.fortranOrder(), stated.shape());
                return new Located(Optional.of(header), "", stated.length());
            }
        }
        return new Located(
                Optional.empty(),
                "dtype must be float16, float32, float64, int8 or uint8, was " + stated.shownType(),
                stated.length());
    }

    private static PythonLiteral.Item required(Map<String, PythonLiteral.Item> entries, String key) {
        PythonLiteral.Item item = entries.get(key);
        if (item == null) {
            throw new IllegalArgumentException("header must have the key " + key + ", was without it");
        }
        return item;
    }

    private static List<Long> dimensions(PythonLiteral.Item shape) {
        List<Long> dimensions = new ArrayList<>();
        if (shape.value() instanceof PythonLiteral.Tuple tuple) {
            for (Object item : tuple.items()) {
                if (item instanceof Long dimension) {
                    dimensions.add(dimension);
                }
            }
            if (dimensions.size() == tuple.items().size()) {
                return dimensions;
            }
        }
        throw new IllegalArgumentException(
                "shape must be a tuple of whole numbers, was " + VisibleText.of(shape.source()));
    }

    private static String decoded(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("header must be " + charset + " text, was not", e);
        }
    }

    private static byte[] exactly(InputStream in, int count, String place) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new FormatException(
                    place + ": header must be complete, was truncated " + (count - bytes.length) + " bytes early");
        }
        return bytes;
    }
}
