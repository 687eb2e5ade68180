# SPDX-License-Identifier: Apache-2.0
"""The activations in 400 decimal digits: needs Python's standard library only."""

from decimal import Context, Decimal, localcontext
from functools import lru_cache

from command import run
from files import GoldenFile, TableForm

DIGITS = 400
GUARD = 300  # digits that differences of nearly equal numbers may use up
ONE, HALF = Decimal(1), Decimal("0.5")
SMALLEST = Decimal(2) ** -149  # of float32: log and rsqrt of what is not positive are those of this value


@lru_cache
def _pi():
    """Machin's formula."""
    return 4 * (4 * _arctangent(5) - _arctangent(239))


def _arctangent(inverse):
    """The arctangent of 1 / inverse by its series."""
    total, power, k = Decimal(0), ONE / inverse, 0
    while power > Decimal(10) ** -(DIGITS + GUARD):
        total += power / (2 * k + 1) * (-1) ** k
        power /= inverse * inverse
        k += 1
    return total


def _error_function(x):
    """erf by the series of one sign: 2/sqrt(pi) exp(-x^2) times the sum of 2^k x^(2k+1) / (1 3 5 ... 2k+1)."""
    term, total, k = x, Decimal(0), 0
    while term and abs(term) > abs(total) * Decimal(10) ** -(DIGITS + GUARD):
        total += term
        k += 1
        term *= 2 * x * x / (2 * k + 1)
    return 2 / _pi().sqrt() * (-x * x).exp() * total


def _sigmoid(x):
    return ONE / (ONE + (-x).exp())


def _tanh(x):
    return 2 * _sigmoid(2 * x) - 1


def _softplus(x):
    return (ONE + x.exp()).ln()


def _gelu(x):
    return x * HALF * (1 + _error_function(x * HALF.sqrt()))


def _gelu_tanh(x):
    return x * HALF * (1 + _tanh((2 / _pi()).sqrt() * (x + Decimal("0.044715") * x**3)))


def _clip(x, low, high):
    return min(max(x, Decimal(low)), Decimal(high))


def _elu(x, alpha=ONE):
    return x if x > 0 else alpha * (x.exp() - 1)


def _shrink(x, bias, lambd=HALF):
    return x + bias if x < -lambd else x - bias if x > lambd else Decimal(0)


def _softsign(x):
    return x / (1 + abs(x))


def _positive(x):
    """What log and rsqrt take in place of zero and of negative values: the smallest float32 above zero."""
    return x if x > 0 else SMALLEST


# The fixed point of mean 0 and variance 1
SELU_SCALE = Decimal("1.0507009873554804934193349852946")
SELU_ALPHA = Decimal("1.6732632423543772848170429916717")

FUNCTIONS = {
    "sigmoid": _sigmoid,
    "silu": lambda x: x * _sigmoid(x),
    "tanh": _tanh,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "quick_gelu": lambda x: x * _sigmoid(Decimal("1.702") * x),
    "swish": lambda x: x * _sigmoid(x),
    "hardswish": lambda x: x * _clip(x + 3, 0, 6) / 6,
    "hardsigmoid": lambda x: _clip(x + 3, 0, 6) / 6,
    "hardtanh": lambda x: _clip(x, -1, 1),
    "clip": lambda x: x,  # of floats, by default
    "relu": lambda x: max(x, Decimal(0)),
    "relu6": lambda x: _clip(x, 0, 6),
    "leaky_relu": lambda x: x if x > 0 else Decimal(0.01) * x,  # the double nearest to 0.01
    "prelu": lambda x: x if x > 0 else Decimal("0.25") * x,
    "elu": _elu,
    "celu": _elu,
    "selu": lambda x: SELU_SCALE * _elu(x, SELU_ALPHA),
    "thresholded_relu": lambda x: x if x > 1 else Decimal(0),
    "shrink": lambda x: _shrink(x, 0),
    "hardshrink": lambda x: _shrink(x, 0),
    "softshrink": lambda x: _shrink(x, HALF),
    "softplus": _softplus,
    "mish": lambda x: x * _tanh(_softplus(x)),
    "softsign": _softsign,
    "exp": lambda x: x.exp(),
    "log": lambda x: _positive(x).ln(),
    "rsqrt": lambda x: 1 / _positive(x).sqrt(),
    "log_sigmoid": lambda x: -_softplus(-x),
    "tanhshrink": lambda x: x - _tanh(x),
    "identity": lambda x: x,
}


def values(table, engines):
    """Every recorded input through its function, rounded once to double. A result of zero has no sign."""
    with localcontext(Context(prec=DIGITS + GUARD, Emax=10**9, Emin=-(10**9))):
        for row in table.rows:
            name, x = row[:2]
            row[2] = repr(float(FUNCTIONS[name](Decimal(float.fromhex(x)))) + 0.0)
    return table


FILES = [
    GoldenFile("test-fixtures/src/test/resources/dev/octant/fixtures/reference-values.csv", values, TableForm(",")),
]

if __name__ == "__main__":
    run(__doc__, FILES)
