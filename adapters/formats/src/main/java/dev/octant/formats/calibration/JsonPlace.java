// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A node of a JSON file and where it stands; every refusal names both.
 *
 * @param file the file
 * @param path the JSON path, {@code $.tensors[3].scale}
 * @param node the node
 */
record JsonPlace(Path file, String path, JsonNode node) {
    boolean has(String name) {
        return node.has(name);
    }

    /** What a field holds that need not be there. */
    <T> Optional<T> optional(String name, Reader<T> reader) throws FormatException {
        return has(name) ? Optional.of(reader.read(field(name))) : Optional.empty();
    }

    /** From a place to what it holds. */
    @FunctionalInterface
    interface Reader<T> {
        T read(JsonPlace place) throws FormatException;
    }

    /** A field that must be there. */
    JsonPlace field(String name) throws FormatException {
        if (!node.isObject()) {
            throw mustBe("an object");
        }
        JsonNode child = node.get(name);
        if (child == null) {
            throw new FormatException(where() + " must have the field " + name + ", was without it");
        }
        return new JsonPlace(file, path + "." + name, child);
    }

    /** Refuses fields of other names. */
    void requireFields(String... names) throws FormatException {
        if (!node.isObject()) {
            throw mustBe("an object");
        }
        Set<String> known = Set.of(names);
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new FormatException(where() + " must have the fields " + String.join(", ", names)
                        + " only, was with " + VisibleText.of(name));
            }
        }
    }

    List<JsonPlace> items() throws FormatException {
        if (!node.isArray()) {
            throw mustBe("an array");
        }
        List<JsonPlace> items = new ArrayList<>();
        for (JsonNode item : node) {
            items.add(new JsonPlace(file, path + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** The name of a tensor, whatever characters it has: one that cannot be printed costs that tensor only. */
    String name() throws FormatException {
        if (!node.isString()) {
            throw mustBe("a string");
        }
        return node.stringValue();
    }

    /** A string of one line: tools and methods are shown, and written to files of lines. */
    String text() throws FormatException {
        if (!node.isString()) {
            throw mustBe("a string");
        }
        String text = node.stringValue();
        if (!VisibleText.isOneLine(text)) {
            throw mustBe("text without control characters and halves of characters");
        }
        return text;
    }

    /**
     * The constant that a string names, which must be written as we write it.
     *
     * @param parse finds it, in any case of letters
     * @param label how it is written
     * @param rule what a refusal says that it must be
     */
    <T> T constant(Function<String, T> parse, Function<T, String> label, String rule) throws FormatException {
        String word = text();
        try {
            T constant = parse.apply(word);
            if (label.apply(constant).equals(word)) {
                return constant;
            }
        } catch (IllegalArgumentException e) {
            // It names none; the refusal below says where.
        }
        throw mustBe(rule);
    }

    /** A field, or nothing where it is absent or null, which is how Python writes what there is none of. */
    Optional<JsonPlace> optional(String name) throws FormatException {
        return node.isObject() && !node.hasNonNull(name) ? Optional.empty() : Optional.of(field(name));
    }

    boolean truth() throws FormatException {
        if (!node.isBoolean()) {
            throw mustBe("true or false");
        }
        return node.booleanValue();
    }

    /** A number that is finite as a double. */
    double real() throws FormatException {
        double value = decimal().doubleValue();
        if (!Double.isFinite(value)) {
            throw mustBe("a finite number");
        }
        return value;
    }

    /** A number that is finite as a float; rounded once, from the decimal. */
    float realFloat() throws FormatException {
        float value = decimal().floatValue();
        if (!Float.isFinite(value)) {
            throw mustBe("a number that is finite as a float");
        }
        return value;
    }

    /** A number as the nearest double, NaN and infinities too. */
    double anyReal() throws FormatException {
        return node.isDouble() ? node.doubleValue() : decimal().doubleValue();
    }

    /** A number as the nearest float, NaN and infinities too; rounded once, from the decimal. */
    float anyFloat() throws FormatException {
        return node.isDouble() ? (float) node.doubleValue() : decimal().floatValue();
    }

    /** A number as an int, or nothing where it is none. */
    OptionalInt anyWhole() throws FormatException {
        if (node.isDouble()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(decimal().intValueExact());
        } catch (ArithmeticException e) {
            return OptionalInt.empty();
        }
    }

    /** The one item of an array of one, or else the value itself. */
    JsonPlace unwrapped() throws FormatException {
        return node.isArray() && node.size() == 1 ? only() : this;
    }

    /** A whole number, which may be written with a fraction of zero or an exponent: {@code -114.0}, {@code 1e2}. */
    int integral() throws FormatException {
        if (isDecimal()) {
            try {
                return node.decimalValue().intValueExact();
            } catch (ArithmeticException e) {
                throw mustBe("a whole number from -2^31 to 2^31 - 1");
            }
        }
        throw mustBe("a whole number from -2^31 to 2^31 - 1");
    }

    private BigDecimal decimal() throws FormatException {
        if (!isDecimal()) {
            throw mustBe("a finite number");
        }
        return node.decimalValue();
    }

    /** Decimals are read exactly; what is a double is none: NaN or an infinity. */
    private boolean isDecimal() {
        return node.isNumber() && !node.isDouble();
    }

    /** The one item of an array. */
    JsonPlace only() throws FormatException {
        if (!node.isArray() || node.size() != 1) {
            throw mustBe("an array of one item");
        }
        return new JsonPlace(file, path + "[0]", node.get(0));
    }

    /** The fields of an object by their names, which are those of tensors, whatever they are, as in the file. */
    Map<String, JsonPlace> tensors() throws FormatException {
        if (!node.isObject()) {
            throw mustBe("an object");
        }
        Map<String, JsonPlace> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields.put(
                    field.getKey(),
                    new JsonPlace(file, path + "['" + VisibleText.of(field.getKey()) + "']", field.getValue()));
        }
        return fields;
    }

    /** A whole number as we write it: without a fraction or an exponent. */
    long whole() throws FormatException {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw mustBe("a whole number from -2^63 to 2^63 - 1, in digits only");
        }
        return node.longValue();
    }

    /** The same within an int. */
    int wholeInt() throws FormatException {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw mustBe("a whole number from -2^31 to 2^31 - 1, in digits only");
        }
        return node.intValue();
    }

    /** A float from its bits; its decimal must round to the same number. */
    float exactFloat() throws FormatException {
        requireFields("value", "bits");
        float value = Float.intBitsToFloat((int) field("bits").hexadecimal(Float.SIZE / 4));
        if (!Float.isFinite(value)) {
            throw field("bits").mustBe("the bits of a finite number");
        }
        JsonPlace decimal = field("value");
        if (!decimal.node.isNumber() || decimal.node.decimalValue().floatValue() != value) {
            throw decimal.mustBe(value + ", the number of its bits");
        }
        return value;
    }

    /** The same, where null stands for no number. */
    float exactFloatOrNaN() throws FormatException {
        return node.isNull() ? Float.NaN : exactFloat();
    }

    /** A double from its bits; its decimal must round to the same number. */
    double exactDouble() throws FormatException {
        requireFields("value", "bits");
        double value = Double.longBitsToDouble(field("bits").hexadecimal(Double.SIZE / 4));
        if (!Double.isFinite(value)) {
            throw field("bits").mustBe("the bits of a finite number");
        }
        JsonPlace decimal = field("value");
        if (!decimal.node.isNumber() || decimal.node.decimalValue().doubleValue() != value) {
            throw decimal.mustBe(value + ", the number of its bits");
        }
        return value;
    }

    /** What a value's own rules refuse is refused here, with the place in front. */
    <T> T checked(Supplier<T> value) throws FormatException {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new FormatException(where() + ": " + VisibleText.of(e.getMessage(), 300), e);
        }
    }

    FormatException mustBe(String rule) {
        return new FormatException(where() + " must be " + rule + ", was " + shown());
    }

    /** An array or object is not written out to be cut: it may be deep, and its strings long. */
    private String shown() {
        if (node.isContainer() && !node.isEmpty()) {
            return (node.isArray() ? "an array of " : "an object of ") + node.size();
        }
        return VisibleText.of(node.isString() ? '"' + node.stringValue() + '"' : node.toString());
    }

    private long hexadecimal(int digits) throws FormatException {
        String text = text();
        boolean isHexadecimal = text.length() == digits;
        for (int i = 0; i < text.length() && isHexadecimal; i++) {
            isHexadecimal = "0123456789abcdef".indexOf(text.charAt(i)) >= 0;
        }
        if (!isHexadecimal) {
            throw mustBe(digits + " hexadecimal digits in lower case");
        }
        return Long.parseUnsignedLong(text, 16);
    }

    String where() {
        return file + ", " + path;
    }
}
