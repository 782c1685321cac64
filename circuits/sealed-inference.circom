// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "./hashing/sponge.circom";
include "./network/activation.circom";
include "./network/product-check.circom";
include "./sealing/domains.circom";
include "./sealing/keys.circom";
include "./sealing/unseal.circom";

/// @title Inference with a sealed network
/// @notice What every predicate about a sealed network shares: the ciphertext, opened with the key behind E and the secret
///         behind S, is a network of the given shape, `outputs` is what it answers on the rows, and where `committed` is 1,
///         M commits to it. The rows are no signals: the verifier, who has them, combines them with the powers of the
///         challenge and passes the combination in. The challenge is hashed here from the cipher key (so that it is no
///         commitment to weights that can be guessed), both commitments, the statement and every pre-activation and
///         output. What the equations are about is fixed before it: the weights by c (in the core by its digest) and K,
///         M by the core; the salt of M enters no equation but that of M itself.
///         Range checks: parameters by Unseal, pre-activations by Activation. **The caller must range-check `outputs`** to
///         an interval that lies, with the worst case of the true outputs, within less than 2^outputBits of each other.
/// @param rows number of rows n, exactly this many
/// @param layers number of dense layers, 1 to 32
/// @param widths layers + 1 widths, from the inputs to the outputs
/// @param weightBits bits of a parameter
/// @param square 1 where the layer's activation is the square; layers entries, the last unused
/// @param shifts bits dropped by ReLU; layers entries, the last unused
/// @param biasShifts powers of two that multiply the biases; layers entries
/// @param magnitudeBits bounds B of the layers' pre-activations; layers entries, the last unused
/// @param outputBits bits of an output's slot, at most 253
/// @param committed 1 if M commits to the network, 0 if it must be 0
/// @input keyCommitment E
/// @input secretCommitment S
/// @input core digest of everything the deal fixes
/// @input dealId the deal
/// @input rowsDigest digest of the rows and labels that are proven
/// @input modelCommitment M = sponge(tag, salt, words of the ciphertext without their pads), or 0
/// @input ciphertext c
/// @input combined sum over the rows i of challenge^i * x_i, computed by the verifier
/// @input key k
/// @input opening d
/// @input secret s
/// @input modelSalt salt of M; no entry unless `committed`
/// @input hidden pre-activations of all hidden neurons of a row, layer by layer
/// @input outputs outputs of a row; their range is checked by the caller
/// @output challenge rho
/// Constraints: docs/circuits.md has the formula, saleConstraints in packages/groth16/src/sale-circuit.ts computes it.
template SealedInference(
    rows, layers, widths, weightBits, square, shifts, biasShifts, magnitudeBits, outputBits, committed
) {
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
    signal input ciphertext[ciphertextWords];
    signal input combined[widths[0]];

    signal input key;
    signal input opening;
    signal input secret;
    signal input modelSalt[committed];
    signal input hidden[rows][hiddenCount];
    signal input outputs[rows][widths[layers]];

    signal output challenge;

    // The seal: both commitments open to the keys, the ciphertext to parameters within their bits.
    component keys = SealKeys();
    keys.key <== key;
    keys.opening <== opening;
    keys.secret <== secret;
    keys.keyCommitment === keyCommitment;
    keys.secretCommitment === secretCommitment;

    component unseal = Unseal(parameterCount, weightBits);
    unseal.cipherKey <== keys.cipherKey;
    unseal.ciphertext <== ciphertext;

    // M: the same words that are sealed.
    component model[committed];
    if (committed == 1) {
        model[0] = Sponge(1 + ciphertextWords);
        model[0].domain <== DOMAIN_MODEL();
        model[0].message[0] <== modelSalt[0];
        for (var w = 0; w < ciphertextWords; w++) {
            model[0].message[1 + w] <== unseal.words[w];
        }
        model[0].out === modelCommitment;
    } else {
        modelCommitment === 0;
    }

    component activation[rows][hiddenCount];
    for (var i = 0; i < rows; i++) {
        var neuron = 0;
        for (var l = 0; l < layers - 1; l++) {
            for (var j = 0; j < widths[l + 1]; j++) {
                activation[i][neuron] = Activation(square[l], magnitudeBits[l], shifts[l]);
                activation[i][neuron].z <== hidden[i][neuron];
                neuron++;
            }
        }
    }

    // The challenge, after everything that it checks.
    var wordsOfRow = 0;
    var slotBits[layers];
    var words[layers];
    for (var l = 0; l < layers; l++) {
        slotBits[l] = l < layers - 1 ? magnitudeBits[l] + 1 : outputBits;
        var perWord = 253 \ slotBits[l];
        words[l] = (widths[l + 1] + perWord - 1) \ perWord;
        wordsOfRow += words[l];
    }
    component transcript = Sponge(6 + rows * wordsOfRow);
    transcript.domain <== DOMAIN_CHALLENGE();
    transcript.message[0] <== keys.cipherKey;
    transcript.message[1] <== keyCommitment;
    transcript.message[2] <== secretCommitment;
    transcript.message[3] <== core;
    transcript.message[4] <== dealId;
    transcript.message[5] <== rowsDigest;
    component slots[rows][layers];
    for (var i = 0; i < rows; i++) {
        var position = 6 + i * wordsOfRow;
        var first = 0;
        for (var l = 0; l < layers; l++) {
            slots[i][l] = Slots(widths[l + 1], slotBits[l]);
            for (var j = 0; j < widths[l + 1]; j++) {
                if (l < layers - 1) {
                    slots[i][l].values[j] <== hidden[i][first + j];
                } else {
                    slots[i][l].values[j] <== outputs[i][j];
                }
            }
            for (var w = 0; w < words[l]; w++) {
                transcript.message[position] <== slots[i][l].packed[w];
                position++;
            }
            first += widths[l + 1];
        }
    }
    challenge <== transcript.out;

    // Every layer's matrix product, by its combination with the powers of the challenge.
    component powers = Powers(rows);
    powers.base <== challenge;
    component inputsOf[layers];
    component product[layers];
    var parameter = 0;
    var firstHidden = 0;
    for (var l = 0; l < layers; l++) {
        product[l] = ProductCheck(rows, widths[l], widths[l + 1], slotBits[l], biasShifts[l]);
        product[l].powers <== powers.powers;
        if (l == 0) {
            product[l].combined <== combined;
        } else {
            inputsOf[l] = CombineRows(rows, widths[l]);
            inputsOf[l].powers <== powers.powers;
            for (var i = 0; i < rows; i++) {
                for (var k = 0; k < widths[l]; k++) {
                    inputsOf[l].activations[i][k] <== activation[i][firstHidden + k].h;
                }
            }
            product[l].combined <== inputsOf[l].combined;
            firstHidden += widths[l];
        }
        for (var j = 0; j < widths[l + 1]; j++) {
            for (var k = 0; k < widths[l]; k++) {
                product[l].weights[j][k] <== unseal.parameters[parameter];
                parameter++;
            }
        }
        for (var j = 0; j < widths[l + 1]; j++) {
            product[l].biases[j] <== unseal.parameters[parameter];
            parameter++;
        }
        for (var i = 0; i < rows; i++) {
            product[l].packed[i] <== slots[i][l].packed;
        }
    }
}
