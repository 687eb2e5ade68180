// SPDX-License-Identifier: Apache-2.0
/**
 * Quantizers that train, for any training loop: forward functions and their vector-Jacobian products over arrays.
 *
 * <p>{@link dev.octant.layers.train.FakeQuantizer} replaces floats by what a grid holds in their place and carries
 * gradients back; {@link dev.octant.layers.train.LearnedStep} moves the grid by them (LSQ, LSQ+), {@link
 * dev.octant.layers.train.LearnedClip} the bounds of a clip (PACT, NVIDIA). {@link
 * dev.octant.layers.train.ActivationGradient} has the derivatives of the activations in forms that do not diverge.
 *
 * <p>There is no tape, no tensor class and no optimizer here: arrays go in and out, and what is learned is a value that
 * one step replaces by the next.
 */
package dev.octant.layers.train;
