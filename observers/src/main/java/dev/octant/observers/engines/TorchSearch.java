// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import dev.octant.core.RealRange;

/**
 * PyTorch's search for the bins between which quantizing to 256 levels loses least, in its own float32.
 *
 * <pre>
 * alpha = 0, beta = 1, window = all bins, step = 1e-5
 * while alpha &lt; beta:
 *   l = first bin with cumulative count &gt;= (alpha + step) * total, r = last bin with one &lt;= (beta - step) * total
 *   if l skips more bins than r: the window begins at l, alpha += step; else it ends at r, beta -= step
 *   if the window moved: stop and undo where its error exceeds that of the last move
 * error = sum over bins of density * integral of (x - centre of x's level)^2, the outer levels holding all beyond
 * result: [min + w * first, min + w * (last + 1)], w = (max - min) / bins
 * </pre>
 *
 * <p>Source: PyTorch {@code HistogramObserver._non_linear_param_search}.
 */
final class TorchSearch {
    private static final int LEVELS = 256;
    private static final double STEP = 1e-5;

    private final float[] counts;
    private final float min;
    private final float max;

    TorchSearch(float[] counts, float min, float max) {
        this.counts = counts;
        this.min = min;
        this.max = max;
    }

    RealRange best() {
        float[] cumulative = cumulative();
        double total = TorchKernels.sum(counts);
        double alpha = 0;
        double beta = 1;
        int first = 0;
        int last = counts.length - 1;
        float least = Float.POSITIVE_INFINITY;
        while (alpha < beta) {
            int left = first;
            int right = last;
            float lower = (float) ((alpha + STEP) * total);
            float upper = (float) ((beta - STEP) * total);
            while (left < last && cumulative[left] < lower) {
                left++;
            }
            while (right > first && cumulative[right] > upper) {
                right--;
            }
            boolean fromLeft = left - first > last - right;
            alpha = fromLeft ? alpha + STEP : alpha;
            beta = fromLeft ? beta : beta - STEP;
            int nextFirst = fromLeft ? left : first;
            int nextLast = fromLeft ? last : right;
            if (nextFirst == first && nextLast == last) {
                continue;
            }
            float error = error(nextFirst, nextLast);
            if (error > least) {
                break;
            }
            least = error;
            first = nextFirst;
            last = nextLast;
        }
        float width = (max - min) / counts.length;
        return RealRange.of(min + width * first, min + width * (last + 1));
    }

    private float[] cumulative() {
        float[] cumulative = new float[counts.length];
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            cumulative[i] = (float) sum;
        }
        return cumulative;
    }

    /** The squared error when the bins from first to last are cut into the levels. */
    float error(int first, int last) {
        double width = ((double) max - min) / counts.length;
        double levelWidth = width * (last - first + 1) / LEVELS;
        if (levelWidth == 0) {
            return 0;
        }
        float binStep = (float) width;
        float levelStep = (float) levelWidth;
        float half = (float) (levelWidth / 2);
        float whole = cubes(-half, half);
        float[] norms = new float[counts.length];
        for (int i = 0; i < norms.length; i++) {
            float begin = (i - first) * binStep;
            float end = begin + binStep;
            float beginLevel = level(begin, levelStep);
            float endLevel = level(end, levelStep);
            float density = counts[i] / binStep;
            float norm = density * cubes(begin - (beginLevel + 0.5f) * levelStep, half);
            norm += (endLevel - beginLevel - 1) * (density * whole);
            norm += density * cubes(-half, end - (endLevel * levelStep + half));
            norms[i] = norm;
        }
        return TorchKernels.sum(norms);
    }

    private static float level(float x, float levelStep) {
        return Math.min(Math.max(TorchKernels.floorDivide(x, levelStep), 0), LEVELS - 1);
    }

    /** The integral of x^2 over [a, b]. */
    private static float cubes(float a, float b) {
        return (b * b * b - a * a * a) / 3;
    }
}
