package dev.octant.core.kernel;

/**
 * Small heap blocks through which buffers are fed to the array kernels, one of each kind per thread. A kernel that met heap and
 * direct memory in one method would lose its inlining for good, and a block per call would be garbage per call.
 */
public final class Staging {
    /** Values per block: small enough for the first-level cache, large enough to amortise the copy. */
    public static final int BLOCK = 4096;

    /** Codes per block where nothing but codes is moved: a copy of 4 KB costs a tenth more per byte. */
    public static final int CODES = 8192;

    private static final ThreadLocal<Staging> OF_THREAD = ThreadLocal.withInitial(Staging::new);

    public final float[] reals = new float[BLOCK];
    public final byte[] codes = new byte[CODES];
    public final short[] halves = new short[BLOCK];

    /** A second block of codes, for a second operand. */
    public final byte[] otherCodes = new byte[CODES];

    /** Room for a table that lives as long as one row. */
    public final byte[] table = new byte[256];

    private Staging() {}

    /** The calling thread's blocks, about 40 KB, made at its first call. */
    public static Staging ofThread() {
        return OF_THREAD.get();
    }
}
