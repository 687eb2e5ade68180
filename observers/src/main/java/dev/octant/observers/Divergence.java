package dev.octant.observers;

/**
 * The Kullback-Leibler divergence between a histogram clipped to a window of its bins and the same window after
 * quantization to fewer levels.
 *
 * <pre>
 * P[j] = h[j] for j in the window; the counts below it are added to its first bin, those above to its last
 * Q[j] = (sum of h in j's group) / (non-empty bins in j's group) for non-empty j, else 0
 * group of bin j = floor((j - from) * levels / (to - from))
 * KL   = sum of p * ln(p / q) over p &gt; 0, with p and q the normalised P and Q; infinite where q = 0 &lt; p
 * </pre>
 *
 * <p>Prefix sums make a window cost O(levels). With S, Z and L the sums of h, of non-empty bins and of h ln h, m and z a
 * group's shares of S and Z, and p its m plus the tail it received:
 * {@code KL = (sum P ln P - sum p ln(m / z)) / T - ln T + ln S(window)}, T being the total.
 */
final class Divergence {
    private final long[] counts;
    private final long[] sum;
    private final int[] nonEmpty;
    private final double[] logs;

    Divergence(long[] counts) {
        this.counts = counts;
        sum = new long[counts.length + 1];
        nonEmpty = new int[counts.length + 1];
        logs = new double[counts.length + 1];
        for (int j = 0; j < counts.length; j++) {
            sum[j + 1] = sum[j] + counts[j];
            nonEmpty[j + 1] = nonEmpty[j] + (counts[j] > 0 ? 1 : 0);
            logs[j + 1] = logs[j] + timesLog(counts[j]);
        }
    }

    /** The divergence for the window {@code [from, to)} of at least {@code levels} bins. */
    double of(int from, int to, int levels) {
        long below = sum[from];
        long total = sum[counts.length];
        long above = total - sum[to];
        long first = counts[from];
        long last = counts[to - 1];
        if ((below > 0 && first == 0) || (above > 0 && last == 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double entropy = logs[to]
                - logs[from]
                + (timesLog(first + below) - timesLog(first))
                + (timesLog(last + above) - timesLog(last));
        double cross = 0;
        int width = to - from;
        int start = from;
        for (int group = 1; group <= levels; group++) {
            int end = from + (group * width + levels - 1) / levels;
            long mass = sum[end] - sum[start];
            if (mass > 0) {
                long tails = (group == 1 ? below : 0) + (group == levels ? above : 0);
                cross += (mass + tails) * Math.log((double) mass / (nonEmpty[end] - nonEmpty[start]));
            }
            start = end;
        }
        return (entropy - cross) / total - Math.log((double) total) + Math.log((double) (sum[to] - sum[from]));
    }

    /**
     * The half width {@code i} whose window {@code [centre - i, centre + i)}, cut to {@code [first, last)}, diverges least;
     * of several the widest. Tries {@code i = start, start + stride, ..} while the window still grows, skips windows of
     * fewer bins than levels, and is {@code last - first} where all are.
     */
    int leastDivergent(int centre, int first, int last, int levels, int start, int stride) {
        int best = last - first;
        double least = Double.POSITIVE_INFINITY;
        int widest = Math.max(centre - first, last - centre);
        for (int i = start; i <= widest; i += stride) {
            int from = Math.max(centre - i, first);
            int to = Math.min(centre + i, last);
            if (to - from >= levels) {
                double divergence = of(from, to, levels);
                if (divergence <= least) {
                    least = divergence;
                    best = i;
                }
            }
        }
        return best;
    }

    private static double timesLog(long count) {
        return count == 0 ? 0 : count * Math.log((double) count);
    }
}
