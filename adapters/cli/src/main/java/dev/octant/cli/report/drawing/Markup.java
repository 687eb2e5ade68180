// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes elements that are well formed as XML and as HTML alike. Text and attributes are escaped here and nowhere
 * else, so no name can become markup.
 */
public final class Markup {
    private static final Set<String> BLOCKS = Set.of(
            "head", "body", "header", "main", "section", "details", "figure", "table", "thead", "tbody", "tr", "p",
            "div", "ul", "li", "dl", "svg", "style", "script", "h1", "h2", "h3", "title");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Begins an element; attributes are given as name, value, name, value. */
    public Markup open(String tag, String... attributes) {
        start(tag, attributes);
        out.append('>');
        open.push(tag);
        return this;
    }

    /** Ends the element opened last. */
    public Markup close() {
        String tag = open.pop();
        out.append("</").append(tag).append('>');
        if (BLOCKS.contains(tag)) {
            out.append('\n');
        }
        return this;
    }

    /** An element without content, of those that HTML and SVG end at once. */
    public Markup empty(String tag, String... attributes) {
        start(tag, attributes);
        out.append("/>");
        return this;
    }

    /** An element that holds only text. */
    public Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    public Markup text(String text) {
        escape(text);
        return this;
    }

    /** Text of the report's own that is markup already, or the content of style and script. */
    public Markup verbatim(String trusted) {
        out.append(trusted);
        return this;
    }

    /** What was written since the last call. */
    public String drain() {
        String text = out.toString();
        out.setLength(0);
        return text;
    }

    private void start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                    if (isAllowed(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append("\\u")
                                .append(Integer.toHexString(0x10000 | c).substring(1));
                    }
                }
            }
        });
    }

    /** Whether XML 1.0 lets the character stand in text; HTML lets all of these. */
    private static boolean isAllowed(int c) {
        boolean control = (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
        boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !control && !half && c != 0xFFFE && c != 0xFFFF;
    }
}
