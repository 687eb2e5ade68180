// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Labels;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.TextLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.lang3.Strings;

/**
 * The file formats of calibration tables: ours and those of other tools.
 *
 * <pre>
 * format                   holds                                                  file
 * OCTANT                   everything                                             JSON, {@link CalibrationFile}
 * TENSORRT                 scale; int8, zero point 0                              text, a calibration cache
 * ONNXRUNTIME              range as floats, method                                JSON, the cache of quantize_static
 * ONNXRUNTIME_CACHE        largest magnitude; int8, zero point 0                  text, calibration.cache
 * ONNXRUNTIME_FLATBUFFERS  the same                                               bytes, calibration.flatbuffers
 * AIMET                    scale, zero point, in version 0.6.1 ends of the grid   JSON, encodings 0.6.1, 1.0.0 or 2.0.0
 * TFLITE                   scale, zero point, type, range as floats               JSON, as flatc prints a model
 * </pre>
 *
 * <p>Only ours holds what data a tensor was calibrated on. Reading a foreign file says what of it a table does not hold
 * ({@link TableImport#losses}), writing one what of the table it will not hold ({@link TableExport}); where nothing
 * else was lost, scales and zero points come back bit for bit, and files in the form of their tool byte for byte.
 *
 * <p>Files have at most {@link CalibrationFile#MAX_BYTES} bytes: less than 1 MiB and 96 bytes for each byte of a file
 * are allocated, 192 of an {@link #ONNXRUNTIME_CACHE}, whose lines may have four bytes. JSON of other tools is held
 * whole, and may have as many tokens as half of the heap holds at 150 bytes each, 1,250,000 to 8,000,000 of them; ours
 * and caches are read tensor by tensor, FlatBuffers are held whole. Immutable and thread safe, like every enum.
 */
public enum CalibrationFormat {
    /** Our JSON. */
    OCTANT("octant", ".json", new OctantJson()),

    /** The calibration cache of TensorRT 10 and before. */
    TENSORRT("tensorrt", ".cache", new TensorRtCache()),

    /** The calibration cache of {@code onnxruntime.quantization}, and what {@code write_calibration_table} writes. */
    ONNXRUNTIME("onnxruntime", ".onnxruntime.json", new OnnxRuntimeJson()),

    /** The {@code calibration.cache} of {@code write_calibration_table}. */
    ONNXRUNTIME_CACHE("onnxruntime-cache", ".onnxruntime.cache", new OnnxRuntimeCache()),

    /** The {@code calibration.flatbuffers} of the same, which ONNX Runtime's providers read. */
    ONNXRUNTIME_FLATBUFFERS("onnxruntime-flatbuffers", ".flatbuffers", new OnnxRuntimeFlatBuffer()),

    /** AIMET's encodings, which Qualcomm's converters read. */
    AIMET("aimet", ".encodings", new AimetEncodings()),

    /** The quantization parameters of a TensorFlow Lite model. */
    TFLITE("tflite", ".tflite.json", new TfliteJson());

    /** The three bytes with which some editors begin a text in UTF-8. */
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private static final long MEGABYTE = 1 << 20;

    private final String label;
    private final String ending;
    private final TableCodec codec;

    CalibrationFormat(String label, String ending, TableCodec codec) {
        this.label = label;
        this.ending = ending;
        this.codec = codec;
    }

    /**
     * The name on the command line: {@code octant}, {@code tensorrt}, {@code onnxruntime}, {@code onnxruntime-cache},
     * {@code onnxruntime-flatbuffers}, {@code aimet}, {@code tflite}.
     */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static CalibrationFormat parse(String word) {
        return Labels.find("format", word, values(), CalibrationFormat::label);
    }

    /** How names of files in this format end: {@code .json}, {@code .cache}, .. */
    public String ending() {
        return ending;
    }

    /** Whether files say of which type the codes of a tensor are. */
    public boolean holdsType() {
        return this != ONNXRUNTIME && this != AIMET;
    }

    /** Whether files hold scales and zero points, or ranges that only one scheme is for. */
    public boolean holdsParameters() {
        return this != ONNXRUNTIME;
    }

    /** The format that the name of a file to be written ends in; the longest ending counts. */
    public static Optional<CalibrationFormat> ofName(Path file) {
        Given.require("file", file);
        String name = file.toString().toLowerCase(Locale.ROOT);
        Optional<CalibrationFormat> named = Optional.empty();
        for (CalibrationFormat format : values()) {
            if (name.endsWith(format.ending)
                    && (named.isEmpty()
                            || format.ending.length() > named.get().ending.length())) {
                named = Optional.of(format);
            }
        }
        return named;
    }

    /**
     * The format that the content of a file shows: the first bytes, the first line, then the fields of the JSON. What
     * is none of these and no JSON is of the format that its name ends in, if that is no JSON.
     *
     * @throws FormatException if it is missing, no regular file, too long, or shows none
     */
    public static CalibrationFormat ofContent(Path file) throws IOException {
        Given.require("file", file);
        // It will be read a second time, which a pipe cannot be; what opening says of a folder is said below.
        if (!Files.isDirectory(file)) {
            InputFile.of(file);
        }
        return ReadOutOfMemoryError.named(file, () -> shown(file));
    }

    private static CalibrationFormat shown(Path file) throws IOException {
        try (InputStream content = JsonText.bytes(file)) {
            if (OnnxRuntimeFlatBuffer.isStart(content.readNBytes(Integer.BYTES))) {
                return ONNXRUNTIME_FLATBUFFERS;
            }
        }
        String line;
        try (InputStream content = JsonText.bytes(file)) {
            line = firstLine(content);
        }
        if (line.startsWith(TensorRtCache.MARK)) {
            return TENSORRT;
        }
        if (OnnxRuntimeCache.isTensor(line)) {
            return ONNXRUNTIME_CACHE;
        }
        Optional<CalibrationFormat> named = ofName(file);
        if (!line.startsWith("{") && named.isPresent() && named.get().marks().isEmpty()) {
            // What is wrong with it, its own reader says best.
            return named.get();
        }
        JsonPlace root;
        try (InputStream content = JsonText.bytes(file)) {
            root = JsonText.outline(file, content, JsonText.LENIENT);
        }
        for (CalibrationFormat format : values()) {
            for (String mark : format.marks()) {
                if (root.has(mark)) {
                    return format;
                }
            }
        }
        throw root.mustBe("an object with schema (octant), CLS (onnxruntime), activation_encodings or encodings (aimet)"
                + " or subgraphs (tflite)");
    }

    /**
     * The first line that is not blank, of bytes as characters, without blanks around it and a byte order mark; no more
     * of it than any line of a cache has.
     */
    private static String firstLine(InputStream content) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(content);
        StringBuilder line = new StringBuilder();
        boolean isBlank = true;
        for (int c = bytes.read(); c >= 0 && line.length() < TextLines.MAX_LENGTH; c = bytes.read()) {
            boolean isEnd = c == '\n' || c == '\r';
            if (isEnd && !isBlank) {
                break;
            }
            line.append((char) c);
            isBlank &= Character.isWhitespace(c) || BYTE_ORDER_MARK.indexOf(c) == line.length() - 1;
        }
        return Strings.CS.removeStart(line.toString(), BYTE_ORDER_MARK).strip();
    }

    /** Fields of the JSON, of which a file has one; none where it is other than JSON. */
    private List<String> marks() {
        return switch (this) {
            case OCTANT -> List.of("schema");
            case ONNXRUNTIME -> List.of("CLS");
            case AIMET -> List.of("activation_encodings", "encodings", "param_encodings");
            case TFLITE -> List.of("subgraphs");
            case TENSORRT, ONNXRUNTIME_CACHE, ONNXRUNTIME_FLATBUFFERS -> List.of();
        };
    }

    /**
     * Reads a file of this format. What a table cannot hold is left out and said; a file of which nothing is left is
     * refused, and so is one of another tool that has no tensor: nothing can be done with it, and it may be a cut one.
     *
     * @param type the codes of tensors, where the format does not hold it: see {@link #holdsType}
     * @param scheme how ranges become parameters, where the format holds ranges only: see {@link #holdsParameters}
     * @throws FormatException if it is missing, too long, not a table of this format, or all its tensors are left out;
     *     if it is of another tool and has none
     */
    public TableImport read(Path file, QuantType type, QuantScheme scheme) throws IOException {
        Given.require("file", file);
        Given.require("type", type);
        Given.require("scheme", scheme);
        TableImport read = ReadOutOfMemoryError.named(file, () -> {
            try (InputStream content = JsonText.bytes(file)) {
                return codec.read(file, content, type, scheme);
            }
        });
        if (read.file().table().entries().isEmpty()) {
            requireNotForeign(file, read.losses());
        }
        return read;
    }

    /** Our own files say that they hold nothing; of others an empty one cannot be told from one that was cut. */
    private void requireNotForeign(Path file, List<String> losses) throws FormatException {
        if (!losses.isEmpty()) {
            throw new FormatException(
                    file + ": calibration table must have a tensor that is not left out, was without: "
                            + String.join("; ", losses));
        }
        if (this != OCTANT) {
            throw new FormatException(file + ": calibration table must have a tensor, was without any");
        }
    }

    /**
     * A table as a file of this format, and what is lost in it.
     *
     * <p>JSON of other tools is made as a whole, like it is read: a table has at most as many tensors as have half of
     * the tokens that may be read. Ours is made tensor by tensor when it is written.
     *
     * @throws IllegalArgumentException if a range is infinite or too large for the format, or a name is no text it
     *     can hold, the tensor's name in front; if the table has no tensor and the format is another tool's, or it has
     *     more than may be made
     */
    public TableExport export(CalibrationFile file) {
        Given.require("file", file);
        int tensors = file.table().entries().size();
        if (this != OCTANT && tensors == 0) {
            throw new IllegalArgumentException(
                    "table must be of one tensor at least to be written as " + label + ", was without any");
        }
        int most = codec.mostTensors();
        if (tensors > most) {
            throw new IllegalArgumentException("table must have at most " + most + " tensors to be written as " + label
                    + " with a heap of " + Runtime.getRuntime().maxMemory() / MEGABYTE + " MB, was of " + tensors
                    + "; a larger heap takes more, up to " + JsonText.MOST_TOKENS / JsonText.TOKENS_OF_TENSOR);
        }
        return TableExport.of(label, codec, file);
    }

    @Override
    public String toString() {
        return label;
    }
}
