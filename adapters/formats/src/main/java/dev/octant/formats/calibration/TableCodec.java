// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How one format holds a calibration table. Stateless. */
interface TableCodec {
    /**
     * Reads the bytes of a file, at most {@link CalibrationFile#MAX_BYTES}; the caller closes them.
     *
     * @param type the codes of tensors whose type the format does not hold
     * @param scheme how ranges become parameters, where the format holds ranges only
     */
    TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException;

    /**
     * What a reader of the file finds for each tensor: the entry itself where the format holds it all. Given the type
     * and scheme of this table, {@link #read} returns exactly this. What depends on the whole table is looked up
     * once, not for each entry.
     */
    UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of);

    /** What a reader of the file finds as the tool that calibrated. */
    String heldTool(CalibrationFile of);

    /** The scheme that a reader of the file knows: few formats name it. */
    default Optional<QuantScheme> heldScheme(CalibrationFile of) {
        return Optional.empty();
    }

    /** The policy that a reader of the file knows: formats of one tool do not name it. */
    default Optional<ParameterPolicy> heldPolicy(CalibrationFile of) {
        return Optional.empty();
    }

    /** What is lost or must be known beside what {@link #held} shows, each a sentence. */
    default List<String> remarks(CalibrationFile of) {
        return List.of();
    }

    /**
     * The bytes of a file, of a table as {@link #held} gives it.
     *
     * @throws IllegalArgumentException if no file can hold it: here and not when they are written
     */
    AtomicFile.Content content(CalibrationFile held);

    /** The most tensors that a file is made of, where all of them are held meanwhile as a tree of JSON. */
    default int mostTensors() {
        return Integer.MAX_VALUE;
    }

    /**
     * The real values of the codes, the range of a tensor where a format holds none; exact, also where they are too
     * large for a float.
     */
    static RealRange span(QuantParams params) {
        double scale = params.scale();
        return RealRange.of(
                (params.type().low() - params.zeroPoint()) * scale,
                (params.type().high() - params.zeroPoint()) * scale);
    }
}
