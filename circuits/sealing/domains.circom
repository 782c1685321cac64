// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

// Domain tags of Poseidon: the ASCII bytes of the name as a big-endian integer, held in the capacity word.
// packages/sale/src/domains.ts has the same list; a test holds the two together. The key commitment and a
// round's registry have tag 0, because the library that computes them on chain offers no other; they differ in width.

// "zkcmp/binding/v1"
function DOMAIN_BINDING() {
    return 0x7a6b636d702f62696e64696e672f7631;
}

// "zkcmp/cipher-key/v1"
function DOMAIN_CIPHER_KEY() {
    return 0x7a6b636d702f6369706865722d6b65792f7631;
}

// "zkcmp/keystream/v1"
function DOMAIN_KEYSTREAM() {
    return 0x7a6b636d702f6b657973747265616d2f7631;
}

// "zkcmp/challenge/v1"
function DOMAIN_CHALLENGE() {
    return 0x7a6b636d702f6368616c6c656e67652f7631;
}

// "zkcmp/model/v1"
function DOMAIN_MODEL() {
    return 0x7a6b636d702f6d6f64656c2f7631;
}

// "zkcmp/samples/v1"
function DOMAIN_SAMPLES() {
    return 0x7a6b636d702f73616d706c65732f7631;
}

// "zkcmp/validation/v1"
function DOMAIN_VALIDATION() {
    return 0x7a6b636d702f76616c69646174696f6e2f7631;
}
