// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class QuantizedTensorTest {
    private static final QuantParams PARAMS = QuantParams.of(QuantType.UINT8, 0.5f, 128);

    @Test
    void codesKeepTheirMeaning() {
        byte[] raw = {0, (byte) 128, (byte) 255};
        QuantizedTensor tensor = QuantizedTensor.of(PARAMS, raw);
        assertSame(PARAMS, tensor.params());
        assertSame(raw, tensor.codes());
        assertEquals(3, tensor.length());
        assertEquals(255, tensor.code(2));
        assertEquals(63.5f, tensor.value(2));
        assertArrayEquals(new float[] {-64, 0, 63.5f}, tensor.dequantize());
        assertEquals("3 codes of uint8(scale=0.5, zeroPoint=128)", tensor.toString());
    }

    @Test
    void equalityIsThatOfParametersAndCodes() {
        QuantizedTensor tensor = QuantizedTensor.of(PARAMS, new byte[] {1, 2});
        QuantizedTensor same = QuantizedTensor.of(QuantParams.of(QuantType.UINT8, 0.5f, 128), new byte[] {1, 2});
        assertEquals(tensor, same);
        assertEquals(tensor.hashCode(), same.hashCode());
        assertNotEquals(
                tensor.hashCode(), QuantizedTensor.of(PARAMS, new byte[] {1, 3}).hashCode());
        assertNotEquals(tensor, QuantizedTensor.of(PARAMS, new byte[] {1, 3}));
        assertNotEquals(tensor, QuantizedTensor.of(QuantParams.of(QuantType.UINT8, 0.5f, 127), new byte[] {1, 2}));
        assertNotEquals(tensor, QuantizedTensor.of(QuantParams.of(QuantType.UINT8, 0.25f, 128), new byte[] {1, 2}));
        assertNotEquals(
                QuantizedTensor.of(QuantParams.of(QuantType.INT8, 0.5f, 0), new byte[] {1}),
                QuantizedTensor.of(QuantParams.of(QuantType.INT8_NARROW, 0.5f, 0), new byte[] {1}));
    }

    @Test
    void foreignParametersAreRefused() {
        QuantizedTensor tensor = QuantizedTensor.of(PARAMS, new byte[1]);
        QuantParams other = QuantParams.of(QuantType.UINT8, Math.nextUp(0.5f), 128);
        tensor.requireParams(PARAMS);
        String message = assertThrows(IllegalArgumentException.class, () -> tensor.requireParams(other))
                .getMessage();
        assertEquals("tensor must have the parameters " + other + ", had " + PARAMS, message);
        assertThrows(
                IllegalArgumentException.class, () -> TensorQuantizer.of(other).dequantize(tensor));
        assertThrows(
                IllegalArgumentException.class, () -> TensorQuantizer.of(other).requantize(tensor, PARAMS));
    }
}
