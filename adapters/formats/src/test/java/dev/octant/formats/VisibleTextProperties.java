// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class VisibleTextProperties {
    /** Restated from the Unicode standard, not from the class: what must never reach a terminal. */
    private static final String FORBIDDEN = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]";

    @Property(tries = 2000)
    void anyTextBecomesOneVisibleLine(@ForAll String text, @ForAll @IntRange(min = 0, max = 200) int limit) {
        String shown = VisibleText.of(text, limit);
        assertFalse(shown.matches("(?s).*" + FORBIDDEN + ".*"), shown);
        assertTrue(shown.length() <= limit + 12 + 3, shown);
        assertEquals(VisibleText.whole(text), VisibleText.whole(VisibleText.whole(text)), "shown twice is shown once");
        assertEquals(VisibleText.whole(text), new FormatException(text).getMessage());
    }

    @Example
    void everyCharacterOfUnicode() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = Character.toString(c);
            boolean isForbidden = text.matches(FORBIDDEN);
            String shown = VisibleText.whole("a" + text + "b");
            assertFalse(isForbidden && shown.contains(text), shown);
            assertEquals(!isForbidden, VisibleText.isPrintable("a" + text + "b"), shown);
            if (Character.isLetterOrDigit(c) || (c > ' ' && c < 0x7F)) {
                assertEquals("a" + text + "b", shown);
            }
        }
    }

    @Example
    void whatTerminalsObeyIsWrittenOut() {
        assertEquals("a\\u001b[2J\\u009b31m\\u007f", VisibleText.of("a\u001b[2J\u009b31m\u007f"));
        assertEquals("one\\u000afake: line\\u000d", VisibleText.of("one\nfake: line\r"));
        assertEquals("\\u2028\\u2029\\u202egnp.exe\\u2066", VisibleText.of("\u2028\u2029\u202egnp.exe\u2066"));
        assertEquals("\\ud83d \uD83D\uDE00 \\udb40\\udc01", VisibleText.of("\ud83d \uD83D\uDE00 \udb40\udc01"));
        assertEquals("folder\\u000a/x.npy", VisibleText.of(Path.of("folder\n/x.npy")));
        assertEquals("layer/1:0 \u00e4\u58f2", VisibleText.of("layer/1:0 \u00e4\u58f2"));
        String plain = "nothing to hide";
        assertSame(plain, VisibleText.whole(plain));
    }

    @Example
    void longTextIsCut() {
        assertEquals("x".repeat(80), VisibleText.of("x".repeat(80)));
        assertEquals("x".repeat(80) + "...", VisibleText.of("x".repeat(81)));
        assertEquals("\\u0000...", VisibleText.of("\0\0", 1));
        // A character of two units is not cut in half.
        assertEquals("a\uD83D\uDE00...", VisibleText.of("a\uD83D\uDE00\uD83D\uDE00", 2));
    }

    @Example
    void namesThatCanBePrinted() {
        for (String name :
                List.of("a", "/a:b\\..", "<script>", "\u58f2\u4e0a\u3000\u9ad8", "a b", "%n", "\uD83D\uDE00")) {
            assertTrue(VisibleText.isPrintable(name), name);
        }
        for (String name : List.of("", " ", "\u00a0\u3000", "a\0", "a\n", "\u202e", "a\u2028", "\ud83d", "a\u200b")) {
            assertFalse(VisibleText.isPrintable(name), VisibleText.of(name));
        }
    }
}
