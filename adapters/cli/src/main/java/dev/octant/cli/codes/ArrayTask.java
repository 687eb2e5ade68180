// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Progress;
import dev.octant.cli.words.QuietOption;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayReader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Rewrites one array into another of the same shape and order, block by block. */
public final class ArrayTask {
    private static final int BLOCK = 1 << 14;

    private ArrayTask() {}

    /** Codes from floats, or floats or codes from codes; {@code position} is the index of the block's first element. */
    @FunctionalInterface
    public interface Step {
        void run(float[] reals, byte[] codes, int length, long position) throws IOException;
    }

    /**
     * Makes the step once the shape is known; the shape is given in the order of storage, last dimension fastest.
     */
    @FunctionalInterface
    public interface Preparation {
        Step prepare(ArrayHeader header);
    }

    /** The type codes are of: the one asked for, which must be that of the file, or else the file's. */
    static QuantType codeType(Path file, ElementType element, QuantType asked) {
        boolean signed = element == ElementType.INT8;
        if (asked == null) {
            return signed ? QuantType.INT8 : QuantType.UINT8;
        }
        if (asked.isSigned() != signed) {
            throw new IllegalArgumentException(
                    file + ": type must be that of the array, " + element + ", was " + asked);
        }
        return asked;
    }

    /** Reads floats, writes codes. */
    public static void floatsToCodes(Path in, Path out, QuantType type, QuietOption quiet, Preparation preparation)
            throws IOException {
        run(in, out, true, type.isSigned() ? ElementType.INT8 : ElementType.UINT8, quiet, preparation);
    }

    /** Reads codes, writes floats. */
    public static void codesToFloats(Path in, Path out, QuietOption quiet, Preparation preparation) throws IOException {
        run(in, out, false, ElementType.FLOAT32, quiet, preparation);
    }

    /** Reads codes, writes codes of the given type. */
    static void codesToCodes(Path in, Path out, QuantType type, QuietOption quiet, Preparation preparation)
            throws IOException {
        run(in, out, false, type.isSigned() ? ElementType.INT8 : ElementType.UINT8, quiet, preparation);
    }

    private static void run(
            Path in, Path out, boolean fromFloats, ElementType target, QuietOption quiet, Preparation preparation)
            throws IOException {
        // A pipe is what it is; a file must stay the one that it was.
        Optional<InputFile> state = Files.isRegularFile(in) ? Optional.of(InputFile.of(in)) : Optional.empty();
        try (ArrayReader reader = ArrayReader.open(in);
                Progress progress = quiet.progress(only(reader, in, fromFloats))) {
            ArrayHeader header = reader.header();
            Step step = preparation.prepare(header);
            ArrayHeader written = new ArrayHeader(
                    header.name(), target, ByteOrder.LITTLE_ENDIAN, header.fortranOrder(), header.shape());
            ArrayWriter.write(out, written, writer -> {
                float[] reals = new float[BLOCK];
                byte[] codes = new byte[BLOCK];
                long position = 0;
                for (int n; (n = fromFloats ? reader.readFloats(reals) : reader.readBytes(codes)) > 0; position += n) {
                    step.run(reals, codes, n, position);
                    if (target.isFloat()) {
                        writer.writeFloats(reals, 0, n);
                    } else {
                        writer.writeBytes(codes, 0, n);
                    }
                    progress.advance(n);
                }
                if (reader.next()) {
                    throw new FormatException(in + ": file must hold one array, had also "
                            + reader.header().name());
                }
                if (state.isPresent()) {
                    state.get().requireUnchanged();
                }
            });
        }
    }

    /** Moves to the first array and checks that it is of the kind asked for; its number of elements. */
    private static long only(ArrayReader reader, Path in, boolean floats) throws IOException {
        if (!reader.next()) {
            throw new FormatException(in + ": file must hold one array, had none");
        }
        ArrayHeader header = reader.header();
        if (header.type().isFloat() != floats) {
            throw new FormatException(in + ": array must be of "
                    + (floats ? "float16, float32 or float64" : "int8 or uint8 codes") + ", was " + header.type());
        }
        if (header.size() == 0) {
            throw new FormatException(in + ": array must have at least one value, was of shape " + header.shapeText());
        }
        return header.size();
    }
}
