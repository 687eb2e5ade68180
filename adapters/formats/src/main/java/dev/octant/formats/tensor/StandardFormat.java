// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The formats that need no module of their own. */
enum StandardFormat implements TensorFormat {
    NPY(".npy", ArrayTensors::npy) {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return NpyHeader.isMagic(Arrays.copyOf(start, Math.min(start.length, NpyHeader.magicLength())));
        }
    },

    NPZ(".npz", ArrayTensors::npz) {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return start.length >= 4 && start[0] == 'P' && start[1] == 'K';
        }
    },

    SAFETENSORS(".safetensors", (file, wanted) -> Safetensors.open(file, wanted.names())) {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return isNamed(file) || (start.length == START_BYTES && start[START_BYTES - 1] == '{');
        }
    },

    CSV(".csv", (file, wanted) -> CsvPart.open(file, ',', wanted.names())),

    TSV(".tsv", (file, wanted) -> CsvPart.open(file, '\t', wanted.names()));

    /** Those whose files are told by their first bytes alone, whatever they are called. */
    static final List<TensorFormat> BY_BYTES = List.of(NPY, NPZ);

    /** Those whose files are told by their names: asked last, for a name tells less than bytes. */
    static final List<TensorFormat> BY_NAME = List.of(CSV, TSV, SAFETENSORS);

    private final String ending;
    private final Opener opener;

    StandardFormat(String ending, Opener opener) {
        this.ending = ending;
        this.opener = opener;
    }

    /** From a file to the tensors that are wanted of it. */
    @FunctionalInterface
    private interface Opener {
        TensorFile open(InputFile file, TensorSelection wanted) throws IOException;
    }

    @Override
    public boolean accepts(Path file, byte[] start) {
        return isNamed(file);
    }

    @Override
    public List<String> endings() {
        return List.of(ending);
    }

    boolean isNamed(Path file) {
        Path name = file.getFileName();
        return name != null && isNamed(name.toString().toLowerCase(Locale.ROOT), ending);
    }

    /** Whether a name in lower case has an ending, and something before it. */
    static boolean isNamed(String name, String ending) {
        return name.endsWith(ending) && name.length() > ending.length();
    }

    @Override
    public TensorFile open(Path path, TensorSelection wanted) throws IOException {
        return opener.open(InputFile.of(path), wanted);
    }
}
