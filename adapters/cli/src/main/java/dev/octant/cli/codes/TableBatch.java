// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.Named;
import dev.octant.formats.TextLines;
import dev.octant.formats.VisibleText;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;

/** Tables for the rows of a file: {@code ;} between fields, one header line, one table per row. */
final class TableBatch {
    private static final String PARAMETERS =
            "input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high";
    private static final String HEADER = "op;type;" + PARAMETERS;
    private static final String HEADER_WITH_PROFILE = "op;type;profile;" + PARAMETERS;

    /** Half a gigabyte of tables. */
    static final int MAX_LINES = 1_000_000;

    private TableBatch() {}

    /**
     * Reads rows, writes them with their table behind; a row that cannot be compiled ends it, with its line named.
     * The file is read once, so it may be a pipe. Memory is that of a row, of at most {@link TextLines#MAX_LENGTH}
     * characters; there are at most {@value #MAX_LINES} lines, so that what is written has an end.
     */
    static void compile(Path params, OutputStream stream) throws IOException {
        try (TextLines in = TextLines.of(params)) {
            Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            boolean profiles = hasProfiles(params, in.next().orElse("missing"));
            out.write((profiles ? HEADER_WITH_PROFILE : HEADER) + ";table\n");
            for (Optional<String> row = in.next(); row.isPresent(); row = in.next()) {
                if (in.number() > MAX_LINES) {
                    throw new FormatException(params + ": file must have at most " + MAX_LINES + " lines, was longer");
                }
                String text = row.get().stripTrailing();
                if (text.isEmpty()) {
                    continue;
                }
                QuantizedActivation op =
                        Named.at(params + " line " + in.number() + ": ", () -> compile(text, profiles));
                out.write(text + ";" + TableFormat.hex(op) + "\n");
            }
            out.flush();
        } catch (CharacterCodingException e) {
            throw new FormatException(params + ": file must be UTF-8 text, was not", e);
        }
    }

    /** Which of the two headers it is. */
    private static boolean hasProfiles(Path params, String header) throws FormatException {
        String words = header.strip();
        if (!words.equals(HEADER) && !words.equals(HEADER_WITH_PROFILE)) {
            throw new FormatException(params + ": first line must be " + HEADER
                    + ", with or without profile as third field, was " + VisibleText.of(words));
        }
        return words.equals(HEADER_WITH_PROFILE);
    }

    private static QuantizedActivation compile(String row, boolean profiles) {
        // It is written again, to a terminal perhaps; numbers are read with control characters around them.
        if (!VisibleText.isPrintable(row)) {
            throw new IllegalArgumentException(
                    "row must have ; between its fields, and no tabs or other control characters, was '"
                            + VisibleText.of(row) + "'");
        }
        String[] fields = StringUtils.splitPreserveAllTokens(row, ';');
        int count = (profiles ? HEADER_WITH_PROFILE : HEADER).split(";").length;
        if (fields.length != count) {
            throw new IllegalArgumentException("row must have " + count + " fields, had " + fields.length);
        }
        QuantType type = QuantType.parse(fields[1]);
        Profile profile = profiles && !fields[2].isBlank() ? Profile.parse(fields[2]) : Profile.ONNX;
        String[] p = Arrays.copyOfRange(fields, profiles ? 3 : 2, fields.length);
        return QuantizedActivation.compile(
                Activation.parse(fields[0]),
                Named.params("input", type, QuantParams.parseScale(p[0]), zeroPoint("input", p[1], type)),
                Named.params("output", type, QuantParams.parseScale(p[2]), zeroPoint("output", p[3], type)),
                RealRange.of(
                        end("output_low", p[4], Double.NEGATIVE_INFINITY),
                        end("output_high", p[5], Double.POSITIVE_INFINITY)),
                profile);
    }

    private static int zeroPoint(String side, String field, QuantType type) {
        return Numbers.whole(side + " zero point", field, type.low() + ".." + type.high());
    }

    private static double end(String what, String field, double absent) {
        return field.isBlank() ? absent : Numbers.real(what, field);
    }
}
