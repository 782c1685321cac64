// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "./hashing/sponge.circom";
include "./network/activation.circom";
include "./network/product-check.circom";
include "./network/top-label.circom";
include "./sealing/domains.circom";
include "./sealing/keys.circom";
include "./sealing/unseal.circom";

/// @title The statement of a sale
/// @notice The ciphertext, opened with the key behind E and the secret behind S, is a network of the given shape that is
///         right on at least `threshold` of the rows. The rows are no signals: the verifier, who has them, combines them
///         with the powers of the challenge and passes the combination in. The challenge is hashed here from the cipher key
///         (so that it is no commitment to weights that can be guessed), both commitments, the statement and every
///         pre-activation and output; each of these is range-checked to the slot that it is packed in.
/// @param rows number of rows n, exactly this many
/// @param layers number of dense layers, 1 to 8
/// @param widths layers + 1 widths, from the inputs to the classes
/// @param weightBits bits of a parameter
/// @param square 1 where the layer's activation is the square; layers entries, the last unused
/// @param shifts bits dropped by ReLU; layers entries, the last unused
/// @param biasShifts powers of two that multiply the biases; layers entries
/// @param magnitudeBits bounds B of the layers' pre-activations; the last one also leaves room for the tie rule's 1
/// @input keyCommitment E, public
/// @input secretCommitment S, public
/// @input core digest of everything the deal fixes, public
/// @input dealId public
/// @input rowsDigest digest of the rows and labels that are proven, public
/// @input threshold T, public; the verifier checks 1 <= T <= n
/// @input labels the labels, 8 bits each, 31 to a word, public
/// @input ciphertext public
/// @input combined sum over the rows i of challenge^i * x_i, public, computed by the verifier
/// @input key k
/// @input opening d
/// @input secret s
/// @input hidden pre-activations of all hidden neurons of a row, layer by layer
/// @input outputs outputs of a row
/// @input oneHot labels as unit vectors
/// @input right which rows are counted
/// @input ceiling see TopLabel
/// @output challenge rho
/// Constraints: docs/circuits.md has the formula, saleConstraints in packages/groth16/src/sale-circuit.ts computes it.
template Sale(rows, layers, widths, weightBits, square, shifts, biasShifts, magnitudeBits) {
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
    signal input threshold;
    signal input labels[labelWords];
    signal input ciphertext[ciphertextWords];
    signal input combined[widths[0]];

    signal input key;
    signal input opening;
    signal input secret;
    signal input hidden[rows][hiddenCount];
    signal input outputs[rows][classes];
    signal input oneHot[rows][classes];
    signal input right[rows];
    signal input ceiling[rows];

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

    // Every row: activations of the hidden layers, and whether the row counts.
    component activation[rows][hiddenCount];
    component top[rows];
    var count = 0;
    for (var i = 0; i < rows; i++) {
        var neuron = 0;
        for (var l = 0; l < layers - 1; l++) {
            for (var j = 0; j < widths[l + 1]; j++) {
                activation[i][neuron] = Activation(square[l], magnitudeBits[l], shifts[l]);
                activation[i][neuron].z <== hidden[i][neuron];
                neuron++;
            }
        }
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

    // The challenge, after everything that it checks.
    var wordsOfRow = 0;
    var slotBits[layers];
    var words[layers];
    for (var l = 0; l < layers; l++) {
        slotBits[l] = l < layers - 1 ? magnitudeBits[l] + 1 : magnitudeBits[l] + 2;
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
