// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;

/**
 * What is known of an array before its elements: name, type, byte order, storage order and shape.
 *
 * <p>{@code size = d0 * d1 * ... }, the product of the dimensions; 1 for a 0-d array, 0 as soon as one dimension is
 * 0. In C order the last index runs fastest, in Fortran order the first.
 *
 * <p>A value that cannot be one is refused with {@link IllegalArgumentException}: a negative dimension, more dimensions
 * than {@link #MAX_RANK}, or more bytes than a {@code long} counts. Immutable and thread safe.
 *
 * @param name the array's name: of the file without its extension, or of the entry in an {@code .npz} without {@code
 *     .npy}
 * @param type the element type
 * @param byteOrder the order of the bytes of one element; of no effect on one-byte types
 * @param fortranOrder whether the first index runs fastest
 * @param shape the dimensions, outermost first; empty for a 0-d array
 */
public record ArrayHeader(String name, ElementType type, ByteOrder byteOrder, boolean fortranOrder, List<Long> shape) {
    /** The most dimensions an array may have, as in NumPy. */
    public static final int MAX_RANK = 64;

    public ArrayHeader {
        Validate.notNull(name, "array name must be given, was null");
        Validate.notNull(type, "element type must be given, was null");
        Validate.notNull(byteOrder, "byte order must be given, was null");
        Validate.notNull(shape, "shape must be given, was null");
        shape = List.copyOf(shape);
        Validate.isTrue(
                shape.size() <= MAX_RANK, "shape must have at most %s dimensions, was %s", MAX_RANK, shape.size());
        for (long dimension : shape) {
            Validate.isTrue(
                    dimension >= 0, "shape must have no negative dimension, was %s", VisibleText.of(text(shape)));
        }
        try {
            Math.multiplyExact(product(shape), (long) type.bytes());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape must span fewer than 2^63 bytes, was " + VisibleText.of(text(shape)) + " of " + type, e);
        }
    }

    /** A header in C order and little-endian, what NumPy writes on common machines. */
    public static ArrayHeader of(String name, ElementType type, List<Long> shape) {
        return new ArrayHeader(name, type, ByteOrder.LITTLE_ENDIAN, false, shape);
    }

    /** The same array with elements of another type: the header of the codes of these real values, for example. */
    public ArrayHeader withType(ElementType other) {
        return new ArrayHeader(name, other, byteOrder, fortranOrder, shape);
    }

    /** Number of elements, the product of the dimensions. */
    public long size() {
        return product(shape);
    }

    /** Number of bytes of all elements. */
    public long byteSize() {
        return size() * type.bytes();
    }

    /**
     * Values of one index of the first dimension, which lie together in C order; all values where there is one
     * dimension or none. 0 where they lie apart, in Fortran order.
     */
    long sampleLength() {
        return shape.size() > 1 && fortranOrder ? 0 : sampleLength(shape);
    }

    /** As {@link #sampleLength()}; 0, too, for an empty array of rows that a {@code long} cannot count. */
    static long sampleLength(List<Long> shape) {
        try {
            return shape.size() > 1 ? product(shape.subList(1, shape.size())) : product(shape);
        } catch (ArithmeticException e) {
            // The shape as a whole was checked: only a first dimension of 0 leads here, and there is no row.
            return 0;
        }
    }

    /** Refuses data that are not as long as the elements. */
    void requireBytes(long dataLength, String place) throws FormatException {
        if (dataLength < byteSize()) {
            throw truncated(Math.max(0, dataLength), place);
        }
        if (dataLength > byteSize()) {
            throw new FormatException(place + ": data must end where the shape " + shownShape() + " of " + type
                    + " ends, after " + byteSize() + " bytes, was " + dataLength);
        }
    }

    FormatException truncated(long dataLength, String place) {
        return new FormatException(place + ": data must have the " + byteSize() + " bytes that the shape "
                + shownShape() + " of " + type + " asks for, was truncated after " + dataLength);
    }

    /** The shape as Python writes it: {@code ()}, {@code (5,)}, {@code (2, 3)}. */
    public String shapeText() {
        return text(shape);
    }

    private String shownShape() {
        return VisibleText.of(shapeText());
    }

    static String text(List<Long> shape) {
        return shape.size() == 1
                ? "(" + shape.get(0) + ",)"
                : shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    /** The product of the dimensions; {@link ArithmeticException} where a {@code long} cannot hold it. */
    static long product(List<Long> shape) {
        if (shape.contains(0L)) {
            return 0;
        }
        long product = 1;
        for (long dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }
}
