// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A {@code .csv} or {@code .tsv} file: UTF-8 text, a first line that names the columns, and numbers.
 *
 * <p>Each column is a tensor. A cell is a number as {@link Float#parseFloat} reads it, rounded once and without its
 * letters f and d for types, or {@code nan}, {@code inf}, {@code infinity} in any case of letters, with or without a
 * sign. An empty cell, or one that a short line lacks, is no value. Cells may stand in quotes; empty lines are
 * skipped. A first line of numbers only is refused: it would be lost as names.
 *
 * <p>Left out are columns without a name, as pandas writes an index, or called {@code Unnamed: 0}, as it reads one, and
 * columns of text, as their cell in the first row tells. Text in a later row of a column of numbers is refused.
 *
 * <p>Memory: a cell of at most {@value #MAX_CELL} characters, names of at most {@value #MAX_NAMES} characters in at
 * most {@value #MAX_COLUMNS} columns, and at most {@value #BLOCK_VALUES} values of all columns together.
 */
final class CsvPart implements TensorPart {
    /** The longest cell, in characters. */
    static final int MAX_CELL = 1 << 14;

    /** Room for a cell wherever it begins, and for those around it. */
    private static final int BUFFER_CHARACTERS = 1 << 17;

    static final int MAX_COLUMNS = 1 << 16;

    /** The longest first line, in characters, separators left out. */
    static final int MAX_NAMES = 1 << 20;

    static final int BLOCK_VALUES = 1 << 20;

    private static final int MOST_ROWS = 1 << 12;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String TEXT = "first row must hold a number, nan, inf or nothing, was text";
    private static final Pattern UNNAMED = Pattern.compile("Unnamed: [0-9]+(\\.[0-9]+)*");

    private final InputFile file;
    private final char separator;

    /** Names by column; null where a column is not wanted. */
    private final String[] columns;

    private CsvPart(InputFile file, char separator, String[] columns) {
        this.file = file;
        this.separator = separator;
        this.columns = columns;
    }

    static TensorFile open(InputFile file, char separator, Predicate<String> names) throws IOException {
        CsvPart bare = new CsvPart(file, separator, new String[0]);
        FirstRows first = bare.new FirstRows();
        bare.rows(first, () -> !first.areRead());
        String[] columns = first.checked();
        List<LeftOut> leftOut = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            String name = columns[i].isEmpty() ? "column " + (i + 1) : columns[i];
            if (!names.test(name)) {
                columns[i] = null;
            } else if (first.obstacle(i).isPresent()) {
                leftOut.add(LeftOut.of(file.path(), name, first.obstacle(i).get()));
                columns[i] = null;
            }
        }
        CsvPart part = new CsvPart(file, separator, columns);
        return TensorFile.of(file.path(), part.tensors().isEmpty() ? List.of() : List.of(part), leftOut);
    }

    @Override
    public List<String> tensors() {
        List<String> names = new ArrayList<>();
        for (String column : columns) {
            if (column != null) {
                names.add(column);
            }
        }
        return names;
    }

    @Override
    public long values() {
        return -1;
    }

    @Override
    public long bytes() {
        return file.size();
    }

    @Override
    public long sampleLength() {
        return 0;
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        Cells cells = new Cells(Math.min(MOST_ROWS, Math.max(1, BLOCK_VALUES / columns.length)));
        boolean wantsMore = rows(cells, () -> !cells.isFull() || cells.visit(visitor));
        if (wantsMore) {
            cells.visit(visitor);
        }
    }

    /** What to do after each row; says whether to go on. */
    @FunctionalInterface
    private interface AfterRow {
        boolean goOn() throws IOException;
    }

    /** Takes the cells of the file's rows; says whether the end was reached. */
    private boolean rows(Row row, AfterRow after) throws IOException {
        try (FileChannel channel = file.open();
                Reader text = text(channel);
                CsvReader<Boolean> reader = CsvReader.builder()
                        .fieldSeparator(separator)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .maxBufferSize(BUFFER_CHARACTERS)
                        .build(row, text);
                CloseableIterator<Boolean> rows = reader.iterator()) {
            while (rows.hasNext()) {
                rows.next();
                if (row.problem != null) {
                    throw new FormatException(file.path() + row.problem);
                }
                if (!after.goOn()) {
                    return false;
                }
            }
            return true;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new FormatException(file.path() + ": file must be UTF-8 text, was not", e);
            }
            throw e.getCause();
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof CharacterCodingException) {
                throw new FormatException(file.path() + ": file must be UTF-8 text, was not", e);
            }
            if (cause instanceof IOException unread) {
                throw unread;
            }
            throw new FormatException(
                    file.path() + ": cells must have at most " + MAX_CELL
                            + " characters and end their quotes, was otherwise in the row that begins in line "
                            + row.line(),
                    e);
        }
    }

    private Reader text(FileChannel channel) throws IOException {
        Reader text = new BufferedReader(
                new InputStreamReader(InputFile.range(channel, 0, file.size()), StandardCharsets.UTF_8.newDecoder()));
        try {
            text.mark(1);
            if (text.read() != BYTE_ORDER_MARK) {
                text.reset();
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new FormatException(file.path() + ": file must be UTF-8 text, was not", e);
        }
    }

    /** Keeps the first thing that is wrong, as FastCSV would wrap an exception thrown here. */
    private abstract static class Row extends AbstractBaseCsvCallbackHandler<Boolean> {
        private String problem;

        abstract void take(int index, char[] text, int offset, int count);

        @Override
        protected void handleField(int index, char[] text, int offset, int count, boolean quoted) {
            if (count > MAX_CELL) {
                refuse(
                        "line " + getStartingLineNumber() + ", column " + (index + 1),
                        "have at most " + MAX_CELL + " characters",
                        String.valueOf(count));
            } else if (problem == null) {
                take(index, text, offset, count);
            }
        }

        /** Where the row begins that was read last, or in part. */
        long line() {
            return getStartingLineNumber();
        }

        void refuse(String what, String rule, String found) {
            if (problem == null) {
                problem = ": " + what + " must " + rule + ", was " + VisibleText.of(found);
            }
        }

        @Override
        protected Boolean buildRecord() {
            return true;
        }
    }

    /** The first two rows: the names, and by which cells a column of text is told. */
    private final class FirstRows extends Row {
        private final List<String> names = new ArrayList<>();
        private final Set<String> known = new HashSet<>();
        private final Map<Integer, String> flaws = new HashMap<>();
        private final BitSet texts = new BitSet();
        private String firstText = "";
        private boolean onlyNumbers = true;
        private int length;
        private int rows;

        @Override
        void take(int index, char[] text, int offset, int count) {
            if (rows > 0) {
                takeCell(index, trimmed(text, offset, count));
                return;
            }
            String name = new String(text, offset, count).strip();
            length += count;
            onlyNumbers = onlyNumbers && isNumber(name);
            Optional<String> refusal = name.isEmpty() ? Optional.empty() : VisibleText.refusal("name", name);
            if (refusal.isPresent()) {
                flaws.put(index, refusal.get());
                name = VisibleText.whole(name);
            } else if (!name.isEmpty() && !known.add(name)) {
                refuse("column names", "be different", name + " twice");
            }
            if (index >= MAX_COLUMNS || length > MAX_NAMES) {
                refuse(
                        "first line",
                        "have at most " + MAX_COLUMNS + " names and " + MAX_NAMES + " characters",
                        "longer");
            }
            names.add(name);
        }

        private void takeCell(int index, String cell) {
            if (index < names.size() && !cell.isEmpty() && !isCell(cell)) {
                firstText = texts.isEmpty() ? VisibleText.of(cell) : firstText;
                texts.set(index);
            }
        }

        private static boolean isCell(String text) {
            try {
                number(text);
                return true;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        @Override
        protected Boolean buildRecord() {
            rows++;
            return true;
        }

        boolean areRead() {
            return rows > 1;
        }

        /** Why a column is not read, or empty. */
        Optional<String> obstacle(int column) {
            String name = names.get(column);
            if (flaws.containsKey(column)) {
                return Optional.of(flaws.get(column));
            }
            if (name.isEmpty()) {
                return Optional.of("column must have a name, was without, as the index of a pandas table");
            }
            if (UNNAMED.matcher(name).matches()) {
                return Optional.of("column must have a name of its own, was the unnamed index of a pandas table");
            }
            // One sentence for most: a file may have as many columns of text as it has commas.
            return !texts.get(column)
                    ? Optional.empty()
                    : Optional.of(
                            column > texts.nextSetBit(0)
                                    ? TEXT
                                    : "first row must hold a number, nan, inf or nothing, was " + firstText);
        }

        String[] checked() throws FormatException {
            if (names.isEmpty()) {
                throw new FormatException(file.path() + ": first line must name the columns, was missing");
            }
            if (onlyNumbers) {
                throw new FormatException(file.path() + ": first line must name the columns, was of numbers only ("
                        + VisibleText.of(names.get(0)) + ")");
            }
            return names.toArray(String[]::new);
        }

        private boolean isNumber(String text) {
            try {
                return !Float.isNaN(number(text));
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    /** Some rows, the first of them the names, by column. */
    private final class Cells extends Row {
        private final int most;
        private final float[][] values;
        private final int[] counts;

        /** Columns with values: short rows of a wide file take no time for all the others. */
        private final BitSet filled = new BitSet();

        private int rows;
        private boolean afterNames;

        Cells(int most) {
            this.most = most;
            values = new float[columns.length][];
            counts = new int[columns.length];
        }

        @Override
        void take(int index, char[] text, int offset, int count) {
            if (!afterNames) {
                return;
            }
            if (index < columns.length && columns[index] == null) {
                return;
            }
            String cell = trimmed(text, offset, count);
            if (cell.isEmpty() && index < MAX_COLUMNS) {
                return;
            }
            if (index >= columns.length) {
                refuse("line " + getStartingLineNumber(), "have at most " + columns.length + " cells", "longer");
            } else {
                try {
                    add(index, number(cell));
                } catch (NumberFormatException e) {
                    refuse(
                            "line " + getStartingLineNumber() + ", column " + (index + 1) + " ("
                                    + VisibleText.of(columns[index]) + ")",
                            "hold a number, nan, inf or nothing",
                            cell);
                }
            }
        }

        private void add(int column, float value) {
            if (values[column] == null) {
                values[column] = new float[most];
            }
            filled.set(column);
            values[column][counts[column]++] = value;
        }

        @Override
        protected Boolean buildRecord() {
            rows += afterNames ? 1 : 0;
            afterNames = true;
            return true;
        }

        boolean isFull() {
            return rows == most;
        }

        boolean visit(Visitor visitor) throws IOException {
            rows = 0;
            for (int i = filled.nextSetBit(0); i >= 0; i = filled.nextSetBit(i + 1)) {
                int count = counts[i];
                counts[i] = 0;
                if (!visitor.visit(columns[i], values[i], 0, count)) {
                    return false;
                }
            }
            filled.clear();
            return true;
        }
    }

    /** A cell without the blanks around it. */
    private static String trimmed(char[] text, int offset, int count) {
        int from = offset;
        int to = offset + count;
        while (from < to && isBlank(text[from])) {
            from++;
        }
        while (from < to && isBlank(text[to - 1])) {
            to--;
        }
        return new String(text, from, to - from);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static float number(String cell) {
        char last = cell.isEmpty() ? ' ' : cell.charAt(cell.length() - 1);
        // parseFloat passes over control characters as if they were blanks.
        if (!cell.isEmpty() && cell.charAt(0) > ' ' && (last == '.' || (last >= '0' && last <= '9'))) {
            return Float.parseFloat(cell);
        }
        boolean hasSign = cell.startsWith("-") || cell.startsWith("+");
        return switch (cell.substring(hasSign ? 1 : 0).toLowerCase(Locale.ROOT)) {
            case "nan" -> Float.NaN;
            case "inf", "infinity" -> cell.startsWith("-") ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
            default -> throw new NumberFormatException(cell);
        };
    }
}
