// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "./domains.circom";

/// @title One block of the keystream
/// @notice 16 words of the permuted state (tag, K, j, 0 ...). The 17th word stays hidden: the permutation can be
///         inverted, so whoever saw the whole state would know K.
/// @input cipherKey K
/// @input index j, the block's number
/// @output pad 16 field elements
/// Constraints: 564 with a constant index.
template KeystreamBlock() {
    signal input cipherKey;
    signal input index;
    signal output pad[16];

    component permutation = PoseidonEx(16, 16);
    permutation.initialState <== DOMAIN_KEYSTREAM();
    permutation.inputs[0] <== cipherKey;
    permutation.inputs[1] <== index;
    for (var i = 2; i < 16; i++) {
        permutation.inputs[i] <== 0;
    }
    pad <== permutation.out;
}

/// @title Verifiable decryption
/// @notice Takes the pad off every word and splits it into digits of `bits` bits. A word must equal the sum of its
///         digits, and each digit is a sum of bits, so exactly one list of parameters fits a ciphertext and key; in
///         the last word no bit lies beyond the last digit.
/// @param count parameters of the network
/// @param bits bits of a parameter, 2 to 16
/// @input cipherKey K
/// @input ciphertext ceil(count / floor(253 / bits)) words, c_i = m_i + pad_i
/// @output parameters two's complement integers in [-2^(bits-1), 2^(bits-1)), as field elements
/// @output words m_i, the digits of the parameters packed as they were sealed
/// Constraints: bits for each parameter and 564 for every 16 words.
template Unseal(count, bits) {
    var perWord = 253 \ bits;
    var packedWords = (count + perWord - 1) \ perWord;
    var blocks = (packedWords + 15) \ 16;

    signal input cipherKey;
    signal input ciphertext[packedWords];
    signal output parameters[count];
    signal output words[packedWords];

    component keystream[blocks];
    for (var j = 0; j < blocks; j++) {
        keystream[j] = KeystreamBlock();
        keystream[j].cipherKey <== cipherKey;
        keystream[j].index <== j;
    }

    component word[packedWords];
    for (var i = 0; i < packedWords; i++) {
        var digits = perWord;
        if (count - i * perWord < perWord) {
            digits = count - i * perWord;
        }
        // At most 253 bits: no two bit patterns stand for the same field element.
        word[i] = Num2Bits(digits * bits);
        words[i] <== ciphertext[i] - keystream[i \ 16].pad[i % 16];
        word[i].in <== words[i];
        for (var j = 0; j < digits; j++) {
            var digit = 0;
            for (var b = 0; b < bits; b++) {
                digit += word[i].out[j * bits + b] * 2 ** b;
            }
            parameters[i * perWord + j] <== digit - 2 ** (bits - 1);
        }
    }
}
