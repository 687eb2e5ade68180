package dev.octant.core.kernel;

import java.util.List;

/** Every kernel that has more than one form. Internal. */
public final class Kernels {
    /** Bytes through a table of 256. */
    public static final KernelChoice<TableKernel> TABLE =
            new KernelChoice<>("table", new ScalarTable(), TableTrial::new, "SelectTable512", "SelectTable256");

    /** The ends of floats, and whether all are finite. */
    public static final KernelChoice<EndsKernel> ENDS =
            new KernelChoice<>("min-max", new ScalarEnds(), EndsTrial::new, "OrderedEnds512", "OrderedEnds256");

    /** Floats counted in bins and added up. */
    public static final KernelChoice<BinKernel> BINS =
            new KernelChoice<>("histogram", new ScalarBins(), BinTrial::new, "CountBins512", "CountBins256");

    private static final List<KernelChoice<?>> ALL = List.of(TABLE, ENDS, BINS);

    private Kernels() {}

    /** All of them. */
    public static List<KernelChoice<?>> all() {
        return ALL;
    }
}
