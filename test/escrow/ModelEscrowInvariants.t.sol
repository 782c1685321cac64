// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ModelEscrow} from "../../contracts/ModelEscrow.sol";
import {IModelEscrow} from "../../contracts/interfaces/IModelEscrow.sol";
import {EscrowHandler} from "./EscrowHandler.sol";
import {vm} from "./Vm.sol";

/// @title The invariants of contracts/invariants.md, by their numbers
/// @notice Numbers 6, 9, 10, 11 and 12 are asserted by the handler at each call, and a handler that reverts fails the
/// run; what they leave behind is checked here.
contract ModelEscrowInvariantsTest {
    EscrowHandler private _handler;
    ModelEscrow private _escrow;

    function setUp() public {
        vm.warp(1_800_000_000);
        _handler = new EscrowHandler();
        _escrow = _handler.escrow();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_money() public view {
        for (uint256 i = 0; i < _handler.tokenCount(); ++i) {
            address token = _handler.tokens(i);
            (uint256 locked, uint256 paid) = _lockedAndPaid(token);
            uint256 credits = _credits(token);
            uint256 shares = _rewardCredits(token);
            uint256 owned = _handler.balanceOf(token, address(_escrow));
            assert(owned >= locked + credits + shares); // 1
            assert(owned == locked + credits + shares + _handler.donated(token)); // 2
            assert(_handler.funded(token) == locked + paid); // 3
            uint256 shared = _handler.rewarded(token) + _handler.returned(token);
            assert(paid == _handler.pushed(token) + _handler.credited(token) + shared); // 3
            assert(credits + _handler.withdrawn(token) == _handler.credited(token) + _handler.returned(token)); // 4
        }
    }

    function invariant_credits() public view {
        for (uint256 i = 0; i < _handler.tokenCount(); ++i) {
            address token = _handler.tokens(i);
            for (uint256 j = 0; j < _handler.accountCount(); ++j) {
                address account = address(_handler.accounts(j));
                assert(_escrow.credit(account, token) == _handler.creditOf(account, token)); // 4
            }
            address stranger = _handler.STRANGER();
            assert(_escrow.credit(stranger, token) == 0); // 5
            assert(_handler.balanceOf(token, stranger) == _handler.givenToStranger(token)); // 5
        }
    }

    function invariant_shares() public view {
        address rewards = address(_handler.rewards());
        for (uint256 round = 0; round < _handler.roundCount(); ++round) {
            uint256 shares = 0;
            for (uint256 i = 0; i < _handler.recordCount(); ++i) {
                EscrowHandler.Record memory known = _handler.recordAt(i);
                bool hasSplit = known.terms.split.basisPoints != 0;
                if (!hasSplit || known.terms.split.round != round) continue;
                if (known.state == IModelEscrow.State.Redeemed && known.shared) shares += _handler.shareOf(known);
            }
            address token = _handler.tokenOfRound(round);
            assert(_escrow.rewardCredit(rewards, round, token) + _handler.forwarded(round) == shares); // 17
            for (uint256 i = 0; i < _handler.tokenCount(); ++i) {
                if (_handler.tokens(i) != token) assert(_escrow.rewardCredit(rewards, round, _handler.tokens(i)) == 0); // 17
            }
        }
        for (uint256 i = 0; i < _handler.tokenCount(); ++i) {
            address token = _handler.tokens(i);
            uint256 arrived = 0;
            for (uint256 round = 0; round < _handler.roundCount(); ++round) {
                if (_handler.tokenOfRound(round) == token) arrived += _handler.forwarded(round);
            }
            assert(_handler.balanceOf(token, rewards) == arrived); // 17
            assert(_escrow.credit(rewards, token) == 0); // 17
        }
        assert(_handler.permitToken().allowance(address(_escrow), rewards) == 0); // 18
        assert(_handler.approvalToken().allowance(address(_escrow), rewards) == 0); // 18
    }

    function invariant_deals() public view {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            EscrowHandler.Record memory known = _handler.recordAt(i);
            IModelEscrow.Deal memory stored = _escrow.deal(known.dealId);
            assert(stored.state == known.state); // 6
            bool closed = stored.state == IModelEscrow.State.Redeemed || stored.state == IModelEscrow.State.Refunded;
            assert(known.payouts == (closed ? 1 : 0)); // 7
            assert(known.paid == (closed ? known.terms.price : 0)); // 7
            bool wasFunded = closed || stored.state == IModelEscrow.State.Funded;
            assert((stored.refundableFrom != 0) == wasFunded); // 8, 13
            assert(stored.refundableFrom == known.refundableFrom); // 13
            assert(stored.seller == known.seller && stored.buyer == known.terms.buyer); // 14
            assert(stored.token == known.terms.token && stored.price == known.terms.price); // 14
            assert(stored.fundableUntil == known.terms.fundableUntil); // 14
            assert(stored.timeToRedeem == known.terms.timeToRedeem); // 14
            assert(stored.keyCommitment == known.terms.keyCommitment); // 14
            (address rewards, uint256 round, uint16 basisPoints, uint64 shareUntil) = _escrow.splitOf(known.dealId);
            assert(shareUntil == known.shareUntil); // 14
            assert(rewards == known.terms.split.rewards && round == known.terms.split.round); // 14
            assert(basisPoints == known.terms.split.basisPoints && basisPoints == stored.basisPoints); // 14
            assert(_escrow.dealIdOf(known.seller, known.terms) == known.dealId); // 14
        }
    }

    function invariant_commitments() public view {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            EscrowHandler.Record memory known = _handler.recordAt(i);
            assert(_escrow.keyCommitmentUsed(known.seller, known.terms.keyCommitment)); // 15
            for (uint256 j = 0; j < i; ++j) {
                EscrowHandler.Record memory earlier = _handler.recordAt(j);
                assert(earlier.seller != known.seller || earlier.terms.keyCommitment != known.terms.keyCommitment); // 15
                assert(earlier.dealId != known.dealId); // 14
            }
        }
    }

    function invariant_guardIsOpen() public {
        vm.prank(address(this));
        try _escrow.withdraw(address(0), address(this)) {
            assert(false);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == IModelEscrow.NoCredit.selector); // 16
        }
    }

    /// The checks above are worth what the handler reaches: a long run of it must see every kind of event.
    function test_theHandlerReachesEverything() public {
        for (uint256 step = 0; step < 800; ++step) {
            uint256 seed = uint256(keccak256(abi.encode("seed", step)));
            uint256 by = uint256(keccak256(abi.encode("by", step)));
            uint256 what = uint256(keccak256(abi.encode("what", step))) % 15;
            if (what <= 2) _handler.offer(seed);
            else if (what == 3) _handler.cancel(seed, by);
            else if (what <= 5) _handler.fund(seed);
            else if (what == 6) _handler.fundByAnyone(seed, by);
            else if (what == 7) _handler.redeem(seed, by);
            else if (what == 8) _handler.redeemWrongly(seed, by, seed);
            else if (what == 9) _handler.refund(seed, by);
            else if (what == 10) _handler.withdraw(seed, by);
            else if (what == 11) _handler.wait(seed);
            else if (what <= 13) _handler.forwardReward(seed, by);
            else if (step % 2 == 0) _handler.changeMoods(seed);
            else _handler.donate(seed);
        }
        invariant_money();
        invariant_credits();
        invariant_shares();
        invariant_deals();
        invariant_commitments();
        invariant_guardIsOpen();

        bytes32[23] memory events = [
            bytes32("offered"),
            "commitment refused",
            "cancelled",
            "cancel refused",
            "funded",
            "funded in ether",
            "funded with permit",
            "funding refused",
            "redeemed",
            "redeemed late",
            "redeem refused",
            "wrong opening refused",
            "refunded",
            "refund refused",
            "withdrawn",
            "pushed",
            "credited",
            "offered with split",
            "share credited",
            "share returned",
            "forwarded in ether",
            "forwarded in tokens",
            "forwarding refused"
        ];
        for (uint256 i = 0; i < events.length; ++i) assert(_handler.seen(events[i]) >= 3);
    }

    function _lockedAndPaid(address token) private view returns (uint256 locked, uint256 paid) {
        for (uint256 i = 0; i < _handler.recordCount(); ++i) {
            EscrowHandler.Record memory known = _handler.recordAt(i);
            if (known.terms.token != token) continue;
            if (_escrow.stateOf(known.dealId) == IModelEscrow.State.Funded) locked += known.terms.price;
            paid += known.paid;
        }
    }

    function _rewardCredits(address token) private view returns (uint256 sum) {
        for (uint256 round = 0; round < _handler.roundCount(); ++round) {
            sum += _escrow.rewardCredit(address(_handler.rewards()), round, token);
        }
    }

    function _credits(address token) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _handler.accountCount(); ++i) {
            sum += _escrow.credit(address(_handler.accounts(i)), token);
        }
    }
}
