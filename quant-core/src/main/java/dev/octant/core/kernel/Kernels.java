package dev.octant.core.kernel;

import java.util.List;

/** Every kernel that has more than one form. Internal. */
public final class Kernels {
    /** Bytes through a table of 256. */
    public static final KernelChoice<TableKernel> TABLE =
            new KernelChoice<>("table", new ScalarTable(), TableTrial::new, "SelectTable512", "SelectTable256");

    private static final List<KernelChoice<?>> ALL = List.of(TABLE);

    private Kernels() {}

    /** All of them. */
    public static List<KernelChoice<?>> all() {
        return ALL;
    }
}
