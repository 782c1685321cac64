// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon.circom";

/// @title HashChain
/// @notice Hashes a private value n times with Poseidon(2).
/// @input start the private value
/// @input salt public, enters every step
/// @output end the last hash
template HashChain(n) {
    signal input start;
    signal input salt;
    signal output end;

    component hashes[n];
    for (var i = 0; i < n; i++) {
        hashes[i] = Poseidon(2);
        hashes[i].inputs[0] <== i == 0 ? start : hashes[i - 1].out;
        hashes[i].inputs[1] <== salt;
    }
    end <== hashes[n - 1].out;
}
