// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The formats that need no module of their own. */
enum StandardFormat implements TensorFormat {
    NPY(".npy") {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return NpyHeader.isMagic(Arrays.copyOf(start, Math.min(start.length, NpyHeader.magicLength())));
        }

        @Override
        List<TensorPart> parts(InputFile file, Predicate<String> names) throws IOException {
            return ArrayTensors.npy(file, names);
        }
    },

    NPZ(".npz") {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return start.length >= 4 && start[0] == 'P' && start[1] == 'K';
        }

        @Override
        List<TensorPart> parts(InputFile file, Predicate<String> names) throws IOException {
            return ArrayTensors.npz(file, names);
        }
    },

    SAFETENSORS(".safetensors") {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return isNamed(file) || (start.length == START_BYTES && start[START_BYTES - 1] == '{');
        }

        @Override
        List<TensorPart> parts(InputFile file, Predicate<String> names) throws IOException {
            return Safetensors.parts(file, names);
        }
    },

    CSV(".csv") {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return isNamed(file);
        }

        @Override
        List<TensorPart> parts(InputFile file, Predicate<String> names) throws IOException {
            return CsvPart.parts(file, ',', names);
        }
    },

    TSV(".tsv") {
        @Override
        public boolean accepts(Path file, byte[] start) {
            return isNamed(file);
        }

        @Override
        List<TensorPart> parts(InputFile file, Predicate<String> names) throws IOException {
            return CsvPart.parts(file, '\t', names);
        }
    };

    /** Those whose files are told by their first bytes alone, whatever they are called. */
    static final List<TensorFormat> BY_BYTES = List.of(NPY, NPZ);

    /** Those whose files are told by their names: asked last, for a name tells less than bytes. */
    static final List<TensorFormat> BY_NAME = List.of(CSV, TSV, SAFETENSORS);

    private final String ending;

    StandardFormat(String ending) {
        this.ending = ending;
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

    abstract List<TensorPart> parts(InputFile file, Predicate<String> names) throws IOException;

    @Override
    public TensorFile open(Path path, Predicate<String> names) throws IOException {
        return TensorFile.of(path, parts(InputFile.of(path), names));
    }
}
