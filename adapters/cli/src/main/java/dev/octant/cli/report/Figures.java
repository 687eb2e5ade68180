// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of a run, as {@link JsonReport} wrote them and as far as runs are compared by them.
 *
 * @param file where they stand
 * @param settings type, scheme, rule, engine and evidence, each by its field's name
 * @param tensors the best of each tensor with a method, by name, in the order of the file
 */
public record Figures(Path file, Map<String, String> settings, Map<String, Best> tensors) {
    /** The largest file that is read: room for some twenty thousand tensors. */
    private static final long MAX_BYTES = 256 << 20;

    /** No two sums of squares in double have a larger ratio, nor a smaller one. */
    private static final double MOST_DB = 10 * (Math.log10(Double.MAX_VALUE) - Math.log10(Double.MIN_VALUE));

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final List<String> SETTINGS = List.of("type", "scheme", "policy", "profile", "evidence");

    /**
     * The best method of a tensor.
     *
     * @param op what reads it
     * @param method its name
     * @param outputSqnrDb what it comes to; infinite where nothing is lost, NaN where there is no signal
     */
    public record Best(String op, String method, double outputSqnrDb) {}

    /**
     * Reads a file.
     *
     * @throws FormatException if it is missing, too large, or holds no such figures
     */
    public static Figures read(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
            throw new FormatException(
                    file + ": figures must have at most " + MAX_BYTES + " bytes, had " + Files.size(file));
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new FormatException(file + ": figures must be JSON, as evaluate --json writes it, were not", e);
        }
        JsonNode schema = root.get("schema");
        JsonNode rows = root.get("figures");
        if (schema == null || rows == null || !rows.isArray()) {
            throw new FormatException(file
                    + ": figures must have the fields schema and figures, as evaluate --json writes them, had not");
        }
        if (!schema.isInt() || schema.intValue() != JsonReport.SCHEMA) {
            throw new FormatException(file + ": schema of figures must be " + JsonReport.SCHEMA + ", was "
                    + VisibleText.of(schema.toString()));
        }
        Map<String, String> settings = new LinkedHashMap<>();
        Map<String, Best> tensors = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            JsonNode row = rows.get(i);
            JsonNode best = row.get("best");
            if (best == null || !best.isBoolean() || !best.booleanValue()) {
                continue;
            }
            String place = file + ": figures[" + i + "]";
            String name = text(row, "name", place);
            Best kept = new Best(text(row, "op", place), text(row, "method", place), sqnr(row, place));
            if (tensors.put(name, kept) != null) {
                throw new FormatException(
                        place + ".name must be of one tensor only, was again " + VisibleText.of(name));
            }
            for (String setting : SETTINGS) {
                settings.put(setting, text(row, setting, place));
            }
        }
        if (tensors.isEmpty()) {
            throw new FormatException(file + ": figures must have a tensor with a best method, had none");
        }
        return new Figures(file, settings, tensors);
    }

    /** JSON has neither NaN nor an infinity: null is both, and what stands beside it says which. */
    private static double sqnr(JsonNode row, String place) throws FormatException {
        JsonNode sqnr = row.get("outputSqnrDb");
        if (sqnr != null && sqnr.isNull()) {
            JsonNode exact = row.get("outputExact");
            if (exact == null || !exact.isBoolean()) {
                throw new FormatException(place + ".outputExact must be true or false where outputSqnrDb is null, was "
                        + (exact == null ? "missing" : VisibleText.of(exact.toString())));
            }
            return exact.booleanValue() ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        if (sqnr == null || !sqnr.isNumber() || !(Math.abs(sqnr.doubleValue()) <= MOST_DB)) {
            throw new FormatException(place + ".outputSqnrDb must be null or a number within +-" + Math.round(MOST_DB)
                    + ", was " + (sqnr == null ? "missing" : VisibleText.of(sqnr.toString())));
        }
        return sqnr.doubleValue();
    }

    private static String text(JsonNode row, String field, String place) throws FormatException {
        JsonNode value = row.get(field);
        if (value == null || !value.isString()) {
            throw new FormatException(place + "." + field + " must be text, was "
                    + (value == null ? "missing" : VisibleText.of(value.toString())));
        }
        return value.stringValue();
    }
}
