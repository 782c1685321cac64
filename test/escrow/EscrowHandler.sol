// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";

import {ModelEscrow} from "../../contracts/ModelEscrow.sol";
import {IModelEscrow} from "../../contracts/interfaces/IModelEscrow.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {ApprovalToken} from "../../contracts/test-doubles/ApprovalToken.sol";
import {MoodyAccount} from "../../contracts/test-doubles/MoodyAccount.sol";
import {MoodyRewards} from "../../contracts/test-doubles/MoodyRewards.sol";
import {MoodyToken} from "../../contracts/test-doubles/MoodyToken.sol";
import {PermitToken} from "../../contracts/test-doubles/PermitToken.sol";
import {vm} from "./Vm.sol";

/// @title Does to an escrow what anybody can do, and keeps books of its own
/// @notice The invariant runner calls the functions that take seeds in any order. Each draws a deal in a fitting state, so
/// that most calls get far, and asserts what must follow at once; a failing assertion fails the run.
contract EscrowHandler {
    /// @notice What the handler knows of a deal: the offer, the opening, and what it saw happen.
    struct Record {
        uint256 dealId;
        address seller;
        IModelEscrow.Terms terms;
        uint256 key;
        uint256 opening;
        IModelEscrow.State state;
        uint256 refundableFrom;
        uint64 shareUntil;
        bool shared;
        uint256 payouts;
        uint256 paid;
    }

    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant ACCOUNTS = 4;
    uint256 private constant ROUNDS_PER_TOKEN = 2;
    address public constant STRANGER = address(0x57a17e);

    ModelEscrow public immutable escrow = new ModelEscrow();
    PermitToken public immutable permitToken = new PermitToken();
    MoodyToken public immutable moodyToken = new MoodyToken();
    ApprovalToken public immutable approvalToken = new ApprovalToken();

    /// @notice Takes the shares, as it is told.
    MoodyRewards public immutable rewards = new MoodyRewards();

    /// @notice Sellers and buyers, all with code and moods.
    MoodyAccount[] public accounts;

    /// @notice Ether, a good token, one with moods, and one whose allowances have moods.
    address[] public tokens;

    Record[] private _records;

    mapping(address token => uint256 amount) public funded;
    mapping(address token => uint256 amount) public pushed;
    mapping(address token => uint256 amount) public credited;
    mapping(address token => uint256 amount) public withdrawn;
    mapping(address token => uint256 amount) public rewarded;
    mapping(address token => uint256 amount) public returned;
    mapping(uint256 round => uint256 amount) public forwarded;
    mapping(address token => uint256 amount) public donated;
    mapping(address account => mapping(address token => uint256 amount)) public creditOf;
    mapping(address token => uint256 amount) public givenToStranger;

    /// @notice How often each kind of event has happened.
    mapping(bytes32 what => uint256 times) public seen;

    constructor() {
        for (uint256 i = 0; i < ACCOUNTS; ++i) accounts.push(new MoodyAccount());
        tokens.push(address(0));
        tokens.push(address(permitToken));
        tokens.push(address(moodyToken));
        tokens.push(address(approvalToken));
        for (uint256 i = 0; i < tokens.length * ROUNDS_PER_TOKEN; ++i) _showRound(i, type(uint64).max);
    }

    // What the runner calls

    function offer(uint256 seed) external {
        uint256 sellerAt = _draw(seed, "seller", ACCOUNTS);
        uint256 buyerAt = (sellerAt + 1 + _draw(seed, "buyer", ACCOUNTS - 1)) % ACCOUNTS;
        Record memory made;
        made.seller = address(accounts[sellerAt]);
        made.key = 1 + _draw(seed, "key", R - 1);
        made.opening = 1 + _draw(seed, "opening", R - 1);
        made.state = IModelEscrow.State.Offered;
        made.terms.buyer = address(accounts[buyerAt]);
        uint256 tokenAt = _draw(seed, "token", tokens.length);
        made.terms.token = tokens[tokenAt];
        bool splits = _draw(seed, "split", 2) == 0;
        if (splits) {
            made.terms.split = IModelEscrow.Split({
                rewards: address(rewards),
                round: tokenAt * ROUNDS_PER_TOKEN + _draw(seed, "round", ROUNDS_PER_TOKEN),
                basisPoints: uint16(1 + _draw(seed, "basisPoints", 9_999)),
                codeHash: address(rewards).codehash
            });
        }
        made.terms.price = 1 + _draw(seed, "price", type(uint96).max);
        made.terms.fundableUntil = uint64(block.timestamp + 1 + _draw(seed, "fundableUntil", 5 days));
        made.terms.timeToRedeem = uint32(2 hours + _draw(seed, "timeToRedeem", 5 days));
        if (splits) {
            // The end of the round that this offer sees. Some keys come after it, most before.
            made.shareUntil = uint64(made.terms.fundableUntil + made.terms.timeToRedeem + _draw(seed, "end", 1 days));
            _showRound(made.terms.split.round, made.shareUntil + 30 days);
        }
        made.terms.keyCommitment = PoseidonT3.hash([made.key, made.opening]);
        made.terms.core = _draw(seed, "core", R);
        // Now and then with a commitment that is in use, which only another seller may do.
        if (_records.length > 0 && _draw(seed, "copy", 4) == 0) {
            Record storage copied = _records[_draw(seed, "copied", _records.length)];
            (made.key, made.opening) = (copied.key, copied.opening);
            made.terms.keyCommitment = copied.terms.keyCommitment;
        }

        bool used = escrow.keyCommitmentUsed(made.seller, made.terms.keyCommitment);
        vm.prank(made.seller);
        try escrow.offer(made.terms) returns (uint256 dealId) {
            assert(!used);
            made.dealId = dealId;
            _records.push(made);
            _count("offered");
            if (made.terms.split.basisPoints != 0) _count("offered with split");
        } catch {
            assert(used);
            _count("commitment refused");
        }
    }

    function cancel(uint256 seed, uint256 by) external {
        (Record storage record, bool found) = _pick(seed, IModelEscrow.State.Offered);
        if (!found) return;
        address caller = _caller(by);
        vm.prank(caller);
        try escrow.cancel(record.dealId) {
            assert(caller == record.seller && record.state == IModelEscrow.State.Offered);
            record.state = IModelEscrow.State.Cancelled;
            _count("cancelled");
        } catch {
            assert(caller != record.seller || record.state != IModelEscrow.State.Offered);
            _count("cancel refused");
        }
    }

    /// The buyer funds an open offer, so that most runs get beyond it. {fundByAnyone} tries the rest.
    function fund(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IModelEscrow.State.Offered);
        if (found) _fund(record, record.terms.buyer, seed % 2 == 0);
    }

    function fundByAnyone(uint256 seed, uint256 by) external {
        if (_records.length > 0) _fund(_records[seed % _records.length], _caller(by), by % 2 == 0);
    }

    function redeem(uint256 seed, uint256 by) external {
        (Record storage record, bool found) = _pick(seed, IModelEscrow.State.Funded);
        if (!found) return;
        // One time in two a deal whose share comes too late, if there is one.
        for (uint256 i = 0; seed % 2 == 0 && i < _records.length; ++i)
            if (_isTooLate(_records[i])) record = _records[i];
        bool open = record.state == IModelEscrow.State.Funded;
        uint256 balance = _balance(record.terms.token, record.seller);
        vm.prank(_caller(by));
        try escrow.redeem(record.dealId, record.key, record.opening) {
            assert(open);
            record.state = IModelEscrow.State.Redeemed;
            uint256 share = shareOf(record);
            record.shared = block.timestamp <= record.shareUntil;
            if (share != 0 && !record.shared) _bookLateShare(record, share);
            _book(record, record.seller, balance, share);
            _count(block.timestamp < record.refundableFrom ? bytes32("redeemed") : bytes32("redeemed late"));
        } catch {
            assert(!open);
            _count("redeem refused");
        }
    }

    function redeemWrongly(uint256 seed, uint256 key, uint256 opening) external {
        (Record storage record, bool found) = _pick(seed, IModelEscrow.State.Funded);
        if (!found || (key == record.key && opening == record.opening)) return;
        if (seed % 3 == 0) (key, opening) = (record.key + R, record.opening);
        if (seed % 3 == 1) (key, opening) = (record.opening, record.key);
        try escrow.redeem(record.dealId, key, opening) {
            assert(false);
        } catch {
            _count("wrong opening refused");
        }
    }

    function refund(uint256 seed, uint256 by) external {
        (Record storage record, bool found) = _pick(seed, IModelEscrow.State.Funded);
        if (!found) return;
        address caller = by % 4 == 0 ? _caller(by) : record.terms.buyer;
        bool open = record.state == IModelEscrow.State.Funded && caller == record.terms.buyer;
        open = open && block.timestamp >= record.refundableFrom;
        uint256 balance = _balance(record.terms.token, record.terms.buyer);
        vm.prank(caller);
        try escrow.refund(record.dealId) {
            assert(open);
            record.state = IModelEscrow.State.Refunded;
            _book(record, record.terms.buyer, balance, 0);
            _count("refunded");
        } catch {
            assert(!open);
            _count("refund refused");
        }
    }

    function withdraw(uint256 seed, uint256 by) external {
        address caller = _caller(by);
        uint256 tokenAt = _draw(seed, "token", tokens.length);
        // One time in two, a token in which the caller has a credit, if there is one.
        for (uint256 i = 0; seed % 2 == 0 && i < tokens.length && creditOf[caller][tokens[tokenAt]] == 0; ++i) {
            tokenAt = (tokenAt + 1) % tokens.length;
        }
        address token = tokens[tokenAt];
        address to = address(accounts[_draw(seed, "to", ACCOUNTS)]);
        uint256 owed = creditOf[caller][token];
        uint256 balance = _balance(token, to);
        vm.prank(caller);
        try escrow.withdraw(token, to) {
            assert(owed > 0 && _balance(token, to) == balance + owed);
            creditOf[caller][token] = 0;
            withdrawn[token] += owed;
            _count("withdrawn");
        } catch {
            assert(_balance(token, to) == balance);
            _count("withdrawal refused");
        }
    }

    function forwardReward(uint256 seed, uint256 by) external {
        uint256 round = _draw(seed, "round", roundCount());
        address token = tokens[round / ROUNDS_PER_TOKEN];
        uint256 owed = escrow.rewardCredit(address(rewards), round, token);
        uint256 balance = _balance(token, address(rewards));
        vm.prank(_caller(by));
        try escrow.forwardReward{gas: 2_000_000}(address(rewards), round, token) {
            assert(owed > 0 && _balance(token, address(rewards)) == balance + owed);
            forwarded[round] += owed;
            _count(token == address(0) ? bytes32("forwarded in ether") : bytes32("forwarded in tokens"));
        } catch {
            bool good = rewards.mood() == MoodyRewards.Mood.Take && token != address(moodyToken);
            good = good && (token != address(approvalToken) || approvalToken.mood() == ApprovalToken.Mood.True);
            assert(owed == 0 || !good);
            assert(_balance(token, address(rewards)) == balance);
            _count(owed == 0 ? bytes32("nothing to forward") : bytes32("forwarding refused"));
        }
    }

    function wait(uint256 seed) external {
        vm.warp(block.timestamp + _draw(seed, "wait", seed % 4 == 0 ? 6 days : 3 hours));
        _count("waited");
    }

    function changeMoods(uint256 seed) external {
        MoodyAccount account = accounts[_draw(seed, "account", ACCOUNTS)];
        account.setSpending(_draw(seed, "gas", 100_000));
        account.setBomb(_draw(seed, "size", 200_000), seed % 2 == 0);
        account.setMood(MoodyAccount.Mood(_draw(seed, "mood", 8)));
        moodyToken.setMood(MoodyToken.Mood(_draw(seed, "token mood", 10)), MoodyToken.Mood.True);
        approvalToken.setMood(ApprovalToken.Mood(_draw(seed, "good", 2) * _draw(seed, "approval mood", 7)));
        bytes memory reentry = abi.encodeCall(escrow.forwardReward, (address(rewards), seed % roundCount(), tokens[0]));
        rewards.setReentry(address(escrow), reentry);
        rewards.setMood(MoodyRewards.Mood(_draw(seed, "well", 2) * _draw(seed, "rewards mood", 9)));
    }

    function donate(uint256 seed) external {
        address token = tokens[_draw(seed, "token", tokens.length)];
        uint256 amount = _draw(seed, "amount", 1 ether);
        donated[token] += amount;
        if (token == address(0)) vm.deal(address(escrow), address(escrow).balance + amount);
        else PermitToken(token).mint(address(escrow), amount);
        _count("donated");
    }

    // What the invariants read

    function recordCount() external view returns (uint256) {
        return _records.length;
    }

    function tokenCount() external view returns (uint256) {
        return tokens.length;
    }

    function accountCount() external pure returns (uint256) {
        return ACCOUNTS;
    }

    function roundCount() public view returns (uint256) {
        return tokens.length * ROUNDS_PER_TOKEN;
    }

    function tokenOfRound(uint256 round) external view returns (address) {
        return tokens[round / ROUNDS_PER_TOKEN];
    }

    /// @notice What a redemption credits to the round of a deal.
    function shareOf(Record memory record) public pure returns (uint256) {
        return (record.terms.price * record.terms.split.basisPoints) / 10_000;
    }

    function recordAt(uint256 index) external view returns (Record memory) {
        return _records[index];
    }

    function balanceOf(address token, address account) external view returns (uint256) {
        return _balance(token, account);
    }

    // How it is done

    function _fund(Record storage record_, address caller, bool byPermit) private {
        IModelEscrow.Terms storage terms = record_.terms;
        bool open = record_.state == IModelEscrow.State.Offered && caller == terms.buyer;
        open = open && block.timestamp <= terms.fundableUntil;
        bool inEther = terms.token == address(0);
        if (caller == STRANGER) givenToStranger[terms.token] += terms.price;
        if (inEther) {
            vm.deal(caller, caller.balance + terms.price);
            vm.prank(caller);
            try escrow.fund{value: terms.price}(record_.dealId) {
                _booked(record_, open);
            } catch {
                assert(!open);
                _count("funding refused");
            }
            return;
        }
        PermitToken(terms.token).mint(caller, terms.price);
        if (terms.token == address(permitToken)) {
            vm.prank(caller);
            permitToken.approve(address(escrow), terms.price);
        }
        if (terms.token == address(approvalToken)) approvalToken.grant(caller, address(escrow), terms.price);
        vm.prank(caller);
        if (byPermit) {
            try escrow.fundWithPermit(record_.dealId, 0, 27, 0, 0) {
                _booked(record_, open);
                _count("funded with permit");
            } catch {
                assert(!open);
                _count("funding refused");
            }
        } else {
            try escrow.fund(record_.dealId) {
                _booked(record_, open);
            } catch {
                assert(!open);
                _count("funding refused");
            }
        }
    }

    function _booked(Record storage record_, bool open) private {
        assert(open);
        record_.state = IModelEscrow.State.Funded;
        record_.refundableFrom = block.timestamp + record_.terms.timeToRedeem;
        funded[record_.terms.token] += record_.terms.price;
        _count("funded");
        if (record_.terms.token == address(0)) _count("funded in ether");
    }

    function _showRound(uint256 round, uint64 claimUntil) private {
        IShapleyRewards.Round memory shown;
        shown.state = IShapleyRewards.State.Open;
        shown.providers = 1;
        shown.claimUntil = claimUntil;
        shown.token = tokens[round / ROUNDS_PER_TOKEN];
        rewards.setRound(round, shown);
    }

    /// Books a share that came too late for its round as the buyer's.
    function _bookLateShare(Record storage record_, uint256 share) private {
        (address buyer, address token) = (record_.terms.buyer, record_.terms.token);
        assert(escrow.credit(buyer, token) == creditOf[buyer][token] + share);
        creditOf[buyer][token] += share;
        returned[token] += share;
        _count("share returned");
    }

    /// Books a payout as pushed or credited, by what the payee has now, and a share as the round's.
    function _book(Record storage record_, address payee, uint256 balanceBefore, uint256 share) private {
        address token = record_.terms.token;
        uint256 price = record_.terms.price;
        uint256 arrived = _balance(token, payee) - balanceBefore;
        uint256 owed = escrow.credit(payee, token) - creditOf[payee][token];
        assert(arrived + owed == price - share && (arrived == 0 || owed == 0));
        ++record_.payouts;
        record_.paid += arrived + owed + share;
        if (record_.shared) rewarded[token] += share;
        if (share != 0 && record_.shared) _count("share credited");
        pushed[token] += arrived;
        credited[token] += owed;
        creditOf[payee][token] += owed;
        _count(owed == 0 ? bytes32("pushed") : bytes32("credited"));
    }

    /// A deal in the wanted state if one is met from a random place on; one time in eight, any deal.
    function _pick(uint256 seed, IModelEscrow.State wanted) private view returns (Record storage found, bool any) {
        uint256 count = _records.length;
        if (count == 0) return (_empty(), false);
        uint256 start = seed % count;
        found = _records[start];
        if (_draw(seed, "any", 8) == 0) return (found, true);
        for (uint256 i = 1; i < count && found.state != wanted; ++i) found = _records[(start + i) % count];
        return (found, true);
    }

    function _isTooLate(Record storage record_) private view returns (bool) {
        bool funded_ = record_.state == IModelEscrow.State.Funded && record_.shareUntil != 0;
        return funded_ && block.timestamp > record_.shareUntil;
    }

    function _empty() private pure returns (Record storage nothing) {
        assembly {
            nothing.slot := 0
        }
    }

    function _caller(uint256 seed) private view returns (address) {
        uint256 index = seed % (ACCOUNTS + 1);
        return index == ACCOUNTS ? STRANGER : address(accounts[index]);
    }

    function _balance(address token, address account) private view returns (uint256) {
        return token == address(0) ? account.balance : IERC20(token).balanceOf(account);
    }

    function _draw(uint256 seed, string memory what, uint256 below) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what))) % below;
    }

    function _count(bytes32 what) private {
        ++seen[what];
    }
}
