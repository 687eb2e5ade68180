// SPDX-License-Identifier: Apache-2.0
package dev.octant.examples.djl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Fine-tuning inside DJL: what it is worth, of 1,497 images that were not trained with. */
class DigitsTrainingTest {
    @Test
    void fineTuningPays() {
        DigitsTraining training = new DigitsTraining(Digits.read());
        StringBuilder report = new StringBuilder();
        boolean neverBelow = true;
        int won = 0;
        for (int seed = 0; seed < DigitsTraining.SEEDS; seed++) {
            DigitsTraining.Right right = training.run(seed);
            report.append("seed ").append(seed).append(": ").append(right).append('\n');
            neverBelow &= right.fineTuned() >= right.afterTraining();
            won += right.fineTuned() - right.afterTraining();
        }
        assertTrue(neverBelow, report::toString);
        assertTrue(won > 0, report::toString);
    }
}
