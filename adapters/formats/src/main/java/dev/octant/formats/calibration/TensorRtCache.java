// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.TextLines;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.CharUtils;

/**
 * TensorRT's calibration cache: text, one tensor a line.
 *
 * <pre>
 * TRT-8205-EntropyCalibration2
 * input: 3c010a14
 * </pre>
 *
 * <p>The digits are the bits of the float32 <em>scale</em>, highest byte first, without zeros in front; the range is
 * {@code +-127 * scale}, the zero point 0. A tensor that was 0 throughout has scale 0: it has no parameters and is left
 * out, as is one whose scale is no positive normal float. Empty lines, blanks at the end of a line and a byte order
 * mark are passed over. The last line without an end has all 8 digits, for fewer may be the rest of them. A name may
 * hold colons: the last one separates. The first line names TensorRT's version and the algorithm, which must be that
 * of the calibrator the cache is given to.
 *
 * <p>Lines are read one by one, each of at most {@link TextLines#MAX_LENGTH} characters: memory is that of the table,
 * some 400 bytes for a tensor, whose line has 12 bytes at the least.
 *
 * <p>Every grid that is symmetric about 0 keeps its scale; another one becomes {@code scale = max(|min|, |max|) / 127}.
 * Source: caches of TensorRT 8 to 10, and {@code trtexec}, which reads them; TensorRT 11 has none.
 */
final class TensorRtCache implements TableCodec {
    /** How content begins. */
    static final String MARK = "TRT-";

    private static final String LABEL = "tensorrt";
    private static final String ALGORITHM = "EntropyCalibration2";
    private static final String VERSION = "100300";
    private static final String TOOL = "TensorRT ";
    private static final Pattern HEADER = Pattern.compile("TRT-([0-9]{1,9})-([A-Za-z0-9]{1,40})");
    private static final Pattern VERSIONED = Pattern.compile("TensorRT ([0-9]{1,9})");
    private static final Pattern METHOD = Pattern.compile(LABEL + "\\(([A-Za-z0-9]{1,40})\\)");

    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        try {
            return read(file, new TextLines(file, content));
        } catch (CharacterCodingException e) {
            throw new FormatException(file + ": calibration cache must be UTF-8 text, was other bytes", e);
        }
    }

    private static TableImport read(Path file, TextLines lines) throws IOException {
        Omissions omissions = new Omissions();
        String start = lines.nextFilled().orElse("");
        Matcher header = HEADER.matcher(start);
        if (!header.matches()) {
            throw refused(file, Math.max(1, lines.number()), "be TRT-<version>-<algorithm>", start);
        }
        String method = method(header.group(2));
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (Optional<String> next = lines.nextFilled(); next.isPresent(); next = lines.nextFilled()) {
            String line = next.get();
            int number = lines.number();
            int colon = line.lastIndexOf(": ");
            if (colon < 0 || !isBits(line, colon + 2, lines.isCut())) {
                throw refused(file, number, "be a name, ': ' and 1 to 8 hexadecimal digits", line);
            }
            String name = line.substring(0, colon);
            if (!names.add(name)) {
                throw refused(file, number, "have a name that no line before has", name);
            }
            float scale = Float.intBitsToFloat(Integer.parseUnsignedInt(line, colon + 2, line.length(), 16));
            if (!omissions.isName(name)) {
                continue;
            }
            if (scale == 0) {
                omissions.add(name, "left out, 0 throughout");
            } else if (omissions.isScale(name, scale)) {
                entries.put(name, entry(scale, method));
            }
        }
        return new TableImport(
                new CalibrationFile(TOOL + header.group(1), Optional.empty(), CalibrationTable.of(entries)),
                omissions.sentences());
    }

    /** Fewer than 8 digits at the end of a file without a line end may be the rest of 8. */
    private static boolean isBits(String line, int start, boolean isCut) {
        int digits = line.length() - start;
        boolean isBits = digits <= 8 && digits >= (isCut ? 8 : 1);
        for (int i = start; i < line.length() && isBits; i++) {
            isBits = CharUtils.isAsciiNumeric(line.charAt(i)) || "abcdefABCDEF".indexOf(line.charAt(i)) >= 0;
        }
        return isBits;
    }

    private static FormatException refused(Path file, int line, String rule, String text) {
        return new FormatException(file + ", line " + line + " must " + rule + ", was '" + VisibleText.of(text) + "'");
    }

    private static CalibrationTable.Entry entry(float scale, String method) {
        QuantParams params = QuantParams.of(QuantType.INT8, scale, 0);
        return new CalibrationTable.Entry(
                RealRange.of(-127.0 * (double) scale, 127.0 * (double) scale), params, method, ValueCounts.NONE);
    }

    @Override
    public UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of) {
        String method = method(algorithm(of));
        return entry -> held(entry, method);
    }

    private static CalibrationTable.Entry held(CalibrationTable.Entry entry, String method) {
        return entry(scale(entry), method);
    }

    /** The scale of a grid that is symmetric about 0, or else that of the symmetric one for the range. */
    static float scale(CalibrationTable.Entry entry) {
        QuantParams params = entry.params();
        return isSymmetric(params)
                ? params.scale()
                : ParameterPolicy.NVIDIA
                        .choose(entry.range(), QuantType.INT8, QuantScheme.SYMMETRIC)
                        .scale();
    }

    private static boolean isSymmetric(QuantParams params) {
        return params.zeroPoint() == (params.type().isSigned() ? 0 : 128);
    }

    private static String method(String algorithm) {
        return LABEL + "(" + algorithm + ")";
    }

    /** The algorithm that every tensor of a table names, or the usual one. */
    private static String algorithm(CalibrationFile file) {
        List<String> methods = file.table().entries().values().stream()
                .map(CalibrationTable.Entry::method)
                .distinct()
                .toList();
        Matcher method = METHOD.matcher(methods.size() == 1 ? methods.get(0) : "");
        return method.matches() ? method.group(1) : ALGORITHM;
    }

    @Override
    public String heldTool(CalibrationFile of) {
        return VERSIONED.matcher(of.tool()).matches() ? of.tool() : TOOL + VERSION;
    }

    @Override
    public List<String> remarks(CalibrationFile of) {
        return List.of("TensorRT uses the cache with the calibrator and version of its first line, "
                + header(heldTool(of), algorithm(of)));
    }

    private static String header(String tool, String algorithm) {
        return MARK + tool.substring(TOOL.length()) + "-" + algorithm;
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        StringBuilder text = new StringBuilder(header(held.tool(), algorithm(held))).append('\n');
        held.table().entries().forEach((name, entry) -> {
            text.append(name)
                    .append(String.format(
                            Locale.ROOT,
                            ": %08x",
                            Float.floatToIntBits(entry.params().scale())))
                    .append('\n');
        });
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        return out -> out.write(content);
    }
}
