// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";

import {ModelEscrow} from "../../contracts/ModelEscrow.sol";
import {IModelEscrow} from "../../contracts/interfaces/IModelEscrow.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {MoodyAccount} from "../../contracts/test-doubles/MoodyAccount.sol";
import {MoodyRewards} from "../../contracts/test-doubles/MoodyRewards.sol";
import {PermitToken} from "../../contracts/test-doubles/PermitToken.sol";
import {vm} from "./Vm.sol";

/// @title Properties of the escrow for arbitrary values
contract ModelEscrowTest {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    address private constant SELLER = address(0x5e11e4);
    address private constant BUYER = address(0xb0e4);
    uint256 private constant START = 1_800_000_000;

    ModelEscrow private _escrow;
    PermitToken private _token;
    MoodyRewards private _rewards;

    function setUp() public {
        _escrow = new ModelEscrow();
        _token = new PermitToken();
        _rewards = new MoodyRewards();
        vm.warp(START);
    }

    /// Good terms with an opening drawn from `seed`.
    function _terms(uint256 seed) private view returns (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) {
        key = 1 + (uint256(keccak256(abi.encode(seed, "key"))) % (R - 1));
        opening = 1 + (uint256(keccak256(abi.encode(seed, "opening"))) % (R - 1));
        terms.buyer = BUYER;
        terms.price = 1 ether;
        terms.fundableUntil = uint64(block.timestamp + 10 days);
        terms.timeToRedeem = 1 days;
        terms.keyCommitment = PoseidonT3.hash([key, opening]);
        terms.core = seed % R;
        terms.orderHash = keccak256("order");
    }

    /// A round that takes shares of any deal in `token`.
    function _goodRound(address token) private pure returns (IShapleyRewards.Round memory round) {
        round.state = IShapleyRewards.State.Open;
        round.providers = 1;
        round.token = token;
        round.claimUntil = uint64(START + 150 days);
    }

    function _splitOf(uint256 round, uint16 basisPoints) private view returns (IModelEscrow.Split memory split) {
        return IModelEscrow.Split(address(_rewards), round, basisPoints, address(_rewards).codehash);
    }

    function _offer(IModelEscrow.Terms memory terms) private returns (uint256 dealId) {
        vm.prank(SELLER);
        return _escrow.offer(terms);
    }

    function _fund(uint256 dealId, uint256 price) private {
        vm.deal(BUYER, price);
        vm.prank(BUYER);
        _escrow.fund{value: price}(dealId);
    }

    function _expectUnauthorized(uint256 dealId, address caller, address required) private {
        vm.expectRevert(abi.encodeWithSelector(IModelEscrow.UnauthorizedCaller.selector, dealId, caller, required));
    }

    function _balance(address token, address account) private view returns (uint256) {
        return token == address(0) ? account.balance : PermitToken(token).balanceOf(account);
    }

    function _within(uint256 value, uint256 lowest, uint256 highest) private pure returns (uint256) {
        return lowest + (value % (highest - lowest + 1));
    }

    function testFuzz_offerTakesGoodTermsAndNoOthers(IModelEscrow.Terms memory terms, uint8 mended) public {
        // Wholly random terms are never good: each bit of `mended` makes one of them so.
        if (mended & 1 != 0) terms.token = address(0);
        if (mended & 2 != 0) terms.price = _within(terms.price, 1, type(uint128).max);
        if (mended & 4 != 0) terms.fundableUntil = uint64(_within(terms.fundableUntil, START + 1, START + 90 days));
        if (mended & 8 != 0) terms.timeToRedeem = uint32(_within(terms.timeToRedeem, 2 hours, 30 days));
        if (mended & 16 != 0) terms.keyCommitment = _within(terms.keyCommitment, 1, R - 1);
        if (mended & 32 != 0) terms.core %= R;
        if (mended & 64 != 0) terms.split = IModelEscrow.Split(address(0), 0, 0, 0);

        bool good = terms.buyer != address(0) && terms.buyer != SELLER;
        good = good && (terms.token == address(0) || terms.token.code.length > 0);
        good = good && terms.price > 0 && terms.price <= type(uint128).max;
        good = good && terms.fundableUntil > START && terms.fundableUntil <= START + 90 days;
        good = good && terms.timeToRedeem >= 2 hours && terms.timeToRedeem <= 30 days;
        good = good && terms.keyCommitment > 0 && terms.keyCommitment < R && terms.core < R;
        // A split that the runner made up is never that of a round.
        good = good && terms.split.rewards == address(0) && terms.split.round == 0;
        good = good && terms.split.basisPoints == 0 && terms.split.codeHash == 0;

        vm.prank(SELLER);
        try _escrow.offer(terms) returns (uint256 dealId) {
            assert(good);
            assert(dealId == _escrow.dealIdOf(SELLER, terms));
            assert(dealId < R);
            IModelEscrow.Deal memory stored = _escrow.deal(dealId);
            assert(stored.state == IModelEscrow.State.Offered && stored.seller == SELLER);
            assert(stored.buyer == terms.buyer && stored.token == terms.token && stored.price == terms.price);
            assert(stored.fundableUntil == terms.fundableUntil && stored.timeToRedeem == terms.timeToRedeem);
            assert(stored.keyCommitment == terms.keyCommitment && stored.refundableFrom == 0);
        } catch {
            assert(!good);
        }
    }

    function testFuzz_offerTakesGoodSplitsAndNoOthers(
        uint256 seed,
        uint256 roundId,
        uint16 basisPoints,
        uint256 mended,
        uint64 claimUntil,
        uint64 fundableUntil,
        uint32 timeToRedeem
    ) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        terms.fundableUntil = uint64(_within(fundableUntil, START + 1, START + 90 days));
        terms.timeToRedeem = uint32(_within(timeToRedeem, 2 hours, 30 days));
        IShapleyRewards.Round memory round = _goodRound(mended & 1 != 0 ? address(0) : address(_token));
        round.state = IShapleyRewards.State(mended & 2 != 0 ? 1 + (seed % 3) : seed % 6);
        round.providers = mended & 4 != 0 ? 1 : uint8(seed % 2);
        uint256 earliest = uint256(terms.fundableUntil) + terms.timeToRedeem + 30 days;
        round.claimUntil = uint64(_within(claimUntil, earliest - (mended & 8 != 0 ? 0 : 1 days), earliest + 1 days));
        _rewards.setRound(roundId, round);
        terms.split = _splitOf(roundId, mended & 16 != 0 ? uint16(_within(basisPoints, 1, 9_999)) : basisPoints);
        if (mended & 32 == 0) terms.split.codeHash = bytes32(seed);

        bool good = round.token == address(0) && round.providers > 0 && round.claimUntil >= earliest;
        good = good && uint256(round.state) >= 1 && uint256(round.state) <= 3;
        good = good && terms.split.basisPoints > 0 && terms.split.basisPoints < 10_000 && mended & 32 != 0;
        vm.prank(SELLER);
        try _escrow.offer(terms) returns (uint256 dealId) {
            assert(good);
            (address rewards, uint256 storedRound, uint16 storedShare, uint64 shareUntil) = _escrow.splitOf(dealId);
            assert(rewards == address(_rewards) && storedRound == roundId && storedShare == terms.split.basisPoints);
            assert(shareUntil == round.claimUntil - 30 days);
            assert(shareUntil >= terms.fundableUntil + terms.timeToRedeem);
        } catch {
            assert(!good);
        }
    }

    function testFuzz_aShareGoesToItsRoundAndNowhereElse(
        uint256 seed,
        uint128 price,
        uint256 roundId,
        uint16 basisPoints,
        bool inTokens,
        uint8 mood
    ) public {
        vm.assume(price > 0);
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        terms.price = price;
        terms.token = inTokens ? address(_token) : address(0);
        terms.split = _splitOf(roundId, uint16(_within(basisPoints, 1, 9_999)));
        _rewards.setRound(roundId, _goodRound(terms.token));
        uint256 dealId = _offer(terms);
        if (inTokens) {
            _token.mint(BUYER, price);
            vm.prank(BUYER);
            _token.approve(address(_escrow), price);
            vm.prank(BUYER);
            _escrow.fund(dealId);
        } else {
            _fund(dealId, price);
        }

        uint256 share = (uint256(price) * terms.split.basisPoints) / 10_000;
        _rewards.setMood(MoodyRewards.Mood(mood % 9));
        _escrow.redeem(dealId, key, opening);
        assert(_balance(terms.token, SELLER) == price - share);
        assert(_escrow.rewardCredit(address(_rewards), roundId, terms.token) == share);
        assert(_balance(terms.token, address(_escrow)) == share);

        try _escrow.forwardReward{gas: 1_000_000}(address(_rewards), roundId, terms.token) {
            assert(_balance(terms.token, address(_rewards)) == share && share > 0);
        } catch {
            assert(_escrow.rewardCredit(address(_rewards), roundId, terms.token) == share);
            assert(_balance(terms.token, address(_escrow)) == share);
        }
        uint256 left = _escrow.rewardCredit(address(_rewards), roundId, terms.token);
        assert(left == 0 || left == share);
        assert(_balance(terms.token, address(_escrow)) == left);
        assert(_balance(terms.token, SELLER) == price - share);
        assert(_token.allowance(address(_escrow), address(_rewards)) == 0);
    }

    function testFuzz_aShareIsTheRoundsInTimeAndTheBuyersAfter(uint256 seed, uint256 price, uint64 moment) public {
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        terms.price = _within(price, 1, type(uint128).max);
        terms.split = _splitOf(seed, uint16(_within(seed, 1, 9_999)));
        _rewards.setRound(seed, _goodRound(address(0)));
        uint256 dealId = _offer(terms);
        _fund(dealId, terms.price);
        uint256 shareUntil = START + 120 days;
        // One time in two within an hour of the moment that decides.
        if (seed % 2 == 0) moment = uint64(_within(moment, shareUntil - 1 hours, shareUntil + 1 hours));
        else moment = uint64(_within(moment, START, START + 1000 days));
        vm.warp(moment);
        _escrow.redeem(dealId, key, opening);

        uint256 share = (terms.price * terms.split.basisPoints) / 10_000;
        bool late = moment > shareUntil;
        assert(SELLER.balance == terms.price - share && _escrow.credit(SELLER, address(0)) == 0);
        assert(_escrow.rewardCredit(address(_rewards), seed, address(0)) == (late ? 0 : share));
        assert(_escrow.credit(BUYER, address(0)) == (late ? share : 0));
        assert(address(_escrow).balance == share && BUYER.balance == 0);
    }

    function testFuzz_anyGasPaysSellerAndRoundOrReverts(uint256 seed, uint256 gas, uint256 needed) public {
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        terms.split = _splitOf(seed, 2_500);
        _rewards.setRound(seed, _goodRound(address(0)));
        MoodyAccount account = new MoodyAccount();
        vm.prank(address(account));
        uint256 dealId = _escrow.offer(terms);
        _fund(dealId, terms.price);

        if (seed % 2 == 0) account.setSpending(_within(needed, 0, 55_000));
        else account.setDemand(_within(needed, 0, 55_000));
        uint256 share = terms.price / 4;
        try _escrow.redeem{gas: _within(gas, 20_000, 400_000)}(dealId, key, opening) {
            assert(address(account).balance == terms.price - share);
            assert(_escrow.rewardCredit(address(_rewards), seed, address(0)) == share);
        } catch {
            assert(_escrow.stateOf(dealId) == IModelEscrow.State.Funded);
            assert(_escrow.rewardCredit(address(_rewards), seed, address(0)) == 0);
        }
        assert(_escrow.credit(address(account), address(0)) == 0);

        try _escrow.forwardReward{gas: _within(seed, 20_000, 400_000)}(address(_rewards), seed, address(0)) {
            assert(_rewards.pool(seed) == share && address(_rewards).balance == share);
        } catch {
            assert(_rewards.pool(seed) == 0 && address(_rewards).balance == 0);
        }
    }

    function testFuzz_offersOfOneSellerUnderOneCommitmentExclude(uint256 seed, IModelEscrow.Terms memory other) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        _offer(terms);
        other.keyCommitment = terms.keyCommitment;
        vm.prank(SELLER);
        try _escrow.offer(other) {
            assert(false);
        } catch {}
    }

    function testFuzz_fundUpToFundableUntil(uint256 seed, uint64 wait) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        uint256 dealId = _offer(terms);
        uint256 timestamp = START + _within(wait, 0, 20 days);
        vm.warp(timestamp);
        vm.deal(BUYER, terms.price);
        vm.prank(BUYER);
        try _escrow.fund{value: terms.price}(dealId) {
            assert(timestamp <= terms.fundableUntil);
            assert(_escrow.deal(dealId).refundableFrom == timestamp + terms.timeToRedeem);
            assert(address(_escrow).balance == terms.price);
        } catch {
            assert(timestamp > terms.fundableUntil);
            assert(BUYER.balance == terms.price);
        }
    }

    function testFuzz_fundTakesExactlyThePrice(uint256 seed, uint128 price, uint128 sent) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        vm.assume(price > 0);
        terms.price = price;
        uint256 dealId = _offer(terms);
        vm.deal(BUYER, sent);
        vm.prank(BUYER);
        try _escrow.fund{value: sent}(dealId) {
            assert(sent == price);
        } catch {
            assert(sent != price);
        }
    }

    function testFuzz_nobodyElseCancelsFundsOrRefunds(uint256 seed, address caller) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        vm.assume(caller != SELLER && caller != BUYER);
        uint256 dealId = _offer(terms);

        _expectUnauthorized(dealId, caller, SELLER);
        vm.prank(caller);
        _escrow.cancel(dealId);

        vm.deal(caller, terms.price);
        _expectUnauthorized(dealId, caller, BUYER);
        vm.prank(caller);
        _escrow.fund{value: terms.price}(dealId);

        _fund(dealId, terms.price);
        vm.warp(START + 365 days);
        _expectUnauthorized(dealId, caller, BUYER);
        vm.prank(caller);
        _escrow.refund(dealId);
    }

    function testFuzz_refundFromRefundableFromOn(uint256 seed, uint64 wait) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        uint256 dealId = _offer(terms);
        _fund(dealId, terms.price);
        uint256 refundableFrom = START + terms.timeToRedeem;
        uint256 timestamp = START + _within(wait, 0, 2 * terms.timeToRedeem);
        vm.warp(timestamp);
        vm.prank(BUYER);
        try _escrow.refund(dealId) {
            assert(timestamp >= refundableFrom && BUYER.balance == terms.price);
        } catch {
            assert(timestamp < refundableFrom && BUYER.balance == 0);
        }
    }

    function testFuzz_aValidOpeningPaysTheSellerAtAnyTimeByAnyone(
        uint256 seed,
        uint128 price,
        uint64 wait,
        address caller
    ) public {
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        vm.assume(price > 0);
        terms.price = price;
        uint256 dealId = _offer(terms);
        _fund(dealId, price);
        vm.warp(START + wait);
        vm.prank(caller);
        _escrow.redeem(dealId, key, opening);
        assert(SELLER.balance == price && address(_escrow).balance == 0);
        assert(_escrow.stateOf(dealId) == IModelEscrow.State.Redeemed);
    }

    function testFuzz_aValidOpeningPaysTheSellerInTokens(uint256 seed, uint128 price, address caller) public {
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        vm.assume(price > 0);
        terms.price = price;
        terms.token = address(_token);
        uint256 dealId = _offer(terms);
        _token.mint(BUYER, price);
        vm.prank(BUYER);
        _token.approve(address(_escrow), price);
        vm.prank(BUYER);
        _escrow.fund(dealId);
        vm.prank(caller);
        _escrow.redeem(dealId, key, opening);
        assert(_token.balanceOf(SELLER) == price && _token.balanceOf(address(_escrow)) == 0);
    }

    function testFuzz_noOtherOpeningPays(uint256 seed, uint256 key, uint256 opening) public {
        (IModelEscrow.Terms memory terms, uint256 rightKey, uint256 rightOpening) = _terms(seed);
        vm.assume(key != rightKey || opening != rightOpening);
        uint256 dealId = _offer(terms);
        _fund(dealId, terms.price);
        try _escrow.redeem(dealId, key, opening) {
            assert(false);
        } catch {
            assert(_escrow.stateOf(dealId) == IModelEscrow.State.Funded);
        }
    }

    function testFuzz_aPayoutIsPushedOrCreditedWhateverTheSellerDoes(uint256 seed, uint8 mood, uint256 size) public {
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        MoodyAccount account = new MoodyAccount();
        vm.prank(address(account));
        uint256 dealId = _escrow.offer(terms);
        _fund(dealId, terms.price);

        account.setSpending(size % 150_000);
        if (mood % 2 == 0) account.setBomb(size % 1_000_000, mood % 4 == 0);
        account.setMood(MoodyAccount.Mood(mood % 7));
        _escrow.redeem(dealId, key, opening);
        uint256 credit = _escrow.credit(address(account), address(0));
        assert(credit == 0 || credit == terms.price);
        assert(address(account).balance + credit == terms.price);
        assert(address(_escrow).balance == credit);
    }

    function testFuzz_anyGasPaysOrReverts(uint256 seed, uint256 gas, uint256 needed) public {
        (IModelEscrow.Terms memory terms, uint256 key, uint256 opening) = _terms(seed);
        MoodyAccount account = new MoodyAccount();
        vm.prank(address(account));
        uint256 dealId = _escrow.offer(terms);
        _fund(dealId, terms.price);

        if (seed % 2 == 0) account.setSpending(_within(needed, 0, 55_000));
        else account.setDemand(_within(needed, 0, 55_000));
        try _escrow.redeem{gas: _within(gas, 20_000, 400_000)}(dealId, key, opening) {
            assert(address(account).balance == terms.price);
        } catch {
            assert(_escrow.stateOf(dealId) == IModelEscrow.State.Funded);
        }
        assert(_escrow.credit(address(account), address(0)) == 0);
    }

    function testFuzz_commitmentsOfDifferentSellersAreIndependent(uint256 seed, address other) public {
        (IModelEscrow.Terms memory terms, , ) = _terms(seed);
        vm.assume(other != SELLER && other != BUYER);
        uint256 first = _offer(terms);
        vm.prank(other);
        uint256 second = _escrow.offer(terms);
        assert(first != second);
        assert(_escrow.deal(first).seller == SELLER && _escrow.deal(second).seller == other);
    }
}
