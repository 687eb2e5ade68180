// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A table for people, each column as wide as what stands in it. Where it is wider than a line, columns move together,
 * long cells of the first column have lines of their own, and columns that can be spared are left out. Not thread safe.
 */
public final class TextTable {
    /** A longer cell of the first column has a line of its own where the table would be too wide. */
    private static final int LONGEST_INLINE = 24;

    private final List<Column> columns;
    private final List<String[]> rows = new ArrayList<>();
    private final List<Boolean> marked = new ArrayList<>();

    /**
     * A column.
     *
     * @param title its heading
     * @param right whether its cells end where the heading ends, as numbers do
     * @param spare 0 where it is never left out, as the first is not, or else its turn: the highest goes first
     */
    public record Column(String title, boolean right, int spare) {
        /** One of text. */
        public static Column text(String title, int spare) {
            return new Column(title, false, spare);
        }

        /** One of numbers. */
        public static Column number(String title, int spare) {
            return new Column(title, true, spare);
        }
    }

    /** A table without rows. */
    public TextTable(Column... columns) {
        this.columns = List.of(columns);
    }

    /** One more row, with a cell for each column. */
    public void add(boolean isMarked, String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("row must have " + columns.size() + " cells, had " + cells.length);
        }
        rows.add(cells.clone());
        marked.add(isMarked);
    }

    /**
     * The lines of the table, its heading first; those of marked rows are bold.
     *
     * @param indent in front of each line
     */
    public List<String> lines(String indent, Terminal terminal) {
        int room = terminal.width() - indent.length();
        List<Integer> shown = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            shown.add(c);
        }
        int gap = 2;
        int[] widths = new int[columns.size()];
        Arrays.setAll(widths, c -> width(c, Integer.MAX_VALUE));
        if (width(shown, widths, gap) > room) {
            gap = 1;
        }
        if (width(shown, widths, gap) > room) {
            widths[0] = width(0, LONGEST_INLINE);
        }
        while (width(shown, widths, gap) > room) {
            Integer spared = shown.stream()
                    .filter(c -> columns.get(c).spare > 0)
                    .max(Comparator.comparingInt(c -> columns.get(c).spare))
                    .orElse(null);
            if (spared == null) {
                break;
            }
            shown.remove(spared);
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(indent, shown, widths, gap, titles()));
        for (int r = 0; r < rows.size(); r++) {
            String[] cells = rows.get(r);
            if (length(cells[0]) > widths[0]) {
                lines.add(styled(indent + cells[0], r, terminal));
                cells = cells.clone();
                cells[0] = "";
            }
            lines.add(styled(line(indent, shown, widths, gap, cells), r, terminal));
        }
        return lines;
    }

    private String styled(String line, int row, Terminal terminal) {
        return marked.get(row) ? terminal.bold(line) : line;
    }

    private String[] titles() {
        return columns.stream().map(Column::title).toArray(String[]::new);
    }

    private String line(String indent, List<Integer> shown, int[] widths, int gap, String[] cells) {
        StringBuilder line = new StringBuilder(indent);
        for (int c : shown) {
            String room = " ".repeat(Math.max(0, widths[c] - length(cells[c])));
            line.append(c == 0 ? "" : " ".repeat(gap));
            line.append(columns.get(c).right ? room + cells[c] : cells[c] + room);
        }
        return line.toString().stripTrailing();
    }

    private static int width(List<Integer> shown, int[] widths, int gap) {
        return gap * (shown.size() - 1)
                + shown.stream().mapToInt(c -> widths[c]).sum();
    }

    /** The width of the title and of all cells that are not longer than this. */
    private int width(int c, int longest) {
        int widest = length(columns.get(c).title);
        for (String[] row : rows) {
            int length = length(row[c]);
            widest = length <= longest ? Math.max(widest, length) : widest;
        }
        return widest;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
