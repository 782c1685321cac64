// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "./domains.circom";

/// @title The keys of a seal
/// @notice Opens the key commitment E = Poseidon(k, d) and the buyer binding S = Poseidon(s), and derives the cipher
///         key K = Poseidon(k, s). The chain learns k when the seller redeems, the buyer alone knows s: whoever reads
///         the chain still cannot open the ciphertext. E and S are compared by the caller.
/// @input key k, uniform in [1, r)
/// @input opening d, uniform in [1, r)
/// @input secret s, shared by seller and buyer through X25519
/// @output keyCommitment E
/// @output secretCommitment S
/// @output cipherKey K
/// Constraints: 240 + 213 + 240 = 693.
template SealKeys() {
    signal input key;
    signal input opening;
    signal input secret;
    signal output keyCommitment;
    signal output secretCommitment;
    signal output cipherKey;

    component commit = PoseidonEx(2, 1);
    commit.initialState <== 0;
    commit.inputs[0] <== key;
    commit.inputs[1] <== opening;
    keyCommitment <== commit.out[0];

    component bind = PoseidonEx(1, 1);
    bind.initialState <== DOMAIN_BINDING();
    bind.inputs[0] <== secret;
    secretCommitment <== bind.out[0];

    component derive = PoseidonEx(2, 1);
    derive.initialState <== DOMAIN_CIPHER_KEY();
    derive.inputs[0] <== key;
    derive.inputs[1] <== secret;
    cipherKey <== derive.out[0];
}
