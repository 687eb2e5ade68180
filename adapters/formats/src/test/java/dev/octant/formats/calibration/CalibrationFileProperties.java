// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.ScratchFile;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CalibrationFileProperties {
    @Provide
    Arbitrary<List<String>> names() {
        // Any text that can be printed: quotes, backslashes, other scripts, characters of two units.
        return Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .map(Character::toString)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(characters -> String.join("", characters))
                .filter(VisibleText::isPrintable)
                .filter(name -> !name.isBlank())
                .list()
                .ofMaxSize(6)
                .uniqueElements();
    }

    @Property(tries = 300)
    void everyBitComesBack(@ForAll("names") List<String> names, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (String name : names) {
            entries.put(name, entry(random));
        }
        Optional<QuantScheme> scheme =
                random.nextBoolean() ? Optional.empty() : Optional.of(pick(random, List.of(QuantScheme.values())));
        Optional<ParameterPolicy> policy =
                random.nextBoolean() ? Optional.empty() : Optional.of(pick(random, List.of(ParameterPolicy.values())));
        CalibrationFile written = new CalibrationFile("octant 0.1.0", scheme, policy, CalibrationTable.of(entries));
        ScratchFile.with("table.json", new byte[0], file -> {
            written.write(file);
            CalibrationFile read = CalibrationFile.read(file);
            assertEquals(written, read);
            assertEquals(names, new ArrayList<>(read.table().entries().keySet()));
            for (String name : names) {
                CalibrationTable.Entry expected = written.table().entry(name);
                CalibrationTable.Entry actual = read.table().entry(name);
                // Record equality compares floats by bits; said once more here, since it is the point.
                assertEquals(
                        Float.floatToRawIntBits(expected.params().scale()),
                        Float.floatToRawIntBits(actual.params().scale()));
                assertEquals(
                        Double.doubleToRawLongBits(expected.range().max()),
                        Double.doubleToRawLongBits(actual.range().max()));
            }
        });
    }

    private static <T> T pick(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static CalibrationTable.Entry entry(Random random) {
        return new CalibrationTable.Entry(
                range(random),
                params(random),
                random.nextBoolean() ? "minmax" : "percentile=99.99",
                counts(random),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(String.format("%016x", random.nextLong()).repeat(4)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new CalibrationTable.Consumer(Activation.SILU, range(random), params(random))));
    }

    private static RealRange range(Random random) {
        double a = finiteDouble(random);
        double b = finiteDouble(random);
        return RealRange.of(Math.min(a, b), Math.max(a, b));
    }

    private static QuantParams params(Random random) {
        QuantType type = pick(random, List.of(QuantType.values()));
        int scaleBits = Float.floatToIntBits(Float.MIN_NORMAL)
                + random.nextInt(Float.floatToIntBits(Float.MAX_VALUE) - Float.floatToIntBits(Float.MIN_NORMAL) + 1);
        int zeroPoint = type.low() + random.nextInt(type.levels());
        return QuantParams.of(type, Float.intBitsToFloat(scaleBits), zeroPoint);
    }

    private static ValueCounts counts(Random random) {
        long zeros = random.nextInt(8) == 0 ? Long.MAX_VALUE / 8 : random.nextInt(100);
        long nan = random.nextInt(3);
        long positive = random.nextInt(3);
        long negative = random.nextInt(3);
        if (random.nextInt(4) == 0) {
            return new ValueCounts(nan + positive + negative, 0, nan, positive, negative, Float.NaN, Float.NaN);
        }
        float a = finiteFloat(random);
        float b = finiteFloat(random);
        return new ValueCounts(
                zeros + nan + positive + negative + 1, zeros, nan, positive, negative, Math.min(a, b), Math.max(a, b));
    }

    private static float finiteFloat(Random random) {
        float value = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(value) ? value : 0f;
    }

    private static double finiteDouble(Random random) {
        double value = random.nextBoolean()
                ? Double.longBitsToDouble(random.nextLong())
                : Float.intBitsToFloat(random.nextInt());
        return Double.isFinite(value) ? value : -0.0;
    }
}
