// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";

import {ShapleyRewards} from "../../contracts/ShapleyRewards.sol";
import {IRewardsVerifier} from "../../contracts/interfaces/IRewardsVerifier.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {RoundProver} from "./RoundProver.sol";
import {TrapdoorKey} from "./TrapdoorKey.sol";
import {signingVm} from "./SigningVm.sol";
import {vm} from "../escrow/Vm.sol";

/// @title Properties of rewards rounds for arbitrary values
contract ShapleyRewardsTest is RoundProver {
    uint256 private constant START = 1_800_000_000;

    ShapleyRewards private _rewards;
    address private _owner;

    function setUp() public {
        vm.warp(START);
        _rewards = deployRewards();
        _owner = signingVm.addr(OWNER_KEY);
    }

    function _terms() private pure returns (IShapleyRewards.Terms memory terms) {
        terms.validationCommitment = 5;
        terms.ridgeBits = RIDGE_BITS;
        terms.registrationUntil = uint64(START + 10 days);
        terms.submissionUntil = uint64(START + 20 days);
        terms.claimUntil = uint64(START + 60 days);
    }

    function _open(IShapleyRewards.Terms memory terms) private returns (uint256 roundId) {
        vm.prank(_owner);
        return _rewards.open(terms);
    }

    function _payee(uint256 slot) private pure returns (address) {
        return address(uint160(0xa11ce000 + slot));
    }

    function _register(uint256 roundId, address payee, uint256 commitment) private {
        bytes memory receipt = receiptOf(_rewards, OWNER_KEY, roundId, payee, commitment);
        vm.prank(payee);
        _rewards.register(roundId, commitment, receipt);
    }

    /// A round with so many providers whose registration is over.
    function _ready(uint256 providers) private returns (uint256 roundId) {
        roundId = _open(_terms());
        for (uint256 slot = 0; slot < providers; ++slot) _register(roundId, _payee(slot), slot + 1);
        vm.warp(START + 10 days + 1);
    }

    function _result(uint256 providers, uint256 seed) private pure returns (IShapleyRewards.Result memory result) {
        result.values = new int64[](providers);
        for (uint256 slot = 0; slot < providers; ++slot) {
            uint256 drawn = uint256(keccak256(abi.encode(seed, slot)));
            // Half of them are as large as slack, where weights turn to equal shares, the others as large as can be.
            uint256 bits = drawn % 2 == 0 ? 42 : 62;
            result.values[slot] = int64(int256((drawn >> 8) % 2 ** bits) - int256(2 ** (bits - 1)));
        }
        result.modelCommitment = uint256(keccak256(abi.encode(seed, "model"))) % R;
        result.loss = uint256(keccak256(abi.encode(seed, "loss"))) % R;
    }

    function _prove(
        uint256 roundId,
        IShapleyRewards.Result memory result,
        uint256 seed
    ) private view returns (uint256[8] memory) {
        return TrapdoorKey.prove(signalsOf(roundId, _rewards.round(roundId), result), seed);
    }

    function testFuzz_verifierBindsEverySignal(uint256[8] memory signals, uint256 index, uint256 other) public view {
        IRewardsVerifier verifier = _rewards.verifier();
        for (uint256 i = 0; i < 8; ++i) signals[i] %= R;
        uint256[8] memory proof = TrapdoorKey.prove(signals, other);
        assert(verifier.verify(proof, signals));
        index %= 8;
        if (signals[index] == other) return;
        signals[index] = other;
        assert(!verifier.verify(proof, signals));
    }

    function testFuzz_verifierTakesNoOtherProof(
        uint256[8] memory signals,
        uint256[8] memory proof,
        uint256 i
    ) public view {
        IRewardsVerifier verifier = _rewards.verifier();
        for (uint256 j = 0; j < 8; ++j) signals[j] %= R;
        assert(!verifier.verify(proof, signals));
        uint256[8] memory valid = TrapdoorKey.prove(signals, 0);
        if (valid[i % 8] == proof[i % 8]) return;
        valid[i % 8] = proof[i % 8];
        assert(!verifier.verify(valid, signals));
    }

    function testFuzz_openTakesGoodTermsAndNoOthers(IShapleyRewards.Terms memory terms, uint8 mended) public {
        // Wholly random terms are never good: each bit of `mended` makes one of them so.
        if (mended & 1 != 0) terms.token = address(0);
        if (mended & 2 != 0) terms.validationCommitment = within(terms.validationCommitment, 1, R - 1);
        if (mended & 4 != 0) terms.ridgeBits = uint8(within(terms.ridgeBits, 29, 35));
        if (mended & 8 != 0) {
            terms.registrationUntil = uint64(within(terms.registrationUntil, START - 1, START + 366 days));
            // Half of them near the least time to submit.
            uint256 most = terms.submissionUntil % 2 == 0 ? 2 hours : 365 days + 1;
            terms.submissionUntil = uint64(terms.registrationUntil + within(terms.submissionUntil, 0, most));
        }
        if (mended & 16 != 0) {
            uint256 wanted = uint256(terms.submissionUntil) + within(terms.claimUntil, 29 days, 3651 days);
            if (wanted <= type(uint64).max) terms.claimUntil = uint64(wanted);
        }
        bool good = terms.token == address(0) || terms.token.code.length > 0;
        good = good && terms.validationCommitment > 0 && terms.validationCommitment < R;
        good = good && terms.registrationUntil > START && terms.registrationUntil <= START + 365 days;
        good = good && uint256(terms.submissionUntil) >= uint256(terms.registrationUntil) + 1 hours;
        good = good && terms.submissionUntil - terms.registrationUntil <= 365 days;
        good = good && terms.claimUntil >= terms.submissionUntil && terms.claimUntil - terms.submissionUntil >= 30 days;
        good = good && terms.claimUntil - terms.submissionUntil <= 3650 days;
        if (good) {
            try _rewards.slackOf(terms.ridgeBits) returns (uint256) {} catch {
                good = false;
            }
        }

        vm.prank(_owner);
        try _rewards.open(terms) returns (uint256 roundId) {
            assert(good);
            assert(roundId == _rewards.roundIdOf(_owner, terms) && roundId < 2 ** 160);
            IShapleyRewards.Round memory stored = _rewards.round(roundId);
            assert(stored.owner == _owner && stored.state == IShapleyRewards.State.Open && stored.token == terms.token);
            assert(stored.registrationUntil == terms.registrationUntil && stored.claimUntil == terms.claimUntil);
            assert(stored.submissionUntil == terms.submissionUntil && stored.ridgeBits == terms.ridgeBits);
            assert(stored.slack == _rewards.slackOf(terms.ridgeBits) && stored.slack > 0);
        } catch {
            assert(!good);
        }
    }

    function testFuzz_registryIsTheRunningHash(uint256[4] memory commitments, uint8 providers) public {
        uint256 roundId = _open(_terms());
        uint256 registry = 0;
        for (uint256 slot = 0; slot < within(providers, 1, SLOTS); ++slot) {
            commitments[slot] = within(commitments[slot], 1, R - 1);
            _register(roundId, _payee(slot), commitments[slot]);
            registry = PoseidonT4.hash([registry, uint256(uint160(_payee(slot))), commitments[slot]]);
            assert(_rewards.round(roundId).registry == registry);
        }
    }

    function testFuzz_registerNeedsTheOwnersKey(uint256 key, uint256 commitment, address payee) public {
        key = within(key, 1, 2 ** 200);
        vm.assume(key != OWNER_KEY && payee != address(0) && payee.code.length == 0);
        uint256 roundId = _open(_terms());
        commitment = within(commitment, 1, R - 1);
        bytes memory receipt = receiptOf(_rewards, key, roundId, payee, commitment);
        vm.prank(payee);
        try _rewards.register(roundId, commitment, receipt) {
            assert(false);
        } catch {}
        _register(roundId, payee, commitment);
    }

    function testFuzz_registerForNeedsThePayeesKey(uint256 key, IShapleyRewards.Consent memory consent) public {
        uint256 payeeKey = uint256(keccak256("payee"));
        key = within(key, 1, 2 ** 200);
        consent.payee = signingVm.addr(payeeKey);
        consent.commitment = within(consent.commitment, 1, R - 1);
        consent.nonce = within(consent.nonce, 0, type(uint256).max - 1);
        consent.deadline = uint64(within(consent.deadline, START, type(uint64).max));
        uint256 roundId = _open(_terms());
        bytes memory receipt = receiptOf(_rewards, OWNER_KEY, roundId, consent.payee, consent.commitment);
        bytes memory wrong = consentOf(_rewards, key, roundId, consent);
        try _rewards.registerFor(roundId, consent, wrong, receipt) {
            assert(false);
        } catch {}
        _rewards.registerFor(roundId, consent, consentOf(_rewards, payeeKey, roundId, consent), receipt);
        assert(_rewards.consentNonce(consent.payee) == 0);
    }

    function testFuzz_submitTakesWhatIsProvenAndNothingElse(
        uint8 count,
        uint256 seed,
        uint8 what,
        uint256 other
    ) public {
        uint256 providers = within(count, 1, SLOTS);
        uint256 roundId = _ready(providers);
        IShapleyRewards.Result memory result = _result(providers, seed);
        uint256[8] memory proof = _prove(roundId, result, seed);
        IShapleyRewards.Result memory changed = _result(providers, seed);
        if (what % 3 == 0) changed.loss = other;
        else if (what % 3 == 1) changed.modelCommitment = other;
        else changed.values[other % providers] = int64(uint64(other >> 8));
        if (digestOf(changed) != digestOf(result)) {
            try _rewards.submit(roundId, proof, changed) {
                assert(false);
            } catch {}
        }
        _rewards.submit(roundId, proof, result);

        IShapleyRewards.Round memory stored = _rewards.round(roundId);
        uint256 total = 0;
        for (uint256 slot = 0; slot < providers; ++slot) {
            if (result.values[slot] > 0) total += uint64(result.values[slot]);
        }
        bool equal = total < 1000 * uint256(stored.slack);
        assert(stored.state == (equal ? IShapleyRewards.State.Equal : IShapleyRewards.State.Submitted));
        assert(stored.totalWeight == (equal ? providers : total));
        assert(stored.resultDigest == digestOf(result));
    }

    function testFuzz_claimsAddUpToThePool(uint8 count, uint256 seed, uint128[4] memory amounts) public {
        uint256 providers = within(count, 1, SLOTS);
        uint256 roundId = _ready(providers);
        IShapleyRewards.Result memory result = _result(providers, seed);
        _rewards.submit(roundId, _prove(roundId, result, seed), result);
        IShapleyRewards.Round memory stored = _rewards.round(roundId);
        bool equal = stored.state == IShapleyRewards.State.Equal;

        uint256 pool = 0;
        for (uint256 step = 0; step < 4; ++step) {
            uint256 amount = within(amounts[step], 1, 2 ** 126);
            vm.deal(address(this), amount);
            _rewards.fund{value: amount}(roundId, amount);
            pool += amount;
            uint256 slot = seed % providers;
            seed = uint256(keccak256(abi.encode(seed)));
            if (_rewards.claimable(roundId, _payee(slot), result) > 0) _rewards.claimFor(roundId, result, _payee(slot));
        }
        uint256 paid = 0;
        for (uint256 slot = 0; slot < providers; ++slot) {
            if (_rewards.claimable(roundId, _payee(slot), result) > 0) _rewards.claimFor(roundId, result, _payee(slot));
            uint256 weight = equal ? 1 : (result.values[slot] > 0 ? uint64(result.values[slot]) : 0);
            assert(_payee(slot).balance == (pool * weight) / stored.totalWeight);
            paid += _payee(slot).balance;
        }
        stored = _rewards.round(roundId);
        assert(stored.pool == pool && stored.claimed == paid);
        assert(address(_rewards).balance == pool - paid && pool - paid < providers);
    }

    function testFuzz_timesOfSubmissionAndClaim(uint64 wait, uint256 seed) public {
        uint256 roundId = _ready(1);
        IShapleyRewards.Result memory result = _result(1, seed);
        uint256[8] memory proof = _prove(roundId, result, seed);
        vm.deal(address(this), 1);
        _rewards.fund{value: 1}(roundId, 1);
        uint256 timestamp = START + within(wait, 0, 70 days);
        vm.warp(timestamp);
        try _rewards.submit(roundId, proof, result) {
            assert(timestamp > START + 10 days && timestamp <= START + 20 days);
        } catch {
            assert(timestamp <= START + 10 days || timestamp > START + 20 days);
            try _rewards.settleMissed(roundId) {
                assert(timestamp > START + 20 days);
            } catch {
                assert(timestamp <= START + 10 days);
            }
        }
        IShapleyRewards.State state = _rewards.round(roundId).state;
        uint256 due = _rewards.claimable(roundId, _payee(0), result);
        try _rewards.claimFor(roundId, result, _payee(0)) {
            assert(state != IShapleyRewards.State.Open && timestamp <= START + 60 days && due == 1);
        } catch {
            assert(state == IShapleyRewards.State.Open || timestamp > START + 60 days);
            assert(due == 0);
        }
        vm.prank(_owner);
        try _rewards.sweep(roundId, _owner) {
            assert(timestamp > START + 60 days);
        } catch {
            assert(timestamp <= START + 60 days);
        }
    }
}
