// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Text that others wrote as it may stand in a sentence, a table or a terminal: one line in which everything can be
 * seen.
 *
 * <p>Characters that are not seen or that move what is around them are written as {@code \}{@code u} and four
 * hexadecimal digits, two of them where a character takes two UTF-16 units: control characters (C0, DEL and C1), line
 * and paragraph separators, format characters such as those that turn the direction of text, halves of surrogate
 * pairs, spaces other than U+0020, private and unassigned characters. All else stays, so a text without them is shown
 * as it is. A backslash stays, too: what is shown is for people and cannot always be turned back.
 *
 * <p>The names of tensors: where a name enters, from a file of data, one that {@linkplain #isPrintable cannot be
 * printed} is left out or refused, for nobody could ask for it. Calibration tables of ours and summaries refuse it
 * likewise, whoever made them and before anything is written: {@link
 * dev.octant.formats.calibration.CalibrationFile} holds no other. {@link FormatException} shows its whole message
 * through this class.
 *
 * <p>Stateless and thread safe.
 */
public final class VisibleText {
    /** The longest text that {@link #of(String)} shows whole, in characters. */
    public static final int LENGTH = 80;

    /** The longest name that {@link #name} shows whole, in characters. */
    public static final int NAME_LENGTH = 60;

    /** The most names that {@link #names} shows. */
    public static final int NAMES = 8;

    private static final String DOTS = "...";

    private VisibleText() {}

    /** A text, cut after {@value #LENGTH} characters. */
    public static String of(String text) {
        return of(text, LENGTH);
    }

    /** A text, cut with three dots once {@code limit} characters or a few more are shown; the rest is not looked at. */
    public static String of(String text, int limit) {
        Given.require("text", text);
        StringBuilder shown = new StringBuilder(Math.min(text.length(), limit) + 16);
        int next;
        for (int at = 0; at < text.length(); at = next) {
            if (shown.length() >= limit) {
                return shown.append(DOTS).toString();
            }
            int c = text.codePointAt(at);
            next = at + Character.charCount(c);
            if (isVisible(c)) {
                shown.appendCodePoint(c);
            } else {
                text.substring(at, next).chars().forEach(unit -> shown.append(String.format("\\u%04x", unit)));
            }
        }
        return shown.toString();
    }

    /**
     * A name, one longer than {@value #NAME_LENGTH} characters without its middle: what tells names of tensors apart is
     * as often at their ends as at their beginnings.
     */
    public static String name(String name) {
        String shown = whole(name);
        int length = shown.codePointCount(0, shown.length());
        if (length <= NAME_LENGTH) {
            return shown;
        }
        int kept = NAME_LENGTH - DOTS.length();
        int head = shown.offsetByCodePoints(0, kept - kept / 2);
        int tail = shown.offsetByCodePoints(shown.length(), -(kept / 2));
        return shown.substring(0, head) + DOTS + shown.substring(tail);
    }

    /** Names, at most {@value #NAMES} of them: {@code a, b and 4,998 more}. */
    public static String names(Collection<String> names) {
        Given.require("names", names);
        String first = names.stream().limit(NAMES).map(VisibleText::name).collect(Collectors.joining(", "));
        return names.size() <= NAMES
                ? first
                : String.format(Locale.ROOT, "%s and %,d more", first, names.size() - NAMES);
    }

    /** A text that is not cut: for sentences made here, and what is known to be short. */
    public static String whole(String text) {
        Given.require("text", text);
        return isVisible(text) ? text : of(text, Integer.MAX_VALUE);
    }

    /** The place of a file, which is not cut. */
    public static String of(Path path) {
        Given.require("path", path);
        return whole(path.toString());
    }

    /**
     * Whether a name can be written on a terminal and read there: it {@linkplain #isOneLine is one line} and has a
     * character other than spaces.
     */
    public static boolean isPrintable(String name) {
        return isOneLine(name) && !isBlank(name);
    }

    /**
     * Refuses a name of a tensor that is not {@linkplain #isPrintable printable}, before it is written anywhere.
     *
     * @throws IllegalArgumentException with the name as it may be shown
     */
    public static void requirePrintable(String tensor) {
        if (!isPrintable(tensor)) {
            throw new IllegalArgumentException(
                    "tensor name must have visible characters and no control characters, was " + of(tensor));
        }
    }

    /**
     * What is wrong with a name that is not {@linkplain #isPrintable printable}, as it may stand after "was": {@code
     * with the format character U+202E}, {@code of spaces only}, {@code empty}; nothing of a name that is.
     */
    public static Optional<String> flaw(String name) {
        if (isPrintable(name)) {
            return Optional.empty();
        }
        return name.codePoints()
                .filter(VisibleText::isUnprintable)
                .mapToObj(VisibleText::flaw)
                .findFirst()
                .or(() -> Optional.of(name.isEmpty() ? "empty" : "of spaces only"));
    }

    /**
     * Why something with this name is not read: {@code name must have visible characters and no control or format
     * characters, was empty}; nothing of a name that is {@linkplain #isPrintable printable}.
     *
     * @param what the name is of, with which the sentence begins
     */
    public static Optional<String> refusal(String what, String name) {
        Given.require("what", what);
        return flaw(name)
                .map(flaw -> what + " must have visible characters and no control or format characters, was " + flaw);
    }

    private static String flaw(int c) {
        String kind = switch (Character.getType(c)) {
            case Character.CONTROL -> "the control character";
            case Character.FORMAT -> "the format character";
            case Character.SURROGATE -> "half of a character,";
            default -> "the separator";
        };
        return String.format("with %s U+%04X", kind, c);
    }

    /**
     * Whether a text, empty perhaps, is one line without tricks: it has no control or format character, separator of
     * lines or paragraphs, or half of a surrogate pair.
     */
    public static boolean isOneLine(String text) {
        Given.require("text", text);
        // No streams: files have a hundred thousand names.
        int c;
        for (int at = 0; at < text.length(); at += Character.charCount(c)) {
            c = text.codePointAt(at);
            if (isUnprintable(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(String text) {
        for (int at = 0; at < text.length(); at++) {
            // No space takes two units.
            if (!Character.isSpaceChar(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(String text) {
        return text.codePoints().allMatch(VisibleText::isVisible);
    }

    private static boolean isVisible(int c) {
        if (c == ' ') {
            return true;
        }
        return !isUnprintable(c)
                && switch (Character.getType(c)) {
                    case Character.SPACE_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED -> false;
                    default -> true;
                };
    }

    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
