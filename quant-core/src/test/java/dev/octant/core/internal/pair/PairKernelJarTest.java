// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octant.core.internal.Twins;
import dev.octant.core.internal.pair.PairCases.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of two operands beside the table of all pairs. */
class PairKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(7);
    private final PairCases cases = new PairCases(random);

    @Test
    void linesAreTheTable() {
        check(cases.lines());
    }

    @Test
    void quotientsAreTheTable() {
        check(cases.quotients());
    }

    @Test
    void sumsAreTheTable() {
        check(cases.sums());
    }

    @Test
    void productsAreTheTable() {
        check(cases.products());
    }

    @Test
    void fusedSumsAreTheTable() {
        check(cases.fusedSums());
    }

    @Test
    void wholeSumsAreTheTable() {
        check(cases.wholeSums());
    }

    @Test
    void finePairsAreTheTable() {
        check(cases.fineSums());
        check(cases.fineProducts());
    }

    private <T extends PairTable> void check(Kind<T> kind) {
        everyPair(kind);
        everyLengthAndOffset(kind);
        inPlaceOfEitherOperandAndOfBoth(kind);
    }

    private <T extends PairTable> void everyPair(Kind<T> kind) {
        byte[] a = new byte[1 << 16];
        byte[] b = new byte[1 << 16];
        for (int i = 0; i < a.length; i++) {
            a[i] = (byte) (i >> 8);
            b[i] = (byte) (i + (i >> 8)); // so that every pair meets other lanes
        }
        byte[] expected = new byte[a.length];
        byte[] actual = new byte[a.length];
        for (PairKernel<T> kernel : Twins.of(kind.choice())) {
            for (T table : kind.tables()) {
                kind.choice().scalar().run(table, a, 0, b, 0, expected, 0, a.length);
                kernel.run(table, a, 0, b, 0, actual, 0, a.length);
                assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
            }
        }
    }

    private <T extends PairTable> void everyLengthAndOffset(Kind<T> kind) {
        T table = kind.tables().get(0);
        byte[] a = bytes(LENGTHS + OFFSETS);
        byte[] b = bytes(LENGTHS + OFFSETS);
        byte[] untouched = bytes(LENGTHS + OFFSETS);
        for (PairKernel<T> kernel : Twins.of(kind.choice())) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    int bOffset = (offset * 7) % (OFFSETS + 1);
                    byte[] expected = untouched.clone();
                    kind.choice().scalar().run(table, a, offset, b, bOffset, expected, OFFSETS - offset, length);
                    byte[] actual = untouched.clone();
                    kernel.run(table, a, offset, b, bOffset, actual, OFFSETS - offset, length);
                    assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
                }
            }
        }
    }

    private <T extends PairTable> void inPlaceOfEitherOperandAndOfBoth(Kind<T> kind) {
        T table = kind.tables().get(0);
        for (PairKernel<T> kernel : Twins.of(kind.choice())) {
            for (int length = 0; length <= LENGTHS; length++) {
                byte[] a = bytes(LENGTHS);
                byte[] b = bytes(LENGTHS);
                byte[] expected = a.clone();
                kind.choice().scalar().run(table, a, 0, b, 0, expected, 0, length);
                byte[] left = a.clone();
                kernel.run(table, left, 0, b, 0, left, 0, length);
                assertArrayEquals(expected, left, () -> kernel.getClass().getSimpleName());
                byte[] right = b.clone();
                kernel.run(table, a, 0, right, 0, right, 0, length);
                System.arraycopy(b, length, expected, length, LENGTHS - length);
                assertArrayEquals(expected, right, () -> kernel.getClass().getSimpleName());
                byte[] both = a.clone();
                kernel.run(table, both, 0, both, 0, both, 0, length);
                System.arraycopy(a, 0, expected, 0, LENGTHS);
                kind.choice().scalar().run(table, a, 0, a, 0, expected, 0, length);
                assertArrayEquals(expected, both, () -> kernel.getClass().getSimpleName());
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
