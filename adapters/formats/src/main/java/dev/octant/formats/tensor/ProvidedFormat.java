// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.LongTable;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A format of another module, held to what {@link TensorFormat}, {@link TensorFile} and {@link TensorPart} say of it:
 * where it does otherwise, values could be lost or counted twice, so one sentence says what it did, of which file and
 * of which class. What a caller's visitor or choice of names throws passes through as it is.
 *
 * <p>As thread safe as the format.
 */
final class ProvidedFormat implements TensorFormat {
    private final TensorFormat format;
    private final List<String> endings;

    private ProvidedFormat(TensorFormat format, List<String> endings) {
        this.format = format;
        this.endings = endings;
    }

    /**
     * The formats of other modules.
     *
     * @param formats those that work
     * @param flaws what is wrong with the others, a sentence for each: they stop only what none of the others reads
     */
    record Loaded(List<ProvidedFormat> formats, List<String> flaws) {
        /** Refuses what no format takes that works, if it may be of one that does not. */
        void requireWhole() throws FormatException {
            if (!flaws.isEmpty()) {
                throw new FormatException(flaws.get(0));
            }
        }
    }

    /** Loads them. */
    static Loaded all() {
        List<ProvidedFormat> formats = new ArrayList<>();
        List<String> flaws = new ArrayList<>();
        Iterator<TensorFormat> found = ServiceLoader.load(TensorFormat.class, TensorFormat.class.getClassLoader())
                .iterator();
        boolean hasMore = true;
        while (hasMore) {
            try {
                hasMore = found.hasNext();
                if (hasMore) {
                    formats.add(of(found.next()));
                }
            } catch (FormatException e) {
                flaws.add(e.getMessage());
            } catch (ServiceConfigurationError | LinkageError e) {
                // The message names the class; behind it stands the reason, where there is one.
                flaws.add("formats of tensor files must load, were refused by one: " + e.getMessage()
                        + (e.getCause() == null ? "" : " (" + e.getCause() + ")"));
            }
        }
        return new Loaded(formats, flaws);
    }

    private static ProvidedFormat of(TensorFormat format) throws FormatException {
        String rule = name(format) + " must have endings in lower case that begin with a dot, ";
        List<String> endings;
        try {
            endings = format.endings();
        } catch (RuntimeException | LinkageError e) {
            throw new FormatException(rule + "failed with " + e, e);
        }
        boolean isSound = endings != null
                && endings.stream()
                        .allMatch(ending -> ending != null
                                && ending.length() > 1
                                && ending.startsWith(".")
                                && ending.equals(ending.toLowerCase(Locale.ROOT)));
        if (!isSound) {
            throw new FormatException(rule + "had " + endings);
        }
        return new ProvidedFormat(format, List.copyOf(endings));
    }

    private static String name(TensorFormat format) {
        return "format " + format.getClass().getName();
    }

    @Override
    public List<String> endings() {
        return endings;
    }

    @Override
    public boolean accepts(Path file, byte[] start) {
        return format.accepts(file, start.clone());
    }

    /** What is said where {@link #accepts} failed. */
    String refusal(Path file, Throwable failed) {
        return file + ": " + name(format) + " must tell whether a file is its own, failed with " + failed;
    }

    @Override
    public TensorFile open(Path file, TensorSelection wanted) throws IOException {
        Names names = new Names(wanted.names());
        TensorSelection watched = new TensorSelection(names, wanted.bytesAsValues());
        return opened(file, names, () -> format.open(file, watched));
    }

    @Override
    public TensorFile openTable(Path file, LongTable table, TensorSelection wanted) throws IOException {
        Names names = new Names(wanted.names());
        TensorSelection watched = new TensorSelection(names, wanted.bytesAsValues());
        return opened(file, names, () -> format.openTable(file, table, watched));
    }

    /** Something that the format does. */
    @FunctionalInterface
    private interface Step<T> {
        T take() throws IOException;
    }

    /** What failed in a caller's own code, which the format only hands on. */
    private abstract static class Callers {
        private Throwable thrown;

        final void note(Throwable failed) {
            thrown = failed;
        }

        final boolean threw(Throwable failed) {
            return failed == thrown;
        }
    }

    /** The caller's choice of names. */
    private static final class Names extends Callers implements Predicate<String> {
        private final Predicate<String> wanted;

        Names(Predicate<String> wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean test(String name) {
            Objects.requireNonNull(name, "name of a tensor");
            try {
                return wanted.test(name);
            } catch (RuntimeException | Error e) {
                note(e);
                throw e;
            }
        }
    }

    private <T> T attempt(Path file, String what, Callers callers, Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (UncheckedIOException e) {
            if (callers.threw(e)) {
                throw e;
            }
            throw named(file, what, callers, e.getCause());
        } catch (IOException e) {
            throw named(file, what, callers, e);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            if (callers.threw(e)) {
                throw e;
            }
            throw refused(file, what, "failed with " + e, e);
        }
    }

    /** The same where it tells of which file it is; what a disk refuses does not. */
    private IOException named(Path file, String what, Callers callers, IOException failed) {
        boolean isBare = failed.getClass() == IOException.class && !callers.threw(failed);
        return isBare
                ? new IOException(
                        refused(file, what, "failed with " + failed, failed).getMessage(), failed)
                : failed;
    }

    private FormatException refused(Path file, String rule, String found, Throwable cause) {
        return new FormatException(file + ": " + name(format) + " must " + rule + ", " + found, cause);
    }

    private void require(boolean holds, Path file, String rule, Object found) throws FormatException {
        if (!holds) {
            throw refused(file, rule, "had " + found, null);
        }
    }

    private TensorFile opened(Path file, Names names, Step<TensorFile> opening) throws IOException {
        return attempt(file, "open a file or refuse it", names, () -> {
            TensorFile opened = opening.take();
            require(opened != null, file, "open a file", opened);
            List<TensorPart> parts = opened.parts();
            List<LeftOut> leftOut = opened.leftOut();
            String reading = opened.reading();
            require(parts != null && leftOut != null && reading != null, file, "state parts and reading", "null");
            Set<String> met = new HashSet<>();
            List<TensorPart> checked = new ArrayList<>(parts.size());
            for (TensorPart part : parts) {
                checked.add(checked(file, part, names, met));
            }
            require(leftOut.stream().allMatch(Objects::nonNull), file, "state what is left out", "null");
            return TensorFile.of(file, checked, leftOut, reading);
        });
    }

    private CheckedPart checked(Path file, TensorPart part, Names names, Set<String> met) throws FormatException {
        require(part != null, file, "have parts", part);
        List<String> tensors = part.tensors();
        boolean isNamed =
                tensors != null && !tensors.isEmpty() && tensors.stream().allMatch(Objects::nonNull);
        require(isNamed, file, "name the tensors of a part", tensors);
        for (String tensor : tensors) {
            if (met.add(tensor)) {
                String flaw = VisibleText.flaw(tensor).orElse("");
                require(flaw.isEmpty(), file, "have tensors with names that can be printed", "one " + flaw);
                require(names.test(tensor), file, "have wanted tensors only", VisibleText.of(tensor));
            }
        }
        String shown = VisibleText.name(tensors.get(0));
        require(
                tensors.size() == 1 || new HashSet<>(tensors).size() == tensors.size(),
                file,
                "name a tensor of a part once",
                "names of " + shown + " or another twice");
        long values = part.values();
        require(values >= -1, file, "count the values of " + shown + " or say -1", values);
        require(part.bytes() >= 0, file, "count the bytes of " + shown, part.bytes());
        long sample = part.sampleLength();
        require(sample >= 0, file, "count the values of a sample of " + shown, sample);
        require(
                values < 0 || sample == 0 || values % sample == 0,
                file,
                "have whole samples of " + shown,
                values + " values in samples of " + sample);
        return new CheckedPart(file, part, List.copyOf(tensors), values);
    }

    /** A part whose values are what it says. */
    private final class CheckedPart extends TensorPart.Forwarding {
        private final Path file;
        private final List<String> tensors;
        private final long values;

        CheckedPart(Path file, TensorPart part, List<String> tensors, long values) {
            super(part);
            this.file = file;
            this.tensors = tensors;
            this.values = values;
        }

        @Override
        public List<String> tensors() {
            return tensors;
        }

        @Override
        public long values() {
            return values;
        }

        private String place() {
            return tensors.size() == 1 ? VisibleText.name(tensors.get(0)) : "a part";
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            Counted counted = new Counted(visitor);
            attempt(file, "read " + place() + " or refuse it", counted, () -> {
                super.read(counted);
                return null;
            });
            require(
                    values < 0 || counted.isEnough || counted.count == values,
                    file,
                    "read the " + values + " values of " + place() + " that it counted",
                    counted.count);
        }

        @Override
        public void check() throws IOException {
            attempt(file, "check " + place() + " or refuse it", new Callers() {}, () -> {
                super.check();
                return null;
            });
        }

        /** Counts what the format reads, and hands it on. */
        private final class Counted extends Callers implements Visitor {
            private final Visitor visitor;
            private final Set<String> known = new HashSet<>(tensors);
            private long count;
            private boolean isEnough;

            Counted(Visitor visitor) {
                this.visitor = visitor;
            }

            @Override
            public boolean visit(String tensor, float[] block, int offset, int length) throws IOException {
                require(
                        known.contains(tensor),
                        file,
                        "read only tensors that its part names",
                        tensor == null ? "null" : VisibleText.of(tensor));
                boolean isWithin = block != null && offset >= 0 && length >= 0 && length <= block.length - offset;
                require(
                        isWithin,
                        file,
                        "read values that lie in their block, as of " + place(),
                        length + " from " + offset + " on in " + (block == null ? "none" : "one of " + block.length));
                require(
                        values < 0 || length <= values - count,
                        file,
                        "read the " + values + " values of " + place() + " that it counted",
                        "more");
                count += length;
                try {
                    boolean goesOn = length == 0 || visitor.visit(tensor, block, offset, length);
                    isEnough |= !goesOn;
                    return goesOn;
                } catch (IOException | RuntimeException | Error e) {
                    note(e);
                    throw e;
                }
            }
        }
    }
}
