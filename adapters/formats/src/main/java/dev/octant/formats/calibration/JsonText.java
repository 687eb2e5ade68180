// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads calibration tables whole, and their JSON as trees, in bounded memory.
 *
 * <p>A file has at most {@link #MAX_BYTES}, its JSON at most {@link #MAX_TOKENS} tokens and 500 levels, a string at
 * most 64 KiB. Less than 1 MiB and 64 bytes for each byte of the file are allocated; what is held, at most some 150
 * bytes for each token, fits into a JVM of 256 MiB.
 */
final class JsonText {
    /** The longest file that is read: room for some hundred thousand tensors. */
    static final int MAX_BYTES = 64 << 20;

    /**
     * The most brackets, field names and values together: more than twenty thousand tensors of ours, which have 60
     * each.
     */
    static final int MAX_TOKENS = 1_250_000;

    private static final int MAX_DEPTH = 500;
    private static final int MAX_STRING = 1 << 16;
    private static final int MAX_NUMBER = 1000;

    static final JsonMapper STRICT = mapper(JsonMapper.builder(factory().build()));

    /** Also reads what Python and flatc write: NaN and Infinity, names without quotes. */
    static final JsonMapper LENIENT = mapper(JsonMapper.builder(factory()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build()));

    private JsonText() {}

    private static tools.jackson.core.json.JsonFactoryBuilder factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxTokenCount(MAX_TOKENS)
                        .maxDocumentLength(MAX_BYTES)
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNameLength(MAX_STRING)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(MAX_NUMBER)
                        .build());
    }

    private static JsonMapper mapper(JsonMapper.Builder builder) {
        return builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    /** The bytes of a file that is not too long. */
    static InputStream bytes(Path file) throws IOException {
        return InputFile.stream(file, "calibration table", MAX_BYTES);
    }

    /**
     * The root of a JSON text. What is wrong with it is said here: what a library says of it may hold a part of the
     * file, and names of its classes.
     */
    static JsonPlace root(Path file, InputStream text, JsonMapper mapper) throws IOException {
        JsonNode root;
        try {
            root = mapper.readTree(text);
        } catch (StreamConstraintsException e) {
            throw new FormatException(
                    file + ": calibration table must have at most " + MAX_TOKENS + " tokens, " + MAX_DEPTH
                            + " levels, names and strings of " + MAX_STRING + " characters and numbers of " + MAX_NUMBER
                            + ", was with more" + place(e.getLocation()),
                    e);
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException unread && !(unread instanceof CharConversionException)) {
                throw unread;
            }
            throw new FormatException(
                    file + ": calibration table must be JSON with each name of an object once, was broken"
                            + place(e.getLocation()),
                    e);
        } catch (NumberFormatException | ArithmeticException e) {
            // What Jackson finds to be a number is made one by Java, which knows no exponents beyond an int.
            throw new FormatException(
                    file + ": calibration table must have exponents below 2^31 in its numbers, was with more", e);
        }
        return new JsonPlace(file, "$", root);
    }

    /** Not every exception knows its place. */
    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
