package dev.octant.cli.evaluate;

import dev.octant.core.Profile;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import java.util.List;

/**
 * The outcome of {@code octant evaluate}.
 *
 * @param inputs the files read, as the user named them
 * @param type the grid
 * @param scheme how ranges became parameters
 * @param profile the engine whose arithmetic was followed
 * @param tensors one result per tensor, in the order met
 */
public record Evaluation(
        List<String> inputs, QuantType type, QuantScheme scheme, Profile profile, List<TensorResult> tensors) {}
