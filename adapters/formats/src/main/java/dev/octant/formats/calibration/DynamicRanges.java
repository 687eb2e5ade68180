// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.commons.lang3.CharUtils;

/**
 * What {@code write_calibration_table} of ONNX Runtime writes for its providers of TensorRT and MIGraphX: the name of
 * each tensor and its largest magnitude A, as text.
 *
 * <pre>
 * range [-A, A], int8, scale = A / 127 in float, zero point 0
 * </pre>
 *
 * <p>Names are sorted by their code points, each there once. A is a decimal, which becomes a float as in the providers;
 * written is the shortest of its double, as Python does. A tensor with A of 0 or below, or of no float, as {@code nan},
 * has no parameters and is left out. ONNX Runtime until 1.15 wrote the magnitude; later versions write the larger end
 * of the range, so that what lies below {@code -A} saturates; which of the two a file has, it does not say.
 *
 * <p>Every grid that is symmetric about 0 keeps its scale where {@code A / 127} gives it for a float A, and most have
 * one; another grid becomes {@code scale = max(|min|, |max|) / 127}.
 *
 * <p>Source: {@code onnxruntime.quantization.quant_utils}, and {@code ReadDynamicRange} of the providers.
 */
abstract class DynamicRanges implements TableCodec {
    private static final String LABEL = "onnxruntime";
    private static final int STEPS = 127;

    /** More digits than any number is written with. */
    private static final int MAX_NUMBER = 100;

    /** Whether a text is a decimal number, in range or not; without a pattern, for there are many short ones. */
    static boolean isNumber(String text) {
        int at = pastSign(text, 0);
        int point = pastDigits(text, at);
        boolean hasPoint = point < text.length() && text.charAt(point) == '.';
        int end = hasPoint ? pastDigits(text, point + 1) : point;
        boolean hasDigits = end - at > (hasPoint ? 1 : 0);
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int exponent = pastSign(text, end + 1);
            end = pastDigits(text, exponent);
            hasDigits &= end > exponent;
        }
        return hasDigits && end == text.length() && text.length() <= MAX_NUMBER;
    }

    /** Whether a text is what Python and C call NaN and the infinities. */
    static boolean isNotFinite(String text) {
        String word = text.substring(pastSign(text, 0));
        return word.equalsIgnoreCase("nan") || word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity");
    }

    private static int pastSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
    }

    private static int pastDigits(String text, int from) {
        int at = from;
        while (at < text.length() && CharUtils.isAsciiNumeric(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Takes tensors as they are read. */
    static final class Tensors {
        private final Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        private final Set<String> leftOut = new HashSet<>();
        private final Omissions omissions = new Omissions();

        /**
         * Takes a tensor.
         *
         * @param where the file and the place in it, for what is refused
         */
        void add(Supplier<String> where, String name, String value) throws FormatException {
            if (entries.containsKey(name) || leftOut.contains(name)) {
                throw refused(where, "name must be one that no tensor before has", name);
            }
            boolean isFinite = !isNotFinite(value);
            if (isFinite && !isNumber(value)) {
                throw refused(where, "value must be a decimal number", value);
            }
            float magnitude = isFinite ? Float.parseFloat(value) : Float.NaN;
            if (!omissions.isName(name)) {
                leftOut.add(name);
            } else if (!Float.isFinite(magnitude)) {
                leftOut.add(name);
                omissions.add(name, "left out, with a largest value that is not finite as a float");
            } else if (magnitude <= 0) {
                leftOut.add(name);
                omissions.add(name, "left out, with a largest value of 0 or below");
            } else if (!omissions.isScale(name, magnitude / STEPS)) {
                leftOut.add(name);
            } else {
                entries.put(name, entry(magnitude));
            }
        }

        private static FormatException refused(Supplier<String> where, String rule, String text) {
            return new FormatException(where.get() + ": " + rule + ", was '" + VisibleText.of(text) + "'");
        }

        TableImport table() {
            return new TableImport(
                    new CalibrationFile(LABEL, Optional.empty(), CalibrationTable.of(entries)), omissions.sentences());
        }
    }

    private static CalibrationTable.Entry entry(float magnitude) {
        QuantParams params = QuantParams.of(QuantType.INT8, magnitude / STEPS, 0);
        return new CalibrationTable.Entry(
                RealRange.of(-(double) magnitude, (double) magnitude), params, LABEL, ValueCounts.NONE);
    }

    @Override
    public final UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of) {
        return DynamicRanges::held;
    }

    private static CalibrationTable.Entry held(CalibrationTable.Entry entry) {
        float scale = TensorRtCache.scale(entry);
        RealRange range = entry.range();
        float observed = (float) Math.max(-range.min(), range.max());
        return entry(observed / STEPS == scale ? observed : (float) (STEPS * (double) scale));
    }

    @Override
    public final String heldTool(CalibrationFile of) {
        return LABEL;
    }

    /** Names and magnitudes as they are written, in their order. */
    static SortedMap<String, String> sorted(CalibrationFile held) {
        SortedMap<String, String> sorted = new TreeMap<>(
                Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        held.table()
                .entries()
                .forEach((name, entry) -> sorted.put(
                        name, PythonJson.line(PythonJson.number(entry.range().max()))));
        return sorted;
    }
}
