// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A row group of a long table: a column of names and one of values, read row by row. Values of a tensor are kept until
 * there are some, and of all tensors {@value #MOST_KEPT} at the most, for its rows may come in turns with others.
 */
final class LongTablePart implements TensorPart {
    private static final int MOST_KEPT = 1 << 20;

    /** Values of a tensor that are handed on together, if there is room for so many. */
    private static final int KEPT = 1 << 14;

    private final ParquetPart names;
    private final ParquetPart values;
    private final List<String> tensors;

    private LongTablePart(ParquetPart names, ParquetPart values, List<String> tensors) {
        this.names = names;
        this.values = values;
        this.tensors = tensors;
    }

    /** Reads the names; the tensors are those that are wanted, in the order met. */
    static LongTablePart open(FileChannel channel, ParquetPart names, ParquetPart values, Predicate<String> wanted)
            throws IOException {
        Set<String> met = new LinkedHashSet<>();
        NameReader reader = reader(channel, names);
        long rows = 0;
        for (String name = reader.next(); name != null; name = reader.next()) {
            met.add(name);
            rows++;
        }
        if (rows != names.rows()) {
            throw names.place().refused("have the " + names.rows() + " rows of its row group", rows);
        }
        met.removeIf(name -> !wanted.test(name));
        return new LongTablePart(names, values, new ArrayList<>(met));
    }

    private static NameReader reader(FileChannel channel, ParquetPart names) throws IOException {
        PageReader pages =
                new PageReader(names.file(), channel, names.place(), names.chunk(), NameReader.BYTES_PER_VALUE);
        return new NameReader(names.column(), pages, names.place());
    }

    @Override
    public List<String> tensors() {
        return tensors;
    }

    @Override
    public long values() {
        return -1;
    }

    @Override
    public long bytes() {
        return names.bytes() + values.bytes();
    }

    @Override
    public long sampleLength() {
        return 0;
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        Place place = values.place();
        try (FileChannel channel = values.file().open()) {
            Kept kept = new Kept(new HashSet<>(tensors), visitor);
            NameReader reader = reader(channel, names);
            PageReader pages = new PageReader(values.file(), channel, place, values.chunk());
            PageDecoder decoder = new PageDecoder(values.column(), place);
            String[] tensor = new String[1];
            for (PageReader.Page page = pages.next(); page != null; page = pages.next()) {
                if (page.header().type() == PageHeader.DICTIONARY) {
                    decoder.decode(page, (block, length) -> true);
                    continue;
                }
                int count = page.header().detail().values();
                RowCursor rows = new RowCursor(values.column(), decoder.levels(page), count, place);
                boolean goesOn = decoder.decode(page, (block, length) -> {
                    for (int done = 0; done < length; ) {
                        int own = rows.valuesOfRow(length - done);
                        if (own == 0) {
                            tensor[0] = named(reader);
                        } else if (!kept.add(tensor[0], block, done, own)) {
                            return false;
                        }
                        done += own;
                    }
                    return true;
                });
                if (!goesOn) {
                    return;
                }
                while (rows.hasNextRow()) {
                    tensor[0] = named(reader);
                }
            }
            if (decoder.rows() != values.rows()) {
                throw place.refused("have the " + values.rows() + " rows of its row group", decoder.rows());
            }
            kept.settle();
        }
    }

    private String named(NameReader reader) throws IOException {
        String name = reader.next();
        if (name == null) {
            throw values.place().refused("have as many rows as the column of names", "with more");
        }
        return name;
    }

    /** Values that wait, by tensor. */
    private static final class Kept {
        private final Set<String> wanted;
        private final Visitor visitor;
        private final Map<String, float[]> values = new HashMap<>();
        private final Map<String, Integer> counts = new HashMap<>();
        private int all;

        Kept(Set<String> wanted, Visitor visitor) {
            this.wanted = wanted;
            this.visitor = visitor;
        }

        /** Says whether to go on. */
        boolean add(String tensor, float[] block, int from, int length) throws IOException {
            if (!wanted.contains(tensor)) {
                return true;
            }
            if (length >= KEPT) {
                return visitor.visit(tensor, block, from, length);
            }
            int count = counts.getOrDefault(tensor, 0);
            if (count + length > KEPT) {
                if (!visitor.visit(tensor, values.get(tensor), 0, count)) {
                    return false;
                }
                all -= count;
                count = 0;
            } else if (all + length > MOST_KEPT) {
                if (!settle()) {
                    return false;
                }
                count = 0;
            }
            float[] own = values.getOrDefault(tensor, new float[0]);
            if (own.length < count + length) {
                own = Arrays.copyOf(own, Math.min(KEPT, 2 * (count + length)));
                values.put(tensor, own);
            }
            System.arraycopy(block, from, own, count, length);
            counts.put(tensor, count + length);
            all += length;
            return true;
        }

        boolean settle() throws IOException {
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                if (count.getValue() > 0
                        && !visitor.visit(count.getKey(), values.get(count.getKey()), 0, count.getValue())) {
                    return false;
                }
            }
            values.clear();
            counts.clear();
            all = 0;
            return true;
        }
    }
}
