# SPDX-License-Identifier: Apache-2.0
"""The histogram calibrator of NVIDIA's pytorch-quantization by its formulas, with PyTorch's bins and SciPy's entropy.

The toolkit itself runs its mean squared error on a GPU only, so its formulas stand here.
"""

BINS = 2048
FIRST = 128  # the narrowest candidate ends after this many bins


class Histogram:
    """Counts of magnitudes in equal bins from zero. The first batch sets their width, later ones add bins."""

    def __init__(self, np, torch, scipy):
        from scipy.stats import entropy

        self._np, self._torch, self._entropy = np, torch, entropy
        self._counts = None
        self._edges = None

    def collect(self, batch):
        """Takes one batch in. Counts are float32 while they are collected."""
        torch = self._torch
        magnitudes = torch.from_numpy(batch).abs()
        largest = magnitudes.max()
        if self._counts is None:
            self._counts = torch.histc(magnitudes, bins=BINS, min=0, max=largest.item())
            self._edges = torch.linspace(0, largest.item(), BINS + 1)
            return
        bins = self._counts.numel()
        if largest > self._edges[-1]:
            width = self._edges[1] - self._edges[0]
            bins = int((largest / width).ceil().item())
            self._edges = torch.arange(0, (largest + width).item(), width.item())
        counts = torch.histc(magnitudes, bins=bins, min=0, max=self._edges[-1].item())
        counts[: self._counts.numel()] += self._counts
        self._counts = counts

    def counts(self):
        """The counts as whole numbers."""
        return self._counts.numpy().astype(self._np.int64)

    def range(self, asked):
        """The range for `percentile=P`, `entropy=STRIDE`, `mse=STRIDE`, or with `u` in front for unsigned codes."""
        method, _, number = asked.partition("=")
        unsigned = method.startswith("u")
        if method == "percentile":
            largest = self._percentile(float(number))
        elif method.endswith("entropy"):
            largest = self._least_divergence(int(number), 256 if unsigned else 128)
        else:
            largest = self._least_error(int(number), unsigned)
        return (0.0 if unsigned else -largest), largest

    def _percentile(self, percent):
        """The left edge of the first bin up to which the share of the values is reached."""
        counts = self.counts()
        shares = self._np.cumsum(counts / counts.sum())
        return float(self._edges.numpy()[self._np.searchsorted(shares, percent / 100)])

    def _least_divergence(self, stride, levels):
        """The end whose clipped counts lose least when they are merged into the levels; the last of equal ones."""
        counts = self.counts()
        counts[0] = counts[1]
        ends = range(FIRST, counts.size + 1, stride)
        divergences = [self._divergence(counts, end, levels) for end in ends]
        last = len(divergences) - 1 - int(self._np.argmin(divergences[::-1]))
        return float(self._edges.numpy()[ends[last]])

    def _divergence(self, counts, end, levels):
        """Kullback-Leibler divergence of the counts clipped at a bin from their means over the levels."""
        np = self._np
        clipped = counts[:end].copy()
        level = np.arange(end) * levels // end
        used = clipped != 0
        sums = np.bincount(level[used], clipped[used], levels)
        sizes = np.bincount(level[used], minlength=levels)
        merged = np.where(used, sums[level] / np.maximum(sizes[level], 1), 0)
        clipped[-1] += counts[end:].sum()
        with np.errstate(all="ignore"):
            return self._entropy(clipped, merged)

    def _least_error(self, stride, unsigned):
        """The middle of the bin whose codes, as the largest value, lose least of the bins' middles; the first if equal.

        Middles are float32, all that follows is float64: in float32 a near tie goes to another bin now and then.
        """
        np = self._np
        counts = self.counts()
        middles = ((self._edges[1:] + self._edges[:-1]) / 2).numpy().astype(np.float64)
        counts, middles = counts[: middles.size], middles[: counts.size]
        steps = 255 if unsigned else 127
        candidates = range(FIRST, middles.size, stride)
        errors = []
        for candidate in candidates:
            scale = steps / middles[candidate]
            rounded = np.clip(np.rint(middles * scale), 0 if unsigned else -steps, steps) / scale
            errors.append(np.sum((rounded - middles) ** 2 * counts))
        return float(middles[candidates[int(np.argmin(errors))]])
