package dev.octant.core.kernel;

/** One byte at a time: the definition. */
final class ScalarLargest implements LargestKernel {
    @Override
    public int run(byte[] src, int offset, int length, byte flip) {
        int largest = Byte.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, (byte) (src[offset + i] ^ flip));
        }
        return largest;
    }
}
