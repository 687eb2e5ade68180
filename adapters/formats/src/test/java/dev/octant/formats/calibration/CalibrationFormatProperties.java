// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.ScratchFile;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** From our tables to each format and back, and from each format to ours and back. */
class CalibrationFormatProperties {
    private static final List<String> NAMES =
            List.of("act", "block::conv: 1", "größe", "\"quoted\"\\", "a/b.c", "𝄞", "x' y", "back\\slash");

    /** A table of one type and scheme, with parameters as we choose them, or with any there are. */
    private static CalibrationFile table(Random random, boolean isChosen) {
        QuantType type = pick(random, List.of(QuantType.INT8, QuantType.UINT8, QuantType.INT8_NARROW));
        QuantScheme scheme = pick(random, List.of(QuantScheme.ASYMMETRIC, QuantScheme.SYMMETRIC));
        String method = pick(random, List.of("minmax", "percentile=99.99", "entropy", "mse"));
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (String name : NAMES.subList(0, 1 + random.nextInt(NAMES.size()))) {
            boolean isObserved = random.nextBoolean();
            double a = end(random, isObserved);
            double b = end(random, isObserved);
            RealRange range = RealRange.of(Math.min(a, b), Math.max(a, b));
            QuantParams params = isChosen ? scheme.choose(range, type) : anyParams(random, type);
            ValueCounts values = new ValueCounts(1 + random.nextInt(1000), 0, 0, 0, 0, -1, 1);
            entries.put(
                    name,
                    new CalibrationTable.Entry(
                            range, params, method, values, Optional.of("0123456789abcdef".repeat(4))));
        }
        return new CalibrationFile(
                "octant 0.1.0",
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(scheme),
                CalibrationTable.of(entries));
    }

    /** Ends of observed ranges are floats, those of others doubles. */
    private static double end(Random random, boolean isObserved) {
        double end = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(12) - 6);
        float rounded = (float) end;
        return isObserved ? (double) rounded : end;
    }

    private static QuantParams anyParams(Random random, QuantType type) {
        int bits = Float.floatToIntBits(0x1p-100f)
                + random.nextInt(Float.floatToIntBits(0x1p100f) - Float.floatToIntBits(0x1p-100f));
        int zeroPoint = random.nextInt(3) == 0
                ? (type == QuantType.UINT8 ? 128 : 0)
                : type.low() + random.nextInt(type.levels());
        return QuantParams.of(type, Float.intBitsToFloat(bits), zeroPoint);
    }

    private static <T> T pick(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** What is read back is what the export said, and where it named no change, every code has its real value. */
    @Property(tries = 400)
    void exportsSayWhatIsReadBack(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        CalibrationFile table = table(random, random.nextBoolean());
        QuantType type = table.table().entry("act").params().type();
        for (CalibrationFormat format : CalibrationFormat.values()) {
            TableExport export = format.export(table);
            CalibrationFile held = export.held();
            ScratchFile.with("table", export.content(), file -> {
                TableImport read = format.read(file, type, held.scheme().orElse(QuantScheme.ASYMMETRIC));
                assertEquals(held, read.file(), format.label());
                assertEquals(
                        inOrder(format, table.table()),
                        inOrder(format, read.file().table()));
                assertEquals(List.of(), tensorLosses(read), format.label());
                boolean isSame = true;
                for (String name : table.table().entries().keySet()) {
                    isSame &= realValues(table.table().params(name))
                            .equals(realValues(read.file().table().params(name)));
                }
                assertEquals(isSame, export.change().isEmpty(), format.label() + export.losses());
                assertEquals(
                        table.equals(read.file()), export.losses().isEmpty(), () -> format.label() + export.losses());
            });
        }
    }

    /** The names; sorted where the format does so. */
    private static List<String> inOrder(CalibrationFormat format, CalibrationTable table) {
        List<String> names = new ArrayList<>(table.entries().keySet());
        if (format == CalibrationFormat.ONNXRUNTIME_CACHE || format == CalibrationFormat.ONNXRUNTIME_FLATBUFFERS) {
            names.sort(null);
        }
        return names;
    }

    /** All but the remark on six decimals, which may be true of a scale by chance. */
    private static List<String> tensorLosses(TableImport read) {
        return read.losses().stream()
                .filter(loss -> !loss.contains("six decimals"))
                .toList();
    }

    /** The real values of the lowest 255 codes; a narrow grid has as many as another one but the lowest. */
    private static List<Float> realValues(QuantParams params) {
        List<Float> values = new ArrayList<>();
        for (int code = params.type().high(); values.size() < 255; code--) {
            values.add(params.dequantize(code));
        }
        return values;
    }

    /** Formats that hold scale and zero point give them back bit for bit, whatever they are. */
    @Property(tries = 300)
    void parametersComeBackBitForBit(@ForAll long seed) throws IOException {
        CalibrationFile table = table(new Random(seed), false);
        QuantType type = table.table().entry("act").params().type();
        for (CalibrationFormat format :
                List.of(CalibrationFormat.OCTANT, CalibrationFormat.AIMET, CalibrationFormat.TFLITE)) {
            ScratchFile.with("table", format.export(table).content(), file -> {
                CalibrationFile read =
                        format.read(file, type, QuantScheme.ASYMMETRIC).file();
                table.table().entries().forEach((name, entry) -> {
                    QuantParams params = read.table().params(name);
                    assertEquals(
                            Float.floatToRawIntBits(entry.params().scale()), Float.floatToRawIntBits(params.scale()));
                    assertEquals(entry.params().zeroPoint(), params.zeroPoint(), format.label());
                });
            });
        }
    }

    /**
     * Parameters that we chose from ranges are those ONNX Runtime will choose, but for symmetric uint8, which it cuts
     * by 255.
     */
    @Property(tries = 300)
    void chosenParametersSurviveOnnxRuntime(@ForAll long seed) {
        CalibrationFile table = table(new Random(seed), true);
        QuantParams params = table.table().params("act");
        Assume.that(params.type() != QuantType.UINT8 || params.zeroPoint() != 128);
        assertTrue(CalibrationFormat.ONNXRUNTIME.export(table).change().isEmpty(), () -> "seed " + seed);
    }

    /** A file that one of our writers wrote, through our JSON and back: the same bytes. */
    @Property(tries = 200)
    void canonicalFilesComeBackByteForByte(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        CalibrationFile table = table(random, random.nextBoolean());
        QuantType type = table.table().entry("act").params().type();
        if (random.nextBoolean()) {
            table = new CalibrationFile("AIMET 1.0.0", table.scheme(), table.table());
        }
        for (CalibrationFormat format : CalibrationFormat.values()) {
            TableExport export = format.export(table);
            ScratchFile.with("table", export.content(), file -> {
                CalibrationFile read = format.read(
                                file, type, export.held().scheme().orElse(QuantScheme.ASYMMETRIC))
                        .file();
                read.write(file);
                CalibrationFile ours = CalibrationFile.read(file);
                format.export(ours).write(file);
                assertArrayEquals(export.content(), Files.readAllBytes(file), format.label());
            });
        }
    }
}
