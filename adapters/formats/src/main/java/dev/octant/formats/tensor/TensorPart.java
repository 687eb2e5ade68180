// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.util.List;

/**
 * A piece of a {@link TensorFile} that is read on its own: some rows of an array, a column of a row group, or a whole
 * file where nothing smaller can be found without reading.
 *
 * <p>The parts of a file hold each of its values once. Any part may be read on any thread, in any order, as often as
 * asked, and gives the same values in the same order every time. A damage that only all parts together show is found
 * by the read that ends last. Thread safe; what it holds never changes but for what is known of damage.
 */
public interface TensorPart {
    /** Receives values; the block is reused after the call. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes {@code block[offset .. offset + length)}, at least one value.
         *
         * @return whether to go on reading
         */
        boolean visit(String tensor, float[] block, int offset, int length) throws IOException;
    }

    /** A part that is another in all but what is overridden. Thread safe as far as what is overridden is. */
    abstract class Forwarding implements TensorPart {
        private final TensorPart part;

        /** Hands on to {@code part}. */
        protected Forwarding(TensorPart part) {
            Given.require("part", part);
            this.part = part;
        }

        @Override
        public List<String> tensors() {
            return part.tensors();
        }

        @Override
        public long values() {
            return part.values();
        }

        @Override
        public long bytes() {
            return part.bytes();
        }

        @Override
        public long sampleLength() {
            return part.sampleLength();
        }

        @Override
        public boolean isCheckedTogether() {
            return part.isCheckedTogether();
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            Given.require("visitor", visitor);
            part.read(visitor);
        }

        @Override
        public void check() throws IOException {
            part.check();
        }
    }

    /** The tensors this part has values of; two parts of a file may have values of one tensor. */
    List<String> tensors();

    /** How many values {@link #read} visits; -1 where only reading tells. */
    long values();

    /** Bytes of the file that hold this part: what share of the work it is. */
    long bytes();

    /**
     * Values per sample, the part's values being whole samples: those of one index of the first dimension, or the whole
     * array where it has one dimension. 0 where samples are not known.
     */
    long sampleLength();

    /**
     * Whether a damage may show only once all parts of the array were read, as by a checksum of it all: who spreads
     * parts over processes keeps those of such an array together.
     */
    default boolean isCheckedTogether() {
        return false;
    }

    /**
     * Reads all values, or those until {@code visitor} has enough.
     *
     * @throws FormatException if the data are damaged, or the file has changed since it was opened
     */
    void read(Visitor visitor) throws IOException;

    /**
     * Reads what is needed to know that the file holds what it says, where that takes bytes of several parts: for a
     * part whose values were taken in an earlier process. Does nothing where {@link #read} alone tells.
     *
     * @throws FormatException if the data are damaged, or the file has changed since it was opened
     */
    default void check() throws IOException {}
}
