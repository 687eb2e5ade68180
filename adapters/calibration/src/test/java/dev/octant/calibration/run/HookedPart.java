// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.util.List;

/** A part of a real file, with something that happens at its every block. */
record HookedPart(TensorPart part, Runnable atBlock) implements TensorPart {
    @Override
    public List<String> tensors() {
        return part.tensors();
    }

    @Override
    public long values() {
        return part.values();
    }

    @Override
    public long bytes() {
        return part.bytes();
    }

    @Override
    public long sampleLength() {
        return part.sampleLength();
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        part.read((tensor, block, offset, length) -> {
            atBlock.run();
            return visitor.visit(tensor, block, offset, length);
        });
    }
}
