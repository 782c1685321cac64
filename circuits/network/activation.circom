// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/// @title The activation of one hidden neuron
/// @notice Range-checks the pre-activation and applies ReLU with a power-of-two rescaling, h = max(0, floor(z / 2^shift)),
///         or the square, h = z^2. One decomposition of z + 2^magnitudeBits serves all of it: the top bit is the sign,
///         the bits above `shift` are the quotient. There is no division, hence no remainder to get wrong.
/// @param square 1 for the square, 0 for ReLU
/// @param magnitudeBits B, at most 252: z lies in [-2^B, 2^B) for every network of the shape and every input row
/// @param shift bits dropped by ReLU
/// @input z pre-activation; its range is checked here
/// @output h activation
/// Constraints: B + 2.
template Activation(square, magnitudeBits, shift) {
    signal input z;
    signal output h;

    component bits = Num2Bits(magnitudeBits + 1);
    bits.in <== z + 2 ** magnitudeBits;

    if (square == 1) {
        h <== z * z;
    } else {
        var quotient = 0;
        for (var b = shift; b < magnitudeBits; b++) {
            quotient += bits.out[b] * 2 ** (b - shift);
        }
        h <== bits.out[magnitudeBits] * quotient;
    }
}
