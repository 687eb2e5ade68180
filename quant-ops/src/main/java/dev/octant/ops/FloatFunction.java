package dev.octant.ops;

/** A function from float to float, spelled as an engine spells it. */
@FunctionalInterface
interface FloatFunction {
    float apply(float x);
}
