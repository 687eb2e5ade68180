package dev.octant.formats.calibration;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
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
 * 1 MiB. Less than 1 MiB and 64 bytes for each byte of the file are allocated, and never more than 512 MiB are held.
 */
final class JsonText {
    /** The longest file that is read: room for some hundred thousand tensors. */
    static final int MAX_BYTES = 64 << 20;

    /** The most brackets, field names and values together: some forty thousand tensors of ours. */
    static final int MAX_TOKENS = 2_000_000;

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
                        .maxStringLength(1 << 20)
                        .build());
    }

    private static JsonMapper mapper(JsonMapper.Builder builder) {
        return builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    /** The bytes of a file that is not too long. */
    static byte[] bytes(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = InputFile.stream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new FormatException(
                    file + ": calibration table must have at most " + MAX_BYTES + " bytes, was longer");
        }
        return bytes;
    }

    /** The root of a JSON text. */
    static JsonPlace root(Path file, byte[] text, JsonMapper mapper) throws FormatException {
        JsonNode root;
        try {
            root = mapper.readTree(text);
        } catch (JacksonException e) {
            throw notJson(file, e);
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
                        + FormatException.shown(String.valueOf(cause.getOriginalMessage())) + ")",
                cause);
    }
}
