// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of the Python literals found in array headers: a dictionary with string keys whose values are
 * strings, {@code True}, {@code False}, non-negative or negative integers, tuples and lists.
 *
 * <p>Anything else is an {@link IllegalArgumentException} that says what was expected and at which character. Nesting
 * is limited, so no input can exhaust the stack.
 */
final class PythonLiteral {
    private static final int MAX_DEPTH = 32;

    private final String text;
    private int at;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /**
     * A value and the text it was read from.
     *
     * @param value a {@link String}, {@link Boolean}, {@link Long}, {@link Tuple} or {@link List}
     * @param source the characters it stood for
     */
    record Item(Object value, String source) {}

    /** A Python tuple; a plain {@link List} is a Python list. */
    record Tuple(List<Object> items) {}

    /** The entries of a dictionary that fills the whole text, white space around it aside. */
    static Map<String, Item> dictionary(String text) {
        PythonLiteral literal = new PythonLiteral(text);
        Map<String, Item> entries = literal.dictionary();
        literal.skipSpace();
        if (literal.at < text.length()) {
            throw literal.expected("the end");
        }
        return entries;
    }

    private Map<String, Item> dictionary() {
        Map<String, Item> entries = new LinkedHashMap<>();
        expect('{');
        while (!accept('}')) {
            skipSpace();
            int start = at;
            if (!atQuote()) {
                throw expected("a key in quotes");
            }
            String key = string();
            expect(':');
            skipSpace();
            int valueStart = at;
            Object value = value(0);
            if (entries.put(key, new Item(value, text.substring(valueStart, at))) != null) {
                at = start;
                throw expected("a key that has not been given before");
            }
            if (!accept(',')) {
                expect('}');
                return entries;
            }
        }
        return entries;
    }

    private Object value(int depth) {
        skipSpace();
        if (depth > MAX_DEPTH) {
            throw expected("at most " + MAX_DEPTH + " nested brackets");
        }
        if (atQuote()) {
            return string();
        }
        if (accept('[')) {
            return sequence(']', depth).items();
        }
        if (accept('(')) {
            Sequence sequence = sequence(')', depth);
            // Without a comma, brackets only group: (5) is a number.
            return sequence.items().size() == 1 && !sequence.endsInComma()
                    ? sequence.items().get(0)
                    : new Tuple(sequence.items());
        }
        if (acceptWord("True")) {
            return true;
        }
        if (acceptWord("False")) {
            return false;
        }
        return integer();
    }

    private record Sequence(List<Object> items, boolean endsInComma) {}

    private Sequence sequence(char close, int depth) {
        List<Object> items = new ArrayList<>();
        while (!accept(close)) {
            items.add(value(depth + 1));
            if (!accept(',')) {
                expect(close);
                return new Sequence(items, false);
            }
        }
        return new Sequence(items, !items.isEmpty());
    }

    private String string() {
        char quote = text.charAt(at);
        int start = ++at;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' || text.charAt(at) == '\n') {
                throw expected("a string without escapes on one line");
            }
            at++;
        }
        if (at == text.length()) {
            throw expected("a closing quote");
        }
        return text.substring(start, at++);
    }

    private Long integer() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        int digits = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        int end = at;
        if (end == digits || (end - digits > 1 && text.charAt(digits) == '0')) {
            at = start;
            throw expected("a string, a number, True, False, a tuple or a list");
        }
        // Python 2 wrote its long integers as 5L.
        if (at < text.length() && text.charAt(at) == 'L') {
            at++;
        }
        try {
            return Long.parseLong(text, start, end, 10);
        } catch (NumberFormatException e) {
            at = start;
            throw expected("a number below 2^63");
        }
    }

    private boolean acceptWord(String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private boolean atQuote() {
        return at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"');
    }

    private boolean accept(char c) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw expected("'" + c + "'");
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException expected(String what) {
        String found = at < text.length()
                ? "\"" + VisibleText.of(text.substring(at, Math.min(text.length(), at + 20))) + "\""
                : "the end";
        return new IllegalArgumentException(
                "header must be a Python dictionary with " + what + " at character " + at + ", was " + found);
    }
}
