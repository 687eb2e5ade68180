// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.ops.ActivationKind;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The words that shells complete: those that {@link TextConverters} read. */
public final class Candidates {
    private Candidates() {}

    /** Words of a kind. */
    private abstract static class Words implements Iterable<String> {
        private final List<String> words;

        Words(Stream<String> words) {
            this.words = words.toList();
        }

        @Override
        public Iterator<String> iterator() {
            return words.iterator();
        }
    }

    /** Ops without parameters. */
    public static final class Ops extends Words {
        public Ops() {
            super(ActivationKind.labels().stream());
        }
    }

    /** Grids of codes. */
    public static final class Types extends Words {
        public Types() {
            super(Stream.of(QuantType.values()).map(QuantType::label));
        }
    }

    /** Schemes that calibrate. */
    public static final class Schemes extends Words {
        public Schemes() {
            super(Stream.of(QuantScheme.ASYMMETRIC, QuantScheme.SYMMETRIC).map(QuantScheme::label));
        }
    }

    /** Rules for parameters. */
    public static final class Policies extends Words {
        public Policies() {
            super(Stream.of(ParameterPolicy.values()).map(ParameterPolicy::label));
        }
    }

    /** Engines. */
    public static final class Profiles extends Words {
        public Profiles() {
            super(Stream.of(Profile.values()).map(Profile::label));
        }
    }

    /** Formats of calibration tables. */
    public static final class Formats extends Words {
        public Formats() {
            super(Stream.of(CalibrationFormat.values()).map(CalibrationFormat::label));
        }
    }
}
