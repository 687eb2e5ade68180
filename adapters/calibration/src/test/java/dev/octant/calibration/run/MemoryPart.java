// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.util.List;

/** A part whose values are in memory, given out in blocks; {@code before} is run before each of them. */
record MemoryPart(String tensor, List<Float> data, int block, long sampleLength, boolean isCounted, Runnable before)
        implements TensorPart {
    static MemoryPart of(String tensor, float[] values, int block, long sampleLength) {
        List<Float> data = new java.util.ArrayList<>();
        for (float value : values) {
            data.add(value);
        }
        return new MemoryPart(tensor, data, block, sampleLength, true, () -> {});
    }

    MemoryPart uncounted() {
        return new MemoryPart(tensor, data, block, sampleLength, false, before);
    }

    MemoryPart before(Runnable action) {
        return new MemoryPart(tensor, data, block, sampleLength, isCounted, action);
    }

    @Override
    public List<String> tensors() {
        return List.of(tensor);
    }

    @Override
    public long values() {
        return isCounted ? data.size() : -1;
    }

    @Override
    public long bytes() {
        return 4L * data.size();
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        // Garbage around the block: only what is inside may be looked at.
        float[] reused = new float[block + 7];
        for (int from = 0; from < data.size(); from += block) {
            before.run();
            int n = Math.min(block, data.size() - from);
            java.util.Arrays.fill(reused, Float.NaN);
            for (int i = 0; i < n; i++) {
                reused[3 + i] = data.get(from + i);
            }
            if (!visitor.visit(tensor, reused, 3, n)) {
                return;
            }
        }
    }
}
