// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.bins.BinTally;
import dev.octant.observers.internal.exact.ExactAccumulator;
import java.util.Objects;

/**
 * How many values lie where: the counts of a histogram, and all arithmetic of its bins.
 *
 * <pre>
 * bin k of a sign holds          k * 2^e &lt;= |x| &lt; (k + 1) * 2^e,           k = S .. bins - 1
 * sub-bin n of octave j holds    n * 2^j / S &lt;= |x| &lt; (n + 1) * 2^j / S,   n = S .. 2 S - 1,  2^j &lt; S * 2^e
 * e = the smallest exponent from -149 on with   max|x| &lt; bins * 2^e
 * S = bins / 32, at least 1:  64 of 2,048 bins
 * </pre>
 *
 * <p>An octave holds the magnitudes from 2^j to 2^(j+1), j = -149 .. 127, be they subnormal or not. When {@code e}
 * rises by one, the bins S .. 2 S - 1 become exactly the sub-bins of an octave, and the others are added in pairs; so
 * the counts are a function of the values, whatever their order.
 *
 * <p>Summaries of version 1 knew less of small values. Theirs are counted in the nodes of a tree, whose leaves the
 * sub-bins are: node n of octave j, 1 &lt;= n &lt; S, with r = floor(log2 n), holds {@code n * 2^(j-r) <= |x| < (n + 1)
 * * 2^(j-r)}. Of subnormal values they knew nothing but that; those are node 0 of the lowest octave.
 *
 * <p>Not thread safe.
 */
final class BinCounts {
    /** Bins of each sign of a whole tensor's histogram, as a power of two. */
    static final int BITS = 11;

    static final int BINS = 1 << BITS;

    /** The fewest bins of each sign of a channel's, as a power of two. */
    static final int LEAST_BITS = 4;

    /** The exponent of the smallest float, below which no bin is cut. */
    static final int MIN_EXPONENT = -149;

    /** The octaves of the floats, of each sign. */
    static final int OCTAVES = 277;

    /** Biased exponents of the floats. */
    private static final int EXPONENTS = 256;

    /** The octaves of the subnormal floats. */
    private static final int SUBNORMAL_OCTAVES = 23;

    /** Digits of a mantissa after its leading one. */
    private static final int DIGITS = 23;

    private final int bits;
    private final int subBits;

    /** The first bin: below it lie sub-bins. */
    private final int firstBin;

    /** Places of each sign, in whole pages. */
    private final int side;

    private int exponent = MIN_EXPONENT;

    /** Of each sign: the bins by number, the first S places empty, then the sub-bins by octave. */
    private final SparseCounts fine;

    /** Of each sign: the nodes of version 1 by octave; null if there are none. */
    private SparseCounts nodes;

    /** Receives the magnitudes {@code [left, right)} and how many values have them, at least one. */
    @FunctionalInterface
    interface CellVisitor {
        void visit(double left, double right, long count);
    }

    /** Nothing counted in 2^bits bins of each sign. */
    BinCounts(int bits) {
        this(bits, new SparseCounts(2 * side(bits)));
    }

    private BinCounts(int bits, SparseCounts fine) {
        this.bits = bits;
        this.fine = fine;
        subBits = subBits(bits);
        firstBin = 1 << subBits;
        side = side(bits);
    }

    private static int subBits(int bits) {
        return Math.max(0, bits - 5);
    }

    /** Places of one sign. */
    private static int side(int bits) {
        return SparseCounts.wholePages((1 << bits) + (OCTAVES << subBits(bits)));
    }

    private int nodeSide() {
        return SparseCounts.wholePages(OCTAVES << subBits);
    }

    /** The most memory that 2^bits bins of each sign can take, without nodes of version 1. */
    static int mostBytes(int bits) {
        return SparseCounts.mostBytes(2 * side(bits));
    }

    /** Memory of 2^bits bins, at least 64, of some signs, and of sub-bins of some octaves of each, in whole pages. */
    static int bytes(int bits, int signs, int octaves) {
        int places = (1 << bits) - (1 << subBits(bits)) + (octaves << subBits(bits));
        return SparseCounts.tableBytes(2 * side(bits))
                + signs * SparseCounts.wholePages(places) / SparseCounts.PAGE * SparseCounts.PAGE_BYTES;
    }

    /** Memory held now. */
    int bytes() {
        return fine.bytes() + (nodes == null ? 0 : nodes.bytes());
    }

    int bits() {
        return bits;
    }

    /** The {@code e} of the bin width {@code 2^e}. */
    int exponent() {
        return exponent;
    }

    /** The smallest {@code e} from -149 on with {@code magnitude < 2^(bits + e)}. */
    static int exponentFor(float magnitude, int bits) {
        int highestBit = magnitude < Float.MIN_NORMAL
                ? 31 - Integer.numberOfLeadingZeros(Float.floatToRawIntBits(magnitude)) + MIN_EXPONENT
                : Math.getExponent(magnitude);
        return Math.max(MIN_EXPONENT, highestBit - bits + 1);
    }

    /** Widens the bins to 2^to, unless they are as wide. */
    void widen(int to) {
        if (to <= exponent) {
            return;
        }
        int from = exponent;
        exponent = to;
        for (int sign = 0; sign < 2; sign++) {
            // Ascending, so that no bin is moved after others were added to it.
            for (int k = firstBin; k < 1 << bits; k++) {
                long count = fine.take(sign * side + k);
                if (count != 0) {
                    add(sign, from, k, count);
                }
            }
        }
    }

    /** Counts a float that is finite and not 0; the bins must be wide enough. */
    void addFloat(int floatBits) {
        int mantissa = ExactAccumulator.mantissa(floatBits);
        // |x| = mantissa * 2^(octave - 149 - 23)
        int octave = (floatBits >>> DIGITS & 0xFF) + SUBNORMAL_OCTAVES - 1;
        if (octave < SUBNORMAL_OCTAVES) {
            int zeros = Integer.numberOfLeadingZeros(mantissa) - (31 - DIGITS);
            octave = SUBNORMAL_OCTAVES - zeros;
            mantissa <<= zeros;
        }
        fine.add(first(floatBits >>> 31, octave) + (mantissa >>> (DIGITS - digits(octave))), 1);
    }

    /**
     * Counts values of {@code [units, units + 1) * 2^unit}, which must lie in one bin or sub-bin.
     *
     * @param sign 0 for positive values, 1 for negative ones
     */
    void add(int sign, int unit, int units, long count) {
        int digits = 31 - Integer.numberOfLeadingZeros(units);
        fine.add(place(sign, unit - MIN_EXPONENT + digits, units << (DIGITS - digits)), count);
    }

    /** The same for all that a tally has counted, of whose places each must lie in one bin or sub-bin. */
    void addAll(BinTally tally, int part) {
        for (int digits = BinTally.FIRST_DIGITS; digits < BinTally.END_DIGITS; digits++) {
            int octave = part - MIN_EXPONENT + digits;
            int begin = BinTally.place(1 << digits);
            int end = BinTally.place(2 << digits);
            // So many places of the tally, as a power of two, become one of this histogram.
            int join = Integer.numberOfTrailingZeros(end - begin) - digits(octave);
            if (join < 0) {
                // Places wider than the bins hold nothing: such a tally has counted only zeros.
                continue;
            }
            int at = first(0, octave) + (1 << digits(octave));
            for (int place = begin, next; place < end; place = next) {
                next = Math.min(end, place + (SparseCounts.left(at) << join));
                add(tally, place, next, join, at);
                at += (next - place) >> join;
            }
        }
    }

    private void add(BinTally tally, int from, int to, int join, int at) {
        for (int sign = 0; sign < 2; sign++) {
            int tallied = sign * BinTally.SIDE;
            if (!tally.isEmpty(tallied + from, tallied + to)) {
                // All go to one page.
                tally.addTo(fine.page(sign * side + at), SparseCounts.inPage(at), tallied + from, tallied + to, join);
            }
        }
    }

    /** Where the magnitudes {@code mantissa * 2^(octave - 149 - 23)} lie, the mantissa within 2^23 .. 2^24 - 1. */
    private int place(int sign, int octave, int mantissa) {
        return first(sign, octave) + (mantissa >>> (DIGITS - digits(octave)));
    }

    /** How many digits of a value after its leading one its place depends on. */
    private int digits(int octave) {
        return Math.max(subBits, octave + MIN_EXPONENT - exponent);
    }

    /** What is added to leading one and digits for the place. */
    private int first(int sign, int octave) {
        boolean isBin = octave + MIN_EXPONENT - exponent >= subBits;
        return (sign == 0 ? 0 : side) + (isBin ? 0 : (1 << bits) + (octave << subBits) - firstBin);
    }

    /** Counts values of version 1 of which it is known only in which node they lie. */
    void addNode(int sign, int octave, int node, long count) {
        if (node >= firstBin) {
            fine.add(place(sign, octave, node << (DIGITS - subBits)), count);
            return;
        }
        if (nodes == null) {
            nodes = new SparseCounts(2 * nodeSide());
        }
        nodes.add(sign * nodeSide() + (octave << subBits) + node, count);
    }

    /** Adds the counts of others, whose bins are as many and not wider. */
    void addAll(BinCounts other) {
        other.fine.forEach((place, count) -> {
            int sign = place / side;
            int inSide = place % side;
            int sub = inSide - (1 << bits);
            if (sub < 0) {
                add(sign, other.exponent, inSide, count);
            } else {
                fine.add(place, count);
            }
        });
        if (other.nodes != null) {
            nodes = nodes == null ? new SparseCounts(2 * nodeSide()) : nodes;
            other.nodes.forEach(nodes::add);
        }
    }

    /** The same counts, which take no more memory than they need. */
    BinCounts copy() {
        BinCounts copy = new BinCounts(bits, fine.copy());
        copy.nodes = nodes == null ? null : nodes.copy();
        copy.exponent = exponent;
        return copy;
    }

    /** All counts become 0, the bins as narrow as can be. */
    void clear() {
        fine.clear();
        nodes = null;
        exponent = MIN_EXPONENT;
    }

    /** How many values lie in {@code [k, k + 1) * 2^e}, k from 0 on, of a sign; zeros in none. */
    long inBin(int sign, int k) {
        if (k >= firstBin) {
            return k < 1 << bits ? fine.get(sign * side + k) : 0;
        }
        int octave = exponent - MIN_EXPONENT;
        if (k == 0) {
            return inOctaves(sign, 0, octave);
        }
        int digits = 31 - Integer.numberOfLeadingZeros(k);
        return inNode(sign, octave + digits, k);
    }

    /** How many values lie in octaves below the first bin. */
    private long inOctaves(int sign, int from, int to) {
        int first = sign * side + (1 << bits);
        int node = sign * nodeSide();
        return fine.sum(first + (from << subBits), first + (to << subBits))
                + (nodes == null ? 0 : nodes.sum(node + (from << subBits), node + (to << subBits)));
    }

    /** How many values lie in a node or in one below it. */
    private long inNode(int sign, int octave, int node) {
        int digits = 31 - Integer.numberOfLeadingZeros(node);
        int first = sign * side + (1 << bits) + (octave << subBits) - firstBin;
        long sum = fine.sum(first + (node << (subBits - digits)), first + ((node + 1) << (subBits - digits)));
        for (int more = 0; nodes != null && digits + more < subBits; more++) {
            int start = sign * nodeSide() + (octave << subBits);
            sum += nodes.sum(start + (node << more), start + ((node + 1) << more));
        }
        return sum;
    }

    /**
     * Visits the magnitudes of one sign in ascending order: bins and sub-bins; where version 1 has counted, its nodes.
     */
    void cells(int sign, CellVisitor visitor) {
        int octave = 0;
        if (nodes != null && nodes.get(sign * nodeSide()) > 0) {
            octave = Math.min(exponent - MIN_EXPONENT, SUBNORMAL_OCTAVES);
            visitor.visit(Float.MIN_VALUE, power(octave), inOctaves(sign, 0, octave));
        }
        int end = Math.min(OCTAVES, exponent - MIN_EXPONENT + subBits);
        for (; octave < end; octave++) {
            if (inOctaves(sign, octave, octave + 1) > 0) {
                cells(sign, octave, 1, visitor);
            }
        }
        double width = Math.scalb(1.0, exponent);
        for (int k = firstBin; k < 1 << bits; k++) {
            visit(visitor, k * width, width, fine.get(sign * side + k));
        }
    }

    private void cells(int sign, int octave, int node, CellVisitor visitor) {
        int digits = 31 - Integer.numberOfLeadingZeros(node);
        boolean isLeaf = node >= firstBin;
        if (isLeaf || (nodes != null && nodes.get(sign * nodeSide() + (octave << subBits) + node) > 0)) {
            double width = power(octave - digits);
            visit(visitor, node * width, width, inNode(sign, octave, node));
        } else {
            cells(sign, octave, 2 * node, visitor);
            cells(sign, octave, 2 * node + 1, visitor);
        }
    }

    private static void visit(CellVisitor visitor, double left, double width, long count) {
        if (count > 0) {
            visitor.visit(left, left + width, count);
        }
    }

    /** Where an octave begins. */
    private static double power(int octave) {
        return Math.scalb(1.0, octave + MIN_EXPONENT);
    }

    /** How many values were counted. */
    long total() {
        return fine.total() + (nodes == null ? 0 : nodes.total());
    }

    void write(PayloadWriter payload) {
        payload.sparse(fine);
        payload.sparse(nodes == null ? new SparseCounts(0) : nodes);
    }

    /** Reads what was written, into bins of the same width that hold nothing yet. */
    void read(PayloadReader payload) throws SummaryFormatException {
        int octaves = Math.min(OCTAVES, exponent - MIN_EXPONENT + subBits);
        payload.sparse(2 * side, (place, count) -> {
            int inSide = place % side;
            int sub = inSide - (1 << bits);
            payload.require(
                    sub < 0 ? inSide >= firstBin : sub >> subBits < octaves, "must have sub-bins only below its bins");
            fine.add(place, count);
        });
        payload.sparse(2 * nodeSide(), (place, count) -> {
            int inSide = place % nodeSide();
            int octave = inSide >> subBits;
            int node = inSide & (firstBin - 1);
            // A node lies within a bin, and so has at least the digits by which its octave is above bin 1.
            boolean isSound = inSide == 0
                    ? exponent > MIN_EXPONENT
                    : octave < octaves && node > 0 && node >> Math.max(0, octave - (exponent - MIN_EXPONENT)) > 0;
            payload.require(isSound, "must have nodes only within its bins");
            addNode(place / nodeSide(), octave, node, count);
        });
    }

    /**
     * Reads version 1: all bins from 0 on of both signs, then by biased exponent what lies in bin 0, positive and
     * negative.
     */
    void readVersion1(PayloadReader payload) throws SummaryFormatException {
        int half = 1 << bits;
        int belowBins = exponent - MIN_EXPONENT;
        long[] hidden = new long[2];
        payload.sparse(2 * half, (place, count) -> {
            int k = place % half;
            if (k == 0) {
                hidden[place / half] = count;
            } else if (k < firstBin) {
                addNode(place / half, belowBins + 31 - Integer.numberOfLeadingZeros(k), k, count);
            } else {
                fine.add(place / half * side + k, count);
            }
        });
        payload.sparse(2 * EXPONENTS, (place, count) -> {
            int octave = place % EXPONENTS + SUBNORMAL_OCTAVES - 1;
            payload.require(octave < belowBins, "must hide exponents in bin 0 only");
            boolean isSubnormal = octave < SUBNORMAL_OCTAVES;
            addNode(place / EXPONENTS, isSubnormal ? 0 : octave, isSubnormal ? 0 : 1, count);
            hidden[place / EXPONENTS] -= count;
        });
        for (int sign = 0; sign < 2; sign++) {
            // Bins narrower than the octave of the least normal floats cut the subnormal ones, and nothing hides there.
            if (hidden[sign] > 0 && belowBins > 0 && belowBins < SUBNORMAL_OCTAVES) {
                addNode(sign, 0, 0, hidden[sign]);
                hidden[sign] = 0;
            }
            payload.require(hidden[sign] == 0, "must count the exponents of bin 0");
        }
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof BinCounts other
                && bits == other.bits
                && exponent == other.exponent
                && fine.equals(other.fine)
                && Objects.equals(nodes, other.nodes);
    }

    @Override
    public int hashCode() {
        return fine.hashCode();
    }
}
