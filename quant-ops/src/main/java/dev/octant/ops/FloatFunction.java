package dev.octant.ops;

/** A function computed in float32, with roundings of its own. */
@FunctionalInterface
interface FloatFunction {
    float value(float x);
}
