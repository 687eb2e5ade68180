// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.fixtures.NullArguments;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayReader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import dev.octant.formats.tensor.RowArray;
import dev.octant.formats.tensor.RowReader;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorSelection;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every public method says in a sentence of its own which argument is missing. */
class MissingArgumentsTest {
    @TempDir
    private Path folder;

    @Test
    void everyMethodNamesWhatIsMissing() throws Exception {
        Path file = folder.resolve("x.npy");
        ArrayHeader header = ArrayHeader.of("x", ElementType.FLOAT32, List.of(4L));
        ArrayWriter[] writer = new ArrayWriter[1];
        ArrayWriter.Content content = out -> {
            writer[0] = out;
            out.writeFloats(new float[4], 0, 4);
        };
        ArrayWriter.write(file, header, content);
        CalibrationTable table = CalibrationTable.of(Map.of());
        CalibrationFile calibration = new CalibrationFile(
                "t", Optional.of(QuantScheme.ASYMMETRIC), Optional.of(ParameterPolicy.OCTANT), table);
        TensorFile tensors = TensorFiles.open(file);
        RowArray rows = RowArray.find(file, List.of("x")).get("x");
        NpzWriter.Content numbers = InputStream::nullInputStream;
        AtomicFile.Content bytes = out -> {};
        ReadOutOfMemoryError.Reading<String> reading = () -> "";
        Predicate<String> names = name -> true;
        Supplier<String> supplier = () -> "";
        Runnable work = () -> {};
        // Of a file, what tells it from others may be missing, and of an exception all may.
        List<Class<?>> classes = NullArguments.publicClasses(TensorFiles.class).stream()
                .filter(type ->
                        !Throwable.class.isAssignableFrom(type) && !type.isInterface() && type != InputFile.class)
                .toList();
        try (FileChannel channel = FileChannel.open(file);
                ArrayReader reader = ArrayReader.open(file);
                RowReader rowReader = rows.open();
                TextLines lines = new TextLines(file, InputStream.nullInputStream())) {
            reader.next();
            NullArguments.check(
                    classes,
                    file,
                    "text",
                    header,
                    ElementType.FLOAT32,
                    ByteOrder.LITTLE_ENDIAN,
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    new float[4],
                    new byte[4],
                    content,
                    bytes,
                    reading,
                    names,
                    supplier,
                    work,
                    channel,
                    ByteBuffer.allocate(4),
                    InputStream.nullInputStream(),
                    new IllegalArgumentException("text"),
                    new OutOfMemoryError("text"),
                    writer[0],
                    reader,
                    rows,
                    rowReader,
                    NumberType.FLOAT32,
                    numbers,
                    new NpzWriter.Item("x", NumberType.FLOAT32, List.of(), numbers),
                    lines,
                    table,
                    calibration,
                    CalibrationFormat.OCTANT,
                    CalibrationFormat.OCTANT.export(calibration),
                    CalibrationFormat.OCTANT.read(written(calibration), QuantType.INT8, QuantScheme.ASYMMETRIC),
                    QuantType.INT8,
                    QuantScheme.ASYMMETRIC,
                    QuantParams.of(QuantType.INT8, 1, 0),
                    Destination.of(file),
                    LeftOut.of(file, "x", "text"),
                    TensorSelection.ALL,
                    new LongTable("tensor", "values"),
                    tensors,
                    tensors.parts().get(0));
        }
    }

    private Path written(CalibrationFile calibration) throws Exception {
        Path file = folder.resolve("t.json");
        calibration.write(file);
        return file;
    }
}
