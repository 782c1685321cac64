// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/// @title The context of a round
/// @notice context = roundId * 2^10 + p * 2^6 + l in one decomposition of 170 bits, so each part lies in its range and no
///         other parts give the same context. The ridge is multiplied together from the bits of l.
/// @input context checked here to be below 2^170
/// @output roundId 160 bits
/// @output providers p, 4 bits
/// @output ridge lambda = 2^l, l of 6 bits
/// Constraints: 175.
template RoundContext() {
    signal input context;
    signal output roundId;
    signal output providers;
    signal output ridge;

    component bits = Num2Bits(170);
    bits.in <== context;

    var providerSum = 0;
    for (var i = 0; i < 4; i++) {
        providerSum += bits.out[6 + i] * 2 ** i;
    }
    providers <== providerSum;
    var idSum = 0;
    for (var i = 0; i < 160; i++) {
        idSum += bits.out[10 + i] * 2 ** i;
    }
    roundId <== idSum;

    // 2^l is the product of 2^(2^i) over the bits i of l.
    signal power[6];
    power[0] <== 1 + bits.out[0];
    for (var i = 1; i < 6; i++) {
        power[i] <== power[i - 1] * (1 + bits.out[i] * (2 ** (2 ** i) - 1));
    }
    ridge <== power[5];
}
