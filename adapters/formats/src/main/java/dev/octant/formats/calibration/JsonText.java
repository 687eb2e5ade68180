package dev.octant.formats.calibration;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads calibration tables whole, and their JSON as trees, in bounded memory.
 *
 * <p>A file has at most {@link #MAX_BYTES}, its JSON at most {@link #MAX_TOKENS} tokens and 500 levels, a string at most
 * 64 KiB. Less than 1 MiB and 64 bytes for each byte of the file are allocated; what is held, at most some 150 bytes
 * for each token, fits into a JVM of 256 MiB.
 */
final class JsonText {
    /** The longest file that is read: room for some hundred thousand tensors. */
    static final int MAX_BYTES = 64 << 20;

    /**
     * The most brackets, field names and values together: more than twenty thousand tensors of ours, which have 60
     * each.
     */
    static final int MAX_TOKENS = 1_250_000;

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
                        .maxNestingDepth(500)
                        .maxStringLength(1 << 16)
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

    /** The root of a JSON text. */
    static JsonPlace root(Path file, InputStream text, JsonMapper mapper) throws IOException {
        JsonNode root;
        try {
            root = mapper.readTree(text);
        } catch (JacksonException e) {
            if (e.getCause() instanceof FormatException refused) {
                throw refused;
            }
            throw notJson(file, e);
        } catch (NumberFormatException | ArithmeticException e) {
            // What Jackson finds to be a number is made one by Java, which knows no exponents beyond an int.
            throw new FormatException(
                    file + ": calibration table must have exponents below 2^31 in its numbers, was with more ("
                            + VisibleText.of(String.valueOf(e.getMessage())) + ")",
                    e);
        }
        return new JsonPlace(file, "$", root);
    }

    private static FormatException notJson(Path file, JacksonException cause) {
        TokenStreamLocation location = cause.getLocation();
        // Limits of size and depth are reported without a place.
        String place =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return new FormatException(
                file + ": calibration table must be JSON, was broken" + place + " ("
                        + VisibleText.of(String.valueOf(cause.getOriginalMessage())) + ")",
                cause);
    }
}
