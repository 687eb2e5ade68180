// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Our own files, {@link CalibrationFile}, which hold all of a table. */
final class OctantJson implements TableCodec {
    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        return new TableImport(CalibrationFile.parse(file, content), List.of());
    }

    @Override
    public UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of) {
        return UnaryOperator.identity();
    }

    @Override
    public String heldTool(CalibrationFile of) {
        return of.tool();
    }

    @Override
    public Optional<QuantScheme> heldScheme(CalibrationFile of) {
        return of.scheme();
    }

    @Override
    public Optional<ParameterPolicy> heldPolicy(CalibrationFile of) {
        return of.policy();
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        return held.content();
    }
}
