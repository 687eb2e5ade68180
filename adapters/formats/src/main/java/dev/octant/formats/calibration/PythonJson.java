// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;

/**
 * JSON as Python's {@code json.dump} writes it, character for character, so that a file of a Python tool that was
 * read and is written again has the same bytes.
 *
 * <p>Objects keep the order of their fields. Text is ASCII, other characters are escaped. Numbers have the fewest
 * digits that give the same number back, from 1e16 on and below 1e-4 with an exponent of at least two digits.
 */
final class PythonJson {
    private final StringBuilder text = new StringBuilder();
    private final int indent;

    private PythonJson(int indent) {
        this.indent = indent;
    }

    /** The text of a tree on one line, a blank after each comma and colon. */
    static String line(JsonNode root) {
        return new PythonJson(0).written(root);
    }

    /** The text of a tree with one item a line. */
    static String indented(JsonNode root, int indent) {
        return new PythonJson(indent).written(root);
    }

    /** The shortest decimal that is this double and no other. */
    static DecimalNode number(double value) {
        return shortest(new BigDecimal(value), decimal -> decimal.doubleValue() == value);
    }

    /** The shortest decimal that is this float and no other. */
    static DecimalNode number(float value) {
        return shortest(new BigDecimal(value), decimal -> decimal.floatValue() == value);
    }

    private static DecimalNode shortest(BigDecimal exact, Predicate<BigDecimal> isSame) {
        for (int digits = 1; ; digits++) {
            // Below a power of two numbers lie closer together: the nearest decimal may be another number where the one
            // above is not.
            for (RoundingMode mode : List.of(RoundingMode.HALF_EVEN, RoundingMode.UP)) {
                BigDecimal rounded = exact.round(new MathContext(digits, mode));
                if (isSame.test(rounded)) {
                    return DecimalNode.valueOf(rounded);
                }
            }
        }
    }

    private String written(JsonNode root) {
        value(root, 0);
        return text.toString();
    }

    private void value(JsonNode node, int depth) {
        if (node.isObject()) {
            object(node, depth);
        } else if (node.isArray()) {
            array(node, depth);
        } else if (node.isString()) {
            string(node.stringValue());
        } else if (node.isBigDecimal()) {
            decimal(node.decimalValue());
        } else {
            text.append(node);
        }
    }

    private void object(JsonNode node, int depth) {
        text.append('{');
        String separator = "";
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            text.append(separator);
            newLine(depth + 1);
            string(field.getKey());
            text.append(": ");
            value(field.getValue(), depth + 1);
            separator = separator();
        }
        if (!node.isEmpty()) {
            newLine(depth);
        }
        text.append('}');
    }

    private void array(JsonNode node, int depth) {
        text.append('[');
        String separator = "";
        for (JsonNode item : node) {
            text.append(separator);
            newLine(depth + 1);
            value(item, depth + 1);
            separator = separator();
        }
        if (!node.isEmpty()) {
            newLine(depth);
        }
        text.append(']');
    }

    private String separator() {
        return indent == 0 ? ", " : ",";
    }

    private void newLine(int depth) {
        if (indent > 0) {
            text.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ' || c > '~') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private void decimal(BigDecimal value) {
        if (value.signum() == 0) {
            text.append("0.0");
            return;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        String digits = stripped.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - stripped.scale();
        if (stripped.signum() < 0) {
            text.append('-');
        }
        if (exponent >= 16 || exponent < -4) {
            text.append(digits.charAt(0));
            if (digits.length() > 1) {
                text.append('.').append(digits, 1, digits.length());
            }
            text.append(exponent < 0 ? "e-" : "e+");
            text.append(String.format(Locale.ROOT, "%02d", Math.abs(exponent)));
        } else {
            String plain = stripped.abs().toPlainString();
            text.append(plain).append(plain.indexOf('.') < 0 ? ".0" : "");
        }
    }
}
