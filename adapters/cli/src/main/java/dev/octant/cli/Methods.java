package dev.octant.cli;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.Entropy;
import dev.octant.observers.MeanSquaredError;
import dev.octant.observers.MinMax;
import dev.octant.observers.Percentile;
import dev.octant.observers.RangeEstimator;
import java.util.ArrayList;
import java.util.List;

/** From the names of range estimators to the estimators. */
final class Methods {
    /** What {@code all} stands for. */
    static final List<String> ALL = List.of("minmax", "percentile=99.99", "entropy", "mse");

    private Methods() {}

    /** The estimators of a list of names in which {@code all} stands for all; each only once. */
    static List<RangeEstimator> parse(List<String> names, QuantType type, QuantScheme scheme) {
        List<RangeEstimator> methods = new ArrayList<>();
        for (String name : names) {
            for (String one : name.strip().equals("all") ? ALL : List.of(name.strip())) {
                RangeEstimator method = parse(one, type, scheme);
                if (!methods.contains(method)) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }

    /** The estimator of one name; the squared error is that of the type and scheme the range is chosen for. */
    static RangeEstimator parse(String name, QuantType type, QuantScheme scheme) {
        int equals = name.indexOf('=');
        String word = equals < 0 ? name : name.substring(0, equals);
        if (word.equals("percentile")) {
            return new Percentile(equals < 0 ? 99.99 : TextConverters.number("percentile", name.substring(equals + 1)));
        }
        return switch (name) {
            case "minmax" -> new MinMax();
            case "entropy" -> new Entropy();
            case "mse" -> new MeanSquaredError(type, scheme);
            default ->
                throw new IllegalArgumentException(
                        "method must be minmax, percentile=99.99, entropy or mse, was '" + name + "'");
        };
    }
}
