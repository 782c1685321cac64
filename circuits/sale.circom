// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "./network/top-label.circom";
include "./sealed-inference.circom";

/// @title The statement of a sale: accuracy
/// @notice The sealed network (SealedInference) is right on at least `threshold` of the rows. TopLabel range-checks the
///         outputs.
/// @param rows, layers, widths, weightBits, square, shifts, biasShifts, committed as in SealedInference
/// @param magnitudeBits bounds B of the layers' pre-activations; the last one also leaves room for the tie rule's 1
/// @input keyCommitment, secretCommitment, core, dealId, rowsDigest, modelCommitment, ciphertext, combined public, as in
///        SealedInference
/// @input threshold T, public; the verifier checks 1 <= T <= n
/// @input labels the labels, 8 bits each, 31 to a word, public
/// @input key, opening, secret, modelSalt, hidden, outputs as in SealedInference
/// @input oneHot labels as unit vectors
/// @input right which rows are counted
/// @input ceiling see TopLabel
/// @output challenge rho
/// Constraints: docs/circuits.md has the formula, saleConstraints in packages/groth16/src/sale-circuit.ts computes it.
template Sale(rows, layers, widths, weightBits, square, shifts, biasShifts, magnitudeBits, committed) {
    var classes = widths[layers];
    var parameterCount = 0;
    var hiddenCount = 0;
    for (var l = 0; l < layers; l++) {
        parameterCount += (widths[l] + 1) * widths[l + 1];
        if (l < layers - 1) {
            hiddenCount += widths[l + 1];
        }
    }
    var weightsPerWord = 253 \ weightBits;
    var ciphertextWords = (parameterCount + weightsPerWord - 1) \ weightsPerWord;
    var labelWords = (rows + 30) \ 31;

    signal input keyCommitment;
    signal input secretCommitment;
    signal input core;
    signal input dealId;
    signal input rowsDigest;
    signal input modelCommitment;
    signal input threshold;
    signal input labels[labelWords];
    signal input ciphertext[ciphertextWords];
    signal input combined[widths[0]];

    signal input key;
    signal input opening;
    signal input secret;
    signal input modelSalt[committed];
    signal input hidden[rows][hiddenCount];
    signal input outputs[rows][classes];
    signal input oneHot[rows][classes];
    signal input right[rows];
    signal input ceiling[rows];

    signal output challenge;

    component sealed = SealedInference(
        rows, layers, widths, weightBits, square, shifts, biasShifts, magnitudeBits,
        magnitudeBits[layers - 1] + 2, committed
    );
    sealed.keyCommitment <== keyCommitment;
    sealed.secretCommitment <== secretCommitment;
    sealed.core <== core;
    sealed.dealId <== dealId;
    sealed.rowsDigest <== rowsDigest;
    sealed.modelCommitment <== modelCommitment;
    sealed.ciphertext <== ciphertext;
    sealed.combined <== combined;
    sealed.key <== key;
    sealed.opening <== opening;
    sealed.secret <== secret;
    sealed.modelSalt <== modelSalt;
    sealed.hidden <== hidden;
    sealed.outputs <== outputs;
    challenge <== sealed.challenge;

    component top[rows];
    var count = 0;
    for (var i = 0; i < rows; i++) {
        top[i] = TopLabel(classes, magnitudeBits[layers - 1]);
        top[i].outputs <== outputs[i];
        top[i].oneHot <== oneHot[i];
        top[i].right <== right[i];
        top[i].ceiling <== ceiling[i];
        count += right[i];
    }
    for (var w = 0; w < labelWords; w++) {
        var packedLabels = 0;
        for (var i = 31 * w; i < rows && i < 31 * (w + 1); i++) {
            packedLabels += top[i].label * 2 ** (8 * (i - 31 * w));
        }
        packedLabels === labels[w];
    }
    var countBits = 0;
    while (2 ** countBits <= rows) {
        countBits++;
    }
    component surplus = Num2Bits(countBits);
    surplus.in <== count - threshold;
}
