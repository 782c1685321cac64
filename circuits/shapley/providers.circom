// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";
include "../hashing/sponge.circom";
include "../sealing/domains.circom";
include "./samples.circom";

/// @title One provider's registration
/// @notice Opens C = sponge(tag, roundId, payee, salt, count, words) and hashes it into the registry with the same payee,
///         so that a copied C earns its copier nothing: it opens with the first payee only. An inactive slot leaves the
///         registry as it is and has no rows.
/// @param wordCount words of data
/// @input roundId
/// @input before the registry up to here
/// @input active 0 or 1, checked by the caller
/// @input payee the account that registered
/// @input salt the provider's
/// @input count used rows; checked here to be 0 in an inactive slot
/// @input words packed rows
/// @output after the registry with this provider
/// Constraints: the sponge of wordCount + 4 words, and 263.
template Registration(wordCount) {
    signal input roundId;
    signal input before;
    signal input active;
    signal input payee;
    signal input salt;
    signal input count;
    signal input words[wordCount];
    signal output after;

    (1 - active) * count === 0;

    component commitment = Sponge(4 + wordCount);
    commitment.domain <== DOMAIN_SAMPLES();
    commitment.message[0] <== roundId;
    commitment.message[1] <== payee;
    commitment.message[2] <== salt;
    commitment.message[3] <== count;
    for (var w = 0; w < wordCount; w++) {
        commitment.message[4 + w] <== words[w];
    }

    component step = PoseidonEx(3, 1);
    step.initialState <== 0;
    step.inputs[0] <== before;
    step.inputs[1] <== payee;
    step.inputs[2] <== commitment.out;
    after <== before + active * (step.out[0] - before);
}

/// @title The providers of a round
/// @notice The active slots are the first p ones, in the order of the registry, so none of them can be left out.
/// @param slots P
/// @param rows m, most rows of a provider
/// @param features F; d = F + 1 with the intercept
/// @param outputs k
/// @param dataBits b
/// @input roundId
/// @input providers p; checked here to be the number of active slots
/// @input active 0 or 1; checked here
/// @input payees
/// @input salts
/// @input digits slots x rows x (features + outputs), see Samples
/// @input used slots x rows
/// @output registry h_p, from h_0 = 0
/// @output gram of each slot
/// @output targets of each slot
/// @output squares of all slots together
/// Constraints: 2 slots - 1, and Samples and Registration for each slot.
template Providers(slots, rows, features, outputs, dataBits) {
    var width = features + outputs;
    var d = features + 1;
    var perWord = 253 \ dataBits;
    var wordCount = (rows * width + perWord - 1) \ perWord;

    signal input roundId;
    signal input providers;
    signal input active[slots];
    signal input payees[slots];
    signal input salts[slots];
    signal input digits[slots][rows][width];
    signal input used[slots][rows];
    signal output registry;
    signal output gram[slots][(d * (d + 1)) \ 2];
    signal output targets[slots][d][outputs];
    signal output squares;

    component samples[slots];
    component registration[slots];
    var activeSlots = 0;
    var squareTotal = 0;
    for (var i = 0; i < slots; i++) {
        active[i] * (active[i] - 1) === 0;
        if (i > 0) {
            active[i] * (1 - active[i - 1]) === 0;
        }
        activeSlots += active[i];

        samples[i] = Samples(rows, features, outputs, dataBits, 1);
        samples[i].digits <== digits[i];
        samples[i].used <== used[i];
        gram[i] <== samples[i].gram;
        targets[i] <== samples[i].targets;
        squareTotal += samples[i].squares;

        registration[i] = Registration(wordCount);
        registration[i].roundId <== roundId;
        registration[i].before <== i == 0 ? 0 : registration[i - 1].after;
        registration[i].active <== active[i];
        registration[i].payee <== payees[i];
        registration[i].salt <== salts[i];
        registration[i].count <== samples[i].count;
        registration[i].words <== samples[i].words;
    }
    activeSlots === providers;
    squares <== squareTotal;
    registry <== registration[slots - 1].after;
}
