// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "./network/squared-error.circom";
include "./sealed-inference.circom";

/// @title The statement of a sale: squared error
/// @notice The sealed network (SealedInference) has one output, and the sum over all rows of (output - target)^2 is at
///         most `allowedError`. Targets and allowed error are in units of the output: the verifier computes
///         t_i = multiplier * (label_i - offset) and multiplier^2 * (the order's bound). SquaredError range-checks the
///         outputs.
/// @param rows, layers, widths, weightBits, square, shifts, biasShifts, committed as in SealedInference
/// @param magnitudeBits bounds B of the layers' pre-activations; widths[layers] is 1
/// @input keyCommitment, secretCommitment, core, dealId, rowsDigest, modelCommitment, ciphertext, combined public, as in
///        SealedInference
/// @input allowedError public; the verifier checks its range, see SquaredError
/// @input targets t_i, public; the verifier checks their range, see SquaredError
/// @input key, opening, secret, modelSalt, hidden, outputs as in SealedInference
/// @output challenge rho
/// Constraints: docs/circuits.md has the formula, saleConstraints in packages/groth16/src/sale-circuit.ts computes it.
template RegressionSale(rows, layers, widths, weightBits, square, shifts, biasShifts, magnitudeBits, committed) {
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

    signal input keyCommitment;
    signal input secretCommitment;
    signal input core;
    signal input dealId;
    signal input rowsDigest;
    signal input modelCommitment;
    signal input allowedError;
    signal input targets[rows];
    signal input ciphertext[ciphertextWords];
    signal input combined[widths[0]];

    signal input key;
    signal input opening;
    signal input secret;
    signal input modelSalt[committed];
    signal input hidden[rows][hiddenCount];
    signal input outputs[rows][1];

    signal output challenge;

    component sealed = SealedInference(
        rows, layers, widths, weightBits, square, shifts, biasShifts, magnitudeBits,
        magnitudeBits[layers - 1] + 1, committed
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

    component error = SquaredError(rows, magnitudeBits[layers - 1]);
    for (var i = 0; i < rows; i++) {
        error.outputs[i] <== outputs[i][0];
    }
    error.targets <== targets;
    error.allowed <== allowedError;
}
