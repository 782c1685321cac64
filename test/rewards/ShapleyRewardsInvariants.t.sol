// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ShapleyRewards} from "../../contracts/ShapleyRewards.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {RewardsHandler} from "./RewardsHandler.sol";
import {vm} from "../escrow/Vm.sol";

/// @title The invariants of contracts/invariants.md on rewards rounds, by their numbers
/// @notice Numbers 12 and 13 and the moments of 3, 5, 6 and 8 are asserted by the handler at each call, and a handler that
/// reverts fails the run; what they leave behind is checked here.
contract ShapleyRewardsInvariantsTest {
    RewardsHandler private _handler;
    ShapleyRewards private _rewards;

    function setUp() public {
        vm.warp(1_800_000_000);
        _handler = new RewardsHandler();
        _rewards = _handler.rewards();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_money() public view {
        for (uint256 i = 0; i < _handler.tokenCount(); ++i) {
            address token = _handler.tokens(i);
            uint256 owed = 0;
            for (uint256 j = 0; j < _handler.recordCount(); ++j) {
                RewardsHandler.Record memory known = _handler.recordAt(j);
                if (known.terms.token == token) owed += known.pool - known.claimed - known.swept;
            }
            assert(_handler.balanceOf(token, address(_rewards)) == owed + _handler.donated(token)); // 1
            assert(_handler.balanceOf(token, _handler.STRANGER()) == _handler.givenToStranger(token)); // 4
        }
    }

    function invariant_shares() public view {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            RewardsHandler.Record memory known = _handler.recordAt(i);
            IShapleyRewards.Round memory stored = _rewards.round(known.roundId);
            assert(stored.pool == known.pool && stored.claimed == known.claimed); // 2
            uint256 paidToAll = 0;
            uint256 sharesOfAll = 0;
            for (uint256 slot = 0; slot < known.payees.length; ++slot) {
                uint256 paid = _paid(known.roundId, known.payees[slot]);
                assert(paid == _handler.paidTo(known.roundId, known.payees[slot])); // 3
                paidToAll += paid;
                if (known.totalWeight == 0) continue;
                uint256 share = (known.pool * known.weights[slot]) / known.totalWeight;
                assert(paid <= share); // 3
                sharesOfAll += share;
            }
            assert(paidToAll == known.claimed && sharesOfAll <= known.pool); // 2
            if (known.totalWeight > 0) assert(known.pool - sharesOfAll < known.payees.length); // 2: the rest is dust
            if (known.state == IShapleyRewards.State.Swept)
                assert(known.claimed + known.swept == known.pool); // 2
            else assert(known.swept == 0);
        }
    }

    function invariant_values() public view {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            RewardsHandler.Record memory known = _handler.recordAt(i);
            IShapleyRewards.Round memory stored = _rewards.round(known.roundId);
            assert(stored.resultDigest == known.resultDigest); // 5, 6
            assert(stored.totalWeight == known.totalWeight); // 5, 6, 7
            if (stored.state == IShapleyRewards.State.Submitted) {
                assert(stored.resultDigest != 0 && stored.totalWeight >= 1000 * uint256(stored.slack)); // 7
            }
            if (stored.state == IShapleyRewards.State.Equal) assert(stored.totalWeight == stored.providers); // 7
        }
    }

    function invariant_rounds() public view {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            RewardsHandler.Record memory known = _handler.recordAt(i);
            IShapleyRewards.Round memory stored = _rewards.round(known.roundId);
            assert(stored.state == known.state); // 8
            bool split = stored.state == IShapleyRewards.State.Submitted || stored.state == IShapleyRewards.State.Equal;
            if (split) assert(stored.providers > 0); // 9
            if (stored.state == IShapleyRewards.State.Refunded) assert(stored.providers == 0); // 9
            assert(stored.owner == _handler.ownerOf(i) && stored.token == known.terms.token); // 10
            assert(stored.registrationUntil == known.terms.registrationUntil); // 10
            assert(stored.submissionUntil == known.terms.submissionUntil); // 10
            assert(stored.claimUntil == known.terms.claimUntil); // 10
            assert(stored.ridgeBits == known.terms.ridgeBits); // 10
            assert(stored.slack == _rewards.slackOf(known.terms.ridgeBits)); // 10
            assert(stored.validationCommitment == known.terms.validationCommitment); // 10
            assert(_rewards.roundIdOf(stored.owner, known.terms) == known.roundId); // 10
        }
    }

    function invariant_registrations() public view {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            RewardsHandler.Record memory known = _handler.recordAt(i);
            IShapleyRewards.Round memory stored = _rewards.round(known.roundId);
            assert(stored.providers == known.payees.length && stored.providers <= _rewards.shape().providers); // 11
            assert(stored.registry == known.registry); // 11
            uint256 places = 0;
            for (uint256 j = 0; j < _handler.payeeCount(); ++j) {
                if (_slotPlusOne(known.roundId, _handler.payees(j)) > 0) ++places;
            }
            assert(places == known.payees.length); // 11, 12
            for (uint256 slot = 0; slot < known.payees.length; ++slot) {
                assert(_slotPlusOne(known.roundId, known.payees[slot]) == slot + 1); // 11
            }
        }
        for (uint256 j = 0; j < _handler.payeeCount(); ++j) {
            address payee = _handler.payees(j);
            assert(_rewards.consentNonce(payee) == _handler.consentNonce(payee)); // 14
        }
    }

    function invariant_guardIsOpen() public {
        try _rewards.sweep(0, address(this)) {
            assert(false);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == IShapleyRewards.WrongState.selector); // 15
        }
    }

    /// The checks above are worth what the handler reaches: a long run of it must see every kind of event.
    function test_theHandlerReachesEverything() public {
        for (uint256 step = 0; step < 1200; ++step) _step(step);
        invariant_money();
        invariant_shares();
        invariant_values();
        invariant_rounds();
        invariant_registrations();
        invariant_guardIsOpen();

        bytes32[23] memory events = [
            bytes32("opened"),
            "registered",
            "registration refused",
            "registered by consent",
            "consent refused",
            "revoked",
            "funded",
            "funding refused",
            "submitted",
            "submitted equal",
            "submission refused",
            "wrong proof refused",
            "settled equally",
            "refunded",
            "settlement refused",
            "claimed",
            "claim refused",
            "payout refused",
            "wrong result refused",
            "swept",
            "sweep refused",
            "waited",
            "donated"
        ];
        for (uint256 i = 0; i < events.length; ++i)
            require(_handler.seen(events[i]) >= 3, string(abi.encodePacked(events[i])));
    }

    function _step(uint256 step) private {
        uint256 seed = uint256(keccak256(abi.encode("seed", step)));
        uint256 what = uint256(keccak256(abi.encode("what", step))) % 24;
        if (what <= 1) _handler.open(seed);
        else if (what <= 6) _handler.register(seed);
        else if (what <= 8) _handler.registerFor(seed);
        else if (what == 9) _handler.revokeConsents(seed);
        else if (what <= 12) _handler.fund(seed);
        else if (what <= 14) _handler.submit(seed);
        else _otherStep(what, seed);
    }

    function _otherStep(uint256 what, uint256 seed) private {
        if (what == 15) _handler.submitWrongly(seed);
        else if (what == 16) _handler.settleMissed(seed);
        else if (what <= 18) _handler.claim(seed);
        else if (what == 19) _handler.claimWithAnotherResult(seed);
        else if (what == 20) _handler.sweep(seed);
        else if (what == 21) _handler.wait(seed);
        else if (what == 22) _handler.changeMoods(seed);
        else _handler.donate(seed);
    }

    function _paid(uint256 roundId, address payee) private view returns (uint256 paid) {
        (, paid) = _rewards.provider(roundId, payee);
    }

    function _slotPlusOne(uint256 roundId, address payee) private view returns (uint256 slotPlusOne) {
        (slotPlusOne, ) = _rewards.provider(roundId, payee);
    }
}
