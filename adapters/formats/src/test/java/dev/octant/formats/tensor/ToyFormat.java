// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A format of another module: the word TOY, then a number a line. Found by its service, as any is. */
public final class ToyFormat implements TensorFormat {
    static final String TENSOR = "toy";

    private static final String MAGIC = "TOY\n";

    @Override
    public List<String> endings() {
        return List.of(".toy");
    }

    @Override
    public boolean accepts(Path file, byte[] start) {
        return new String(start, StandardCharsets.US_ASCII).startsWith(MAGIC);
    }

    @Override
    public TensorFile open(Path file, TensorSelection wanted) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return TensorFile.of(file, wanted.names().test(TENSOR) ? List.of(new Part(file, lines.size() - 1)) : List.of());
    }

    private record Part(Path file, long values) implements TensorPart {
        @Override
        public List<String> tensors() {
            return List.of(TENSOR);
        }

        @Override
        public long bytes() {
            return values;
        }

        @Override
        public long sampleLength() {
            return 0;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            List<String> lines = Files.readAllLines(file);
            float[] block = new float[lines.size() - 1];
            for (int i = 0; i < block.length; i++) {
                block[i] = Float.parseFloat(lines.get(i + 1));
            }
            visitor.visit(TENSOR, block, 0, block.length);
        }
    }
}
