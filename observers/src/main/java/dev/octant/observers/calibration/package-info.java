/**
 * The outcome of a calibration: range and parameters of every tensor of a model, by name.
 */
package dev.octant.observers.calibration;
