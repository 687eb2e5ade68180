package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;

/** To be filled in. */
final class TfliteTables implements EngineTables {
    static final EngineTables INSTANCE = new TfliteTables();

    private TfliteTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        throw EngineTables.missing(Profile.TFLITE, op);
    }
}
