// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the JSON of calibration tables as trees, in bounded memory.
 *
 * <p>A file has at most {@link #MAX_BYTES}, a tree at most {@link #MAX_TOKENS} tokens and 500 levels, a string at most
 * 64 KiB. Of our own tables every tensor is a tree by itself, which is not kept, so there may be any number of them;
 * files of other tools are one tree. Less than 1 MiB and 96 bytes for each byte of the file are allocated; what is held
 * of a tree is at most some 150 bytes for each token.
 */
final class JsonText {
    /** The longest file that is read, and that is written: room for some eight hundred thousand tensors of ours. */
    static final int MAX_BYTES = 1 << 30;

    private static final long BYTES_PER_TOKEN = 150;

    /** The most that {@link #MAX_TOKENS} is in any heap. */
    static final int MOST_TOKENS = 8_000_000;

    /**
     * The most brackets, field names and values together of a tree: as many as half of the heap holds, but no fewer
     * than 1,250,000, which a JVM of 256 MiB has room for, and no more than 8,000,000. A tensor of another tool takes
     * 10 to 30.
     */
    static final int MAX_TOKENS =
            (int) Math.min(MOST_TOKENS, Math.max(1_250_000, Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_TOKEN));

    /** Tokens that the widest tensor of another tool takes, as we write it, with what else is held of it. */
    static final int TOKENS_OF_TENSOR = 30;

    private static final int MAX_DEPTH = 500;
    private static final int MAX_STRING = 1 << 16;
    private static final int MAX_NUMBER = 1000;

    private static final String NOT_JSON =
            "calibration table must be JSON with each name of an object once, was broken";

    static final JsonMapper STRICT = JsonMapper.builder(factory().build()).build();

    /** Also reads what Python and flatc write: NaN and Infinity, names without quotes. */
    static final JsonMapper LENIENT = JsonMapper.builder(factory()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
                    .build())
            .build();

    private JsonText() {}

    private static tools.jackson.core.json.JsonFactoryBuilder factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(MAX_BYTES)
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNameLength(MAX_STRING)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(MAX_NUMBER)
                        .build());
    }

    /** The bytes of a file that is not too long. */
    static InputStream bytes(Path file) throws IOException {
        return InputFile.stream(file, "calibration table", MAX_BYTES);
    }

    /** Takes an item of a long array. */
    @FunctionalInterface
    interface Items {
        /**
         * Takes an item, which is not kept.
         *
         * @param before the root with the fields that stand before the array
         */
        void take(JsonPlace before, JsonPlace item) throws FormatException;
    }

    /** The root of a JSON text, all of it. */
    static JsonPlace root(Path file, InputStream text, JsonMapper mapper) throws IOException {
        return parsed(file, text, mapper, reader -> new JsonPlace(file, "$", reader.all()));
    }

    /**
     * The same without the items of an array that is a field of the root: each is given away as soon as it is read,
     * and the array that is returned is empty.
     */
    static JsonPlace root(Path file, InputStream text, JsonMapper mapper, String field, Items items)
            throws IOException {
        return parsed(file, text, mapper, reader -> new JsonPlace(file, "$", reader.allBut(field, items)));
    }

    /** The root with its fields, all of them null: what a file is, whatever its size. A root that is none is whole. */
    static JsonPlace outline(Path file, InputStream text, JsonMapper mapper) throws IOException {
        return parsed(file, text, mapper, reader -> new JsonPlace(file, "$", reader.outline()));
    }

    /** Reads a tree of what a parser gives. */
    @FunctionalInterface
    private interface Reading {
        JsonPlace read(TreeReader reader) throws FormatException;
    }

    /**
     * Reads a JSON text to its end. What is wrong with it is said here: what a library says of it may hold a part of
     * the file, and names of its classes.
     */
    private static JsonPlace parsed(Path file, InputStream text, JsonMapper mapper, Reading reading)
            throws IOException {
        // Closing the parser would close the text, which is the caller's.
        Source source = new Source(text);
        try {
            // A factory keeps the names of what it read, and a table of them that has grown is copied for each new
            // name: another file should not pay for the names of this one.
            JsonFactory factory = mapper.tokenStreamFactory().copy();
            JsonParser json = factory.createParser(ObjectReadContext.empty(), source);
            JsonPlace root = reading.read(new TreeReader(file, json));
            if (json.nextToken() != null) {
                throw new FormatException(file + ": " + NOT_JSON + place(json.currentLocation()));
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw beyond(file, e.getLocation(), e);
        } catch (JacksonException e) {
            if (source.failure != null) {
                throw source.failure;
            }
            throw new FormatException(file + ": " + NOT_JSON + place(e.getLocation()), e);
        } catch (NumberFormatException | ArithmeticException e) {
            // What Jackson finds to be a number is made one by Java, which knows no exponents beyond an int.
            throw new FormatException(
                    file + ": calibration table must have exponents below 2^31 in its numbers, was with more", e);
        }
    }

    /** Keeps what hindered reading; what else a parser calls a failure to read is its opinion of the bytes. */
    private static final class Source extends FilterInputStream {
        private IOException failure;

        Source(InputStream text) {
            super(text);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }

    private static FormatException beyond(Path file, TokenStreamLocation location, Throwable cause) {
        return new FormatException(
                file + ": calibration table must have at most " + MAX_TOKENS + " tokens, " + MAX_DEPTH
                        + " levels, names and strings of " + MAX_STRING + " characters and numbers of " + MAX_NUMBER
                        + ", was with more" + place(location),
                cause);
    }

    /**
     * Builds trees token by token, each of at most {@link #MAX_TOKENS}: a limit of the parser would be one of the
     * whole text.
     */
    private static final class TreeReader {
        private final Path file;
        private final JsonParser json;
        private final JsonNodeFactory nodes = JsonNodeFactory.instance;
        private int tokens;

        TreeReader(Path file, JsonParser json) {
            this.file = file;
            this.json = json;
        }

        JsonNode all() throws FormatException {
            return node(json.nextToken());
        }

        ObjectNode fields(FieldReader reader) throws FormatException {
            ObjectNode root = nodes.objectNode();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                count();
                String name = json.currentName();
                root.set(name, reader.read(root, name, json.nextToken()));
            }
            return root;
        }

        JsonNode allBut(String field, Items items) throws FormatException {
            JsonToken first = json.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return node(first);
            }
            return fields((root, name, token) -> {
                if (!name.equals(field) || token != JsonToken.START_ARRAY) {
                    return node(token);
                }
                JsonPlace before = new JsonPlace(file, "$", root);
                int outside = tokens;
                for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
                    tokens = 0;
                    items.take(before, new JsonPlace(file, "$." + field + "[" + i + "]", node(json.currentToken())));
                }
                tokens = outside;
                return nodes.arrayNode();
            });
        }

        JsonNode outline() throws FormatException {
            JsonToken first = json.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return node(first);
            }
            return fields((root, name, token) -> {
                json.skipChildren();
                return nodes.nullNode();
            });
        }

        private JsonNode node(JsonToken token) throws FormatException {
            if (token == null) {
                return nodes.missingNode();
            }
            count();
            return switch (token) {
                case START_OBJECT -> fields((root, name, value) -> node(value));
                case START_ARRAY -> {
                    ArrayNode array = nodes.arrayNode();
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        array.add(node(json.currentToken()));
                    }
                    yield array;
                }
                case VALUE_STRING -> nodes.stringNode(json.getString());
                case VALUE_NUMBER_INT ->
                    switch (json.getNumberType()) {
                        case INT -> nodes.numberNode(json.getIntValue());
                        case LONG -> nodes.numberNode(json.getLongValue());
                        default -> nodes.numberNode(json.getBigIntegerValue());
                    };
                case VALUE_NUMBER_FLOAT ->
                    json.isNaN() ? nodes.numberNode(json.getDoubleValue()) : nodes.numberNode(json.getDecimalValue());
                case VALUE_TRUE -> nodes.booleanNode(true);
                case VALUE_FALSE -> nodes.booleanNode(false);
                default -> nodes.nullNode();
            };
        }

        private void count() throws FormatException {
            if (++tokens > MAX_TOKENS) {
                throw beyond(file, json.currentLocation(), null);
            }
        }

        /** Reads the value of a field that begins with a token. */
        @FunctionalInterface
        private interface FieldReader {
            JsonNode read(ObjectNode root, String name, JsonToken token) throws FormatException;
        }
    }

    /** Not every exception knows its place. */
    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
