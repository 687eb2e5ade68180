// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.LongTable;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFormat;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.formats.tensor.TensorSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A format of another module: a line PAIRS, a line of columns, then lines of numbers. Each column is a tensor; as a
 * long table it has one, called x, of the values of the column that is asked for. How it is read is the test's to say.
 */
public final class PairsFormat implements TensorFormat {
    static volatile String reading = "";

    @Override
    public List<String> endings() {
        return List.of(".pairs");
    }

    @Override
    public boolean accepts(Path file, byte[] start) {
        return start.length > 1 && start[0] == 'P' && start[1] == 'A';
    }

    @Override
    public TensorFile open(Path file, TensorSelection wanted) throws IOException {
        List<String> columns = columns(file);
        List<TensorPart> parts = columns.stream()
                .filter(wanted.names())
                .map(column -> (TensorPart) new Part(file, column, columns.indexOf(column)))
                .toList();
        return TensorFile.of(file, parts, List.of(), reading);
    }

    @Override
    public TensorFile openTable(Path file, LongTable table, TensorSelection wanted) throws IOException {
        TensorPart part = new Part(file, "x", columns(file).indexOf(table.valuesColumn()));
        return TensorFile.of(file, List.of(part), List.of(), reading);
    }

    private static List<String> columns(Path file) throws IOException {
        return Arrays.asList(Files.readAllLines(file).get(1).split(",", -1));
    }

    private record Part(Path file, String tensor, int column) implements TensorPart {
        @Override
        public List<String> tensors() {
            return List.of(tensor);
        }

        @Override
        public long values() {
            return -1;
        }

        @Override
        public long bytes() {
            return 4;
        }

        @Override
        public long sampleLength() {
            return 0;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            for (String line : Files.readAllLines(file).stream().skip(2).toList()) {
                float value = Float.parseFloat(line.split(",", -1)[column]);
                if (!visitor.visit(tensor, new float[] {value}, 0, 1)) {
                    return;
                }
            }
        }
    }
}
