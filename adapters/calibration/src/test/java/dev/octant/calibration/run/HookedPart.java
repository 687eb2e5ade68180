// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;

/** A part of a real file, with something that happens at its every block. */
final class HookedPart extends TensorPart.Forwarding {
    private final Runnable atBlock;

    HookedPart(TensorPart part, Runnable atBlock) {
        super(part);
        this.atBlock = atBlock;
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        super.read((tensor, block, offset, length) -> {
            atBlock.run();
            return visitor.visit(tensor, block, offset, length);
        });
    }
}
