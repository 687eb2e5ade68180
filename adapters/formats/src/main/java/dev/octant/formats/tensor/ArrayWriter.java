// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.apache.commons.lang3.Validate;

/**
 * Writes one {@code .npy} file, block by block, all at once or not at all.
 *
 * <pre>
 * ArrayWriter.write(file, header.withType(ElementType.INT8), out -&gt; out.writeBytes(codes, 0, n));
 * </pre>
 *
 * <p>Version 1.0. Elements are given in storage order; their number must be the size
 * of the header's shape. The file appears, or replaces the one before, only when all of it is written: see {@link
 * AtomicFile}.
 *
 * <p>float32 bits are written unchanged, NaN payloads included. Not thread safe. Source: NumPy enhancement proposal 1.
 */
public final class ArrayWriter {
    private final ArrayHeader header;
    private final OutputStream out;
    private final byte[] block = new byte[1 << 16];
    private final FloatBuffer floats;
    private long remaining;

    private ArrayWriter(ArrayHeader header, OutputStream out) {
        this.header = header;
        this.out = out;
        this.floats = ByteBuffer.wrap(block).order(header.byteOrder()).asFloatBuffer();
        this.remaining = header.size();
    }

    /** Writes the elements of an array. */
    @FunctionalInterface
    public interface Content {
        void writeTo(ArrayWriter out) throws IOException;
    }

    /**
     * Writes {@code target}; the name in the header plays no part.
     *
     * @throws FormatException if the target cannot be written
     * @throws IllegalArgumentException if the header's type is not {@code float32}, {@code int8} or {@code uint8}
     * @throws IllegalStateException if {@code content} writes fewer elements than the shape has
     */
    public static void write(Path target, ArrayHeader header, Content content) throws IOException {
        Given.require("target", target);
        Given.require("header", header);
        Given.require("content", content);
        Validate.isTrue(
                header.type() == ElementType.FLOAT32 || !header.type().isFloat(),
                "element type to write must be float32, int8 or uint8, was %s",
                header.type());
        AtomicFile.write(target, out -> {
            out.write(NpyHeader.bytes(header));
            ArrayWriter writer = new ArrayWriter(header, out);
            content.writeTo(writer);
            Validate.validState(
                    writer.remaining == 0,
                    "array to write must have %s elements, was %s",
                    header.size(),
                    header.size() - writer.remaining);
        });
    }

    /**
     * Writes the next {@code length} values of a {@code float32} array.
     *
     * @throws IllegalArgumentException if the array is of another type, has fewer elements left, or the part does not
     *     lie within {@code source}
     */
    public void writeFloats(float[] source, int offset, int length) throws IOException {
        Given.require("source", source);
        Validate.isTrue(header.type().isFloat(), "element type must be float32 to write floats, was %s", header.type());
        take(source.length, offset, length);
        for (int done = 0; done < length; ) {
            int count = Math.min(floats.capacity(), length - done);
            floats.put(0, source, offset + done, count);
            out.write(block, 0, count * Float.BYTES);
            done += count;
        }
    }

    /**
     * Writes the next {@code length} raw bytes of an {@code int8} or {@code uint8} array.
     *
     * @throws IllegalArgumentException if the array is of another type, has fewer elements left, or the part does not
     *     lie within {@code source}
     */
    public void writeBytes(byte[] source, int offset, int length) throws IOException {
        Given.require("source", source);
        Validate.isTrue(
                !header.type().isFloat(), "element type must be int8 or uint8 to write bytes, was %s", header.type());
        take(source.length, offset, length);
        out.write(source, offset, length);
    }

    private void take(int room, int offset, int length) {
        // Not Validate, whose arguments are boxed at every call: this runs once per block.
        if (offset < 0 || length < 0 || length > room - offset) {
            throw new IllegalArgumentException(
                    "part must lie within the array of " + room + ", was " + length + " from " + offset);
        }
        if (length > remaining) {
            throw new IllegalArgumentException(
                    "elements to write must be at most the " + remaining + " left, was " + length);
        }
        remaining -= length;
    }
}
