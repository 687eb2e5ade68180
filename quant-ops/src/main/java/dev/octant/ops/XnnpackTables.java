package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;

/** To be filled in. */
final class XnnpackTables implements EngineTables {
    static final EngineTables INSTANCE = new XnnpackTables();

    private XnnpackTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        throw EngineTables.missing(Profile.XNNPACK, op);
    }
}
