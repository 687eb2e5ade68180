package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;

/** To be filled in. */
final class PytorchTables implements EngineTables {
    static final EngineTables INSTANCE = new PytorchTables();

    private PytorchTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        throw EngineTables.missing(Profile.PYTORCH, op);
    }
}
