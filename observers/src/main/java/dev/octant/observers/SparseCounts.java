// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import java.util.Arrays;

/** A long row of counts, most of them 0: kept in pages that are made when a count of theirs is first added to. */
final class SparseCounts {
    private static final int PAGE_BITS = 6;

    /** Counts of a page. */
    static final int PAGE = 1 << PAGE_BITS;

    /** Memory of a page with the header of its array. */
    static final int PAGE_BYTES = Long.BYTES * PAGE + 16;

    private final long[][] pages;

    /** Receives the counts that are not 0. */
    @FunctionalInterface
    interface Visitor {
        void visit(int place, long count);
    }

    /** A row of zeros. */
    SparseCounts(int places) {
        this(new long[wholePages(places) / PAGE][]);
    }

    private SparseCounts(long[][] pages) {
        this.pages = pages;
    }

    long get(int place) {
        long[] page = pages[place >>> PAGE_BITS];
        return page == null ? 0 : page[place & (PAGE - 1)];
    }

    void add(int place, long count) {
        page(place)[place & (PAGE - 1)] += count;
    }

    /** The page with the count of a place, at {@link #inPage}. */
    long[] page(int place) {
        long[] page = pages[place >>> PAGE_BITS];
        if (page == null) {
            page = new long[PAGE];
            pages[place >>> PAGE_BITS] = page;
        }
        return page;
    }

    static int inPage(int place) {
        return place & (PAGE - 1);
    }

    /** How many places of a page there are from this one on. */
    static int left(int place) {
        return PAGE - inPage(place);
    }

    /** The count of a place, which becomes 0. */
    long take(int place) {
        long count = get(place);
        if (count != 0) {
            pages[place / PAGE][place % PAGE] = 0;
        }
        return count;
    }

    /** The sum of the counts from place {@code from} up to before {@code to}. */
    long sum(int from, int to) {
        long sum = 0;
        for (int place = from, end; place < to; place = end) {
            end = Math.min(to, (place / PAGE + 1) * PAGE);
            long[] page = pages[place / PAGE];
            for (int i = place; page != null && i < end; i++) {
                sum += page[i % PAGE];
            }
        }
        return sum;
    }

    /** Visits the places whose count is not 0, in ascending order. */
    void forEach(Visitor visitor) {
        for (int p = 0; p < pages.length; p++) {
            for (int i = 0; pages[p] != null && i < PAGE; i++) {
                if (pages[p][i] != 0) {
                    visitor.visit(p * PAGE + i, pages[p][i]);
                }
            }
        }
    }

    /** The same counts, without pages of zeros. */
    SparseCounts copy() {
        long[][] copies = new long[pages.length][];
        for (int p = 0; p < pages.length; p++) {
            copies[p] = isZero(pages[p]) ? null : pages[p].clone();
        }
        return new SparseCounts(copies);
    }

    private static boolean isZero(long[] page) {
        for (int i = 0; page != null && i < PAGE; i++) {
            if (page[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** All counts become 0, and take no memory. */
    void clear() {
        Arrays.fill(pages, null);
    }

    /** The sum of all counts. */
    long total() {
        return sum(0, pages.length * PAGE);
    }

    /** As many places, but in whole pages. */
    static int wholePages(int places) {
        return (places + PAGE - 1) / PAGE * PAGE;
    }

    /** Memory of the pages held, and of the table that finds them. */
    int bytes() {
        int bytes = tableBytes(pages.length * PAGE);
        for (long[] page : pages) {
            bytes += page == null ? 0 : PAGE_BYTES;
        }
        return bytes;
    }

    /** Memory of a row without pages, at 8 bytes for a reference. */
    static int tableBytes(int places) {
        return wholePages(places) / PAGE * Long.BYTES;
    }

    /** The most memory that a row can take. */
    static int mostBytes(int places) {
        return tableBytes(places) + wholePages(places) / PAGE * PAGE_BYTES;
    }

    @Override
    public boolean equals(Object object) {
        if (!(object instanceof SparseCounts other) || pages.length != other.pages.length) {
            return false;
        }
        for (int p = 0; p < pages.length; p++) {
            // A page of zeros is as good as none.
            if (!Arrays.equals(pages[p], other.pages[p]) && !(isZero(pages[p]) && isZero(other.pages[p]))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int[] hash = {0};
        forEach((place, count) -> hash[0] = 31 * (31 * hash[0] + place) + Long.hashCode(count));
        return hash[0];
    }
}
