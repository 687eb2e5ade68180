// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;

/**
 * The lines of a UTF-8 text, each of bounded length, so that a file without line ends, or without an end, takes no more
 * memory than any other.
 *
 * <p>A line ends with LF, CR or both, or with the text. A byte order mark before the first line is no part of it.
 * Memory: one line of at most {@value #MAX_LENGTH} characters. Not thread safe.
 */
public final class TextLines implements Closeable {
    /** The longest line that is read, in characters. */
    public static final int MAX_LENGTH = 1 << 16;

    private final Path file;
    private final Reader text;
    private final StringBuilder line = new StringBuilder();
    private int number;
    private boolean isCut;
    private int pushedBack = NONE;

    private static final String BLANKS = " \t";
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int NONE = -2;
    private static final int END = -1;

    /**
     * The lines of a text.
     *
     * @param file what errors name
     * @param bytes the text, closed with this
     */
    public TextLines(Path file, InputStream bytes) {
        Given.require("file", file);
        Given.require("bytes", bytes);
        this.file = file;
        text = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    }

    /** The lines of a file, a pipe perhaps. */
    public static TextLines of(Path file) throws IOException {
        return new TextLines(file, InputFile.stream(file));
    }

    /**
     * The next line without its end, or nothing after the last.
     *
     * @throws FormatException if it is longer than {@value #MAX_LENGTH} characters
     * @throws CharacterCodingException if the bytes are not UTF-8
     */
    public Optional<String> next() throws IOException {
        int c = read();
        if (number == 0 && c == BYTE_ORDER_MARK) {
            c = text.read();
        }
        if (c == END) {
            return Optional.empty();
        }
        number++;
        line.setLength(0);
        for (; c != END && c != '\n' && c != '\r'; c = text.read()) {
            if (line.length() == MAX_LENGTH) {
                throw new FormatException(
                        file + ", line " + number + " must be at most " + MAX_LENGTH + " characters long, was longer");
            }
            line.append((char) c);
        }
        isCut = c == END;
        if (c == '\r') {
            int after = text.read();
            pushedBack = after == '\n' ? NONE : after;
        }
        return Optional.of(line.toString());
    }

    /** The next line that is not blank, without spaces and tabs at its end, or nothing after the last. */
    public Optional<String> nextFilled() throws IOException {
        Optional<String> filled = next();
        while (filled.isPresent() && filled.get().isBlank()) {
            filled = next();
        }
        return filled.map(line -> StringUtils.stripEnd(line, BLANKS));
    }

    /** Whether the line that was read last has no end but the text's: the file may have been cut there. */
    public boolean isCut() {
        return isCut;
    }

    /** The number of the line that was read last; the first is 1. */
    public int number() {
        return number;
    }

    private int read() throws IOException {
        int c = pushedBack == NONE ? text.read() : pushedBack;
        pushedBack = NONE;
        return c;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
