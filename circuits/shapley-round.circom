// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "./hashing/sponge.circom";
include "./sealing/domains.circom";
include "./shapley/coalition.circom";
include "./shapley/providers.circom";
include "./shapley/round-context.circom";
include "./shapley/samples.circom";
include "./shapley/shapley-values.circom";
include "./shapley/trained-model.circom";

/// @title A rewards round
/// @notice The values are the exact Shapley values of the providers behind the registry, up to the stated slack: for every
///         coalition a model is trained on its rows, and its utility is the drop of the squared error on the validation
///         rows against the zero predictor. The model of all providers is committed to. Empty slots have no rows, which
///         makes them null players.
/// @param slots P, 1 to 12
/// @param rows m, most rows of a provider
/// @param features F
/// @param outputs k
/// @param dataBits b
/// @param fractionBits f
/// @param thetaBits f + g
/// @param validationRows n_v
/// @param residualBits range of the residuals of 1, ..., P providers
/// @param biasBits r = ceil(log2(F + 1))
/// @param valueShift T, see ShapleyValues
/// @input context roundId * 2^10 + p * 2^6 + l, public
/// @input active which slots are used
/// @input payees
/// @input salts of the data commitments
/// @input digits slots x rows x (features + outputs)
/// @input used slots x rows
/// @input validationSalt
/// @input validationDigits validationRows x (features + outputs)
/// @input validationUsed
/// @input theta of the coalitions 1 to 2^P - 1, (F + 1) x k each; bit i of a coalition's number stands for slot i
/// @input modelSalt
/// @output values 3 words, see ShapleyValues
/// @output registry
/// @output modelCommitment
/// @output validationCommitment
/// @output loss
/// Constraints: docs/circuits.md has the formula, roundConstraints in packages/shapley/src/round-circuit.ts computes it.
template ShapleyRound(
    slots, rows, features, outputs, dataBits, fractionBits, thetaBits, validationRows, residualBits, biasBits, valueShift
) {
    var width = features + outputs;
    var d = features + 1;
    var gramEntries = (d * (d + 1)) \ 2;
    var everyone = 2 ** slots - 1;
    var perWord = 253 \ dataBits;
    var validationWords = (validationRows * width + perWord - 1) \ perWord;

    signal input context;
    signal input active[slots];
    signal input payees[slots];
    signal input salts[slots];
    signal input digits[slots][rows][width];
    signal input used[slots][rows];
    signal input validationSalt;
    signal input validationDigits[validationRows][width];
    signal input validationUsed[validationRows];
    signal input theta[everyone][d][outputs];
    signal input modelSalt;
    signal output values[3];
    signal output registry;
    signal output modelCommitment;
    signal output validationCommitment;
    signal output loss;

    component round = RoundContext();
    round.context <== context;

    component providers = Providers(slots, rows, features, outputs, dataBits);
    providers.roundId <== round.roundId;
    providers.providers <== round.providers;
    providers.active <== active;
    providers.payees <== payees;
    providers.salts <== salts;
    providers.digits <== digits;
    providers.used <== used;
    registry <== providers.registry;

    component validation = Samples(validationRows, features, outputs, dataBits, 0);
    validation.digits <== validationDigits;
    validation.used <== validationUsed;
    component sponge = Sponge(2 + validationWords);
    sponge.domain <== DOMAIN_VALIDATION();
    sponge.message[0] <== validationSalt;
    sponge.message[1] <== validation.count;
    for (var w = 0; w < validationWords; w++) {
        sponge.message[2 + w] <== validation.words[w];
    }
    validationCommitment <== sponge.out;

    // Sums over the members of each coalition.
    signal gram[everyone][gramEntries];
    signal targets[everyone][d][outputs];
    for (var mask = 1; mask <= everyone; mask++) {
        for (var n = 0; n < gramEntries; n++) {
            var entry = 0;
            for (var i = 0; i < slots; i++) {
                if ((mask >> i) % 2 == 1) {
                    entry += providers.gram[i][n];
                }
            }
            gram[mask - 1][n] <== entry;
        }
        for (var a = 0; a < d; a++) {
            for (var c = 0; c < outputs; c++) {
                var entry = 0;
                for (var i = 0; i < slots; i++) {
                    if ((mask >> i) % 2 == 1) {
                        entry += providers.targets[i][a][c];
                    }
                }
                targets[mask - 1][a][c] <== entry;
            }
        }
    }

    // Every coalition but that of all slots, whose model is the one that is trained.
    component shapley = ShapleyValues(slots, valueShift);
    component coalition[everyone - 1];
    for (var mask = 1; mask < everyone; mask++) {
        coalition[mask - 1] =
            Coalition(d, outputs, fractionBits, thetaBits, residualBits[COALITION_SIZE(mask) - 1]);
        coalition[mask - 1].gram <== gram[mask - 1];
        coalition[mask - 1].targets <== targets[mask - 1];
        coalition[mask - 1].ridge <== round.ridge;
        coalition[mask - 1].theta <== theta[mask - 1];
        coalition[mask - 1].validationGram <== validation.gram;
        coalition[mask - 1].validationTargets <== validation.targets;
        shapley.utilities[mask - 1] <== coalition[mask - 1].utility;
    }

    component training =
        ModelTraining(features, outputs, fractionBits, thetaBits, residualBits[slots - 1], biasBits);
    training.gram <== gram[everyone - 1];
    training.targets <== targets[everyone - 1];
    training.squares <== providers.squares;
    training.ridge <== round.ridge;
    training.theta <== theta[everyone - 1];
    training.salt <== modelSalt;
    modelCommitment <== training.commitment;
    loss <== training.loss;

    component trained = Utility(d, outputs, fractionBits);
    trained.gram <== validation.gram;
    trained.targets <== validation.targets;
    trained.theta <== theta[everyone - 1];
    shapley.utilities[everyone - 1] <== trained.utility;

    values <== shapley.words;
}
