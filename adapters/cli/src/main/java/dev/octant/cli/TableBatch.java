package dev.octant.cli;

import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.ops.QuantizedActivation;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.lang3.StringUtils;

/** Tables for the rows of a file: {@code ;} between fields, one header line, one table per row. */
final class TableBatch {
    private static final String HEADER =
            "op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high";
    private static final int FIELDS = HEADER.split(";").length;

    private TableBatch() {}

    /** Reads rows, writes them with their table behind; a row that cannot be compiled ends it, with its line named. */
    static void compile(Path params, OutputStream stream) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(params)) {
            Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            String header = in.readLine();
            if (header == null || !header.strip().equals(HEADER)) {
                throw new FormatException(
                        params + ": first line must be " + HEADER + ", was " + (header == null ? "missing" : header));
            }
            out.write(HEADER + ";table\n");
            int line = 1;
            for (String row; (row = in.readLine()) != null; ) {
                line++;
                if (row.isBlank()) {
                    continue;
                }
                String text = row.stripTrailing();
                QuantizedActivation op = Named.at(params + " line " + line + ": ", () -> compile(text));
                out.write(text + ";" + TableFormat.hex(op) + "\n");
            }
            out.flush();
        } catch (CharacterCodingException e) {
            throw new FormatException(params + ": file must be UTF-8 text, was not", e);
        }
    }

    private static QuantizedActivation compile(String row) {
        String[] fields = StringUtils.splitPreserveAllTokens(row, ';');
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("row must have " + FIELDS + " fields, had " + fields.length);
        }
        QuantType type = TextConverters.type(fields[1]);
        return QuantizedActivation.compile(
                TextConverters.activation(fields[0]),
                Named.params(
                        "input",
                        type,
                        TextConverters.scale(fields[2]),
                        TextConverters.integer("input zero point", fields[3])),
                Named.params(
                        "output",
                        type,
                        TextConverters.scale(fields[4]),
                        TextConverters.integer("output zero point", fields[5])),
                RealRange.of(
                        end("output_low", fields[6], Double.NEGATIVE_INFINITY),
                        end("output_high", fields[7], Double.POSITIVE_INFINITY)));
    }

    private static double end(String what, String field, double absent) {
        return field.isBlank() ? absent : TextConverters.number(what, field);
    }
}
