// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.TextLines;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * ONNX Runtime's {@code calibration.cache}: {@linkplain DynamicRanges the largest magnitude of each tensor} as text,
 * one tensor a line.
 *
 * <pre>
 * input 3.0
 * relu 0.9960937
 * </pre>
 *
 * <p>A name may hold blanks: the last one before the number separates. Empty lines, blanks at the end of a line and a
 * byte order mark are passed over. The last line
 * has an end, too, for a number without one may be the rest of a longer one. Lines are read one by one, each of at
 * most {@link TextLines#MAX_LENGTH} characters: memory is that of the table, some 400 bytes for a tensor.
 */
final class OnnxRuntimeCache extends DynamicRanges {
    private static final char SEPARATOR = ' ';

    /** Whether a line is a name and a number, and no JSON. */
    static boolean isTensor(String line) {
        int separator = line.lastIndexOf(SEPARATOR);
        String value = line.substring(separator + 1);
        return !line.startsWith("{")
                && !line.startsWith("[")
                && separator > 0
                && (isNumber(value) || isNotFinite(value));
    }

    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        try {
            return read(file, new TextLines(file, content));
        } catch (CharacterCodingException e) {
            throw new FormatException(file + ": calibration cache must be UTF-8 text, was other bytes", e);
        }
    }

    private static TableImport read(Path file, TextLines lines) throws IOException {
        Tensors tensors = new Tensors();
        for (Optional<String> next = lines.nextFilled(); next.isPresent(); next = lines.nextFilled()) {
            String line = next.get();
            Supplier<String> where = () -> file + ", line " + lines.number();
            int separator = line.lastIndexOf(SEPARATOR);
            if (separator < 0 || lines.isCut()) {
                throw new FormatException(where.get() + " must be a name, a blank, a number and a line end, was '"
                        + VisibleText.of(line) + "'");
            }
            tensors.add(where, line.substring(0, separator), line.substring(separator + 1));
        }
        if (lines.number() == 0) {
            throw new FormatException(file + ": calibration cache must have a line, was empty");
        }
        return tensors.table();
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        StringBuilder text = new StringBuilder();
        sorted(held)
                .forEach((name, value) ->
                        text.append(name).append(SEPARATOR).append(value).append('\n'));
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        return out -> out.write(content);
    }
}
