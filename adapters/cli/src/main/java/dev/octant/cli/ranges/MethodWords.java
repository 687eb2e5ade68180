// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.methods.MethodKind;
import dev.octant.calibration.methods.MethodName;
import dev.octant.calibration.methods.MethodSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What may follow {@code --method} of a command: what its help lists, shells complete and refusals name. */
public enum MethodWords {
    /** Of {@code evaluate}: one or several. */
    EVALUATE(kind -> true, MethodSet.BEST, MethodSet.ALL, MethodSet.ENGINES),

    /** Of {@code calibrate}: one, or the best of several. */
    CALIBRATE(kind -> true, MethodSet.BEST),

    /** Of {@code ranges}: a summary does not have the order of the data. */
    RANGES(kind -> !kind.isOrdered(), MethodSet.BEST),

    /** Of {@code model quantize}: of what is kept of an activation there are no samples, either. */
    MODEL(kind -> !kind.isOrdered() && !kind.isOfSamples());

    private final List<MethodKind> kinds;
    private final List<String> groups;

    MethodWords(Predicate<MethodKind> isTaken, String... groups) {
        kinds = Stream.of(MethodKind.values()).filter(isTaken).toList();
        this.groups = List.of(groups);
    }

    /** Words for shells. */
    private abstract static class Completed implements Iterable<String> {
        private final MethodWords words;

        Completed(MethodWords words) {
            this.words = words;
        }

        @Override
        public Iterator<String> iterator() {
            return words.forms().iterator();
        }
    }

    /** Those of {@link #EVALUATE}. */
    static final class OfEvaluate extends Completed {
        OfEvaluate() {
            super(EVALUATE);
        }
    }

    /** Those of {@link #CALIBRATE}. */
    static final class OfCalibrate extends Completed {
        OfCalibrate() {
            super(CALIBRATE);
        }
    }

    /** Those of {@link #RANGES}. */
    static final class OfRanges extends Completed {
        OfRanges() {
            super(RANGES);
        }
    }

    /** Those of {@link #MODEL}. */
    public static final class OfModel extends Completed {
        public OfModel() {
            super(MODEL);
        }
    }

    /** The methods with a name of their own. */
    List<MethodKind> kinds() {
        return kinds;
    }

    /** Whether a word for several methods may be given. */
    boolean hasGroup(String word) {
        return groups.contains(word);
    }

    /** All words, names with their default parameters. */
    List<String> forms() {
        return Stream.concat(kinds.stream().map(MethodKind::form), groups.stream())
                .toList();
    }

    /**
     * Refuses a word that is none of a method or group. A method that the command does not take is refused where the
     * reason is known.
     *
     * @throws IllegalArgumentException with the words that may be given
     */
    void requireKnown(String word) {
        if (!hasGroup(word.strip())) {
            name(word);
        }
    }

    /** The method of a word, which names no group. */
    public MethodName name(String word) {
        return MethodName.parse(word, kinds, groups);
    }
}
