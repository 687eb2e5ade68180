// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A format of another module that does what a test asks of it in place of what it should: found by its service, in a
 * file that begins with FAULTY.
 */
public final class FaultyFormat implements TensorFormat {
    static final String TENSOR = "faulty";

    /** What it does; null for all that it should. */
    static volatile String fault;

    public FaultyFormat() {
        fail("constructor");
    }

    private static boolean is(String what) {
        return what.equals(fault);
    }

    private static void fail(String what) {
        if (is(what)) {
            throw new IllegalStateException("no " + what);
        }
    }

    @Override
    public List<String> endings() {
        fail("endings");
        return switch (String.valueOf(fault)) {
            case "null endings" -> null;
            case "upper endings" -> List.of(".FAULTY");
            case "bare endings" -> List.of("faulty");
            case "dot endings" -> List.of(".");
            default -> List.of(".faulty");
        };
    }

    @Override
    public boolean accepts(Path file, byte[] start) {
        fail("accepts");
        return start.length > 1 && start[0] == 'F' && start[1] == 'A';
    }

    @Override
    public TensorFile open(Path file, TensorSelection wanted) {
        fail("open");
        if (is("null file")) {
            return null;
        }
        return is("null parts") ? new NoParts(file) : TensorFile.of(file, List.of(new Part(file)));
    }

    private record NoParts(Path path) implements TensorFile {
        @Override
        public List<TensorPart> parts() {
            return null;
        }
    }

    private record Part(Path file) implements TensorPart {
        @Override
        public List<String> tensors() {
            return switch (String.valueOf(fault)) {
                case "null tensors" -> null;
                case "no tensors" -> List.of();
                case "tensor twice" -> List.of(TENSOR, TENSOR);
                case "unwanted tensor" -> List.of("never");
                case "blank tensor" -> List.of("  ");
                default -> List.of(TENSOR);
            };
        }

        @Override
        public long values() {
            return is("negative values") ? -7 : is("more values") ? 5 : is("fewer values") ? 20 : 10;
        }

        @Override
        public long bytes() {
            return is("negative bytes") ? -1 : 40;
        }

        @Override
        public long sampleLength() {
            return is("negative sample") ? -5 : is("long sample") ? 7000 : is("odd sample") ? 3 : 5;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            fail("read");
            if (is("disk")) {
                throw new IOException("disk on fire");
            }
            if (is("deep read")) {
                throw new StackOverflowError();
            }
            Files.size(file);
            float[] block = new float[12];
            for (int i = 0; i < 10; i++) {
                block[i] = i;
            }
            String tensor = is("other name") ? "other" : is("null name") ? null : TENSOR;
            int length = is("beyond block") ? 13 : is("negative length") ? -1 : 10;
            visitor.visit(tensor, is("null block") ? null : block, 0, length);
        }
    }
}
