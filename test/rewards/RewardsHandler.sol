// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";

import {ShapleyRewards} from "../../contracts/ShapleyRewards.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {MoodyAccount} from "../../contracts/test-doubles/MoodyAccount.sol";
import {MoodyToken} from "../../contracts/test-doubles/MoodyToken.sol";
import {PermitToken} from "../../contracts/test-doubles/PermitToken.sol";
import {RoundProver} from "./RoundProver.sol";
import {TrapdoorKey} from "./TrapdoorKey.sol";
import {signingVm} from "./SigningVm.sol";
import {vm} from "../escrow/Vm.sol";

/// @title Does to rewards rounds what anybody can do, and keeps books of its own
/// @notice The invariant runner calls the functions that take seeds in any order. Each draws a round in a fitting state, so that
/// most calls get far, and asserts what must follow at once; a failing assertion fails the run.
contract RewardsHandler is RoundProver {
    /// @notice What the handler knows of a round: the terms, and what it saw happen.
    struct Record {
        uint256 roundId;
        uint256 ownerKey;
        IShapleyRewards.Terms terms;
        IShapleyRewards.State state;
        address[] payees;
        uint256 registry;
        uint256 pool;
        uint256 claimed;
        uint256 swept;
        uint256[] weights;
        uint256 totalWeight;
        bytes32 resultDigest;
        IShapleyRewards.Result result;
    }

    uint256 private constant ACCOUNTS = 3;
    uint256 private constant KEYS = 3;
    address public constant STRANGER = address(0x57a17e);

    ShapleyRewards public immutable rewards;
    PermitToken public immutable permitToken = new PermitToken();
    MoodyToken public immutable moodyToken = new MoodyToken();

    /// @notice Ether, a good token, and one with moods.
    address[] public tokens;

    /// @notice Providers: accounts with code and moods, then accounts with keys.
    address[] public payees;

    Record[] private _records;

    mapping(address token => uint256 amount) public donated;
    mapping(address token => uint256 amount) public givenToStranger;
    mapping(address payee => uint256 nonce) public consentNonce;
    mapping(uint256 roundId => mapping(address payee => uint256 amount)) public paidTo;

    /// @notice How often each kind of event has happened.
    mapping(bytes32 what => uint256 times) public seen;

    constructor() {
        rewards = deployRewards();
        for (uint256 i = 0; i < ACCOUNTS; ++i) payees.push(address(new MoodyAccount()));
        for (uint256 i = 0; i < KEYS; ++i) payees.push(signingVm.addr(_payeeKey(i)));
        tokens.push(address(0));
        tokens.push(address(permitToken));
        tokens.push(address(moodyToken));
    }

    // What the runner calls

    function open(uint256 seed) external {
        IShapleyRewards.Terms memory terms;
        terms.token = tokens[_draw(seed, "token", tokens.length)];
        terms.validationCommitment = 1 + _draw(seed, "validation", R - 1);
        terms.encodingDigest = bytes32(seed);
        terms.ridgeBits = uint8(29 + _draw(seed, "ridge", 7));
        terms.registrationUntil = uint64(block.timestamp + 1 + _draw(seed, "registration", 10 days));
        terms.submissionUntil = uint64(terms.registrationUntil + 1 hours + _draw(seed, "submission", 10 days));
        terms.claimUntil = uint64(terms.submissionUntil + 30 days + _draw(seed, "claim", 10 days));
        terms.salt = bytes32(_draw(seed, "salt", 3));
        uint256 ownerKey = _ownerKey(_draw(seed, "owner", 2));
        vm.prank(signingVm.addr(ownerKey));
        uint256 roundId = rewards.open(terms);
        Record storage made = _records.push();
        made.roundId = roundId;
        made.ownerKey = ownerKey;
        made.terms = terms;
        made.state = IShapleyRewards.State.Open;
        _count("opened");

        vm.prank(signingVm.addr(ownerKey));
        try rewards.open(terms) {
            assert(false);
        } catch {}
    }

    /// A provider registers itself, with the owner's receipt or, now and then, with somebody else's.
    function register(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IShapleyRewards.State.Open);
        if (!found) return;
        address payee = payees[_draw(seed, "payee", payees.length)];
        uint256 commitment = 1 + _draw(seed, "commitment", R - 1);
        bool honest = _draw(seed, "honest", 8) != 0;
        uint256 signer = honest ? record.ownerKey : uint256(keccak256("nobody"));
        bytes memory receipt = receiptOf(rewards, signer, record.roundId, payee, commitment);
        bool fit = honest && _mayRegister(record, payee);
        vm.prank(payee);
        try rewards.register(record.roundId, commitment, receipt) {
            assert(fit);
            _registered(record, payee, commitment);
        } catch {
            assert(!fit);
            _count("registration refused");
        }
    }

    /// A provider with a key is registered by a relayer, with its consent or, now and then, with somebody else's.
    function registerFor(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IShapleyRewards.State.Open);
        if (!found) return;
        uint256 key = _payeeKey(_draw(seed, "key", KEYS));
        IShapleyRewards.Consent memory consent;
        consent.payee = signingVm.addr(key);
        consent.commitment = 1 + _draw(seed, "commitment", R - 1);
        uint256 current = consentNonce[consent.payee];
        consent.nonce = current + _draw(seed, "nonce", 4);
        bool stale = _draw(seed, "stale", 6) == 0 && current > 0;
        if (stale) consent.nonce = _draw(seed, "stale nonce", current);
        consent.deadline = uint64(block.timestamp - 1 + _draw(seed, "deadline", 10));
        bool honest = _draw(seed, "honest", 8) != 0;
        bytes memory signature = consentOf(rewards, honest ? key : record.ownerKey, record.roundId, consent);
        bytes memory receipt = receiptOf(rewards, record.ownerKey, record.roundId, consent.payee, consent.commitment);
        bool fit = honest && !stale && consent.deadline >= block.timestamp && _mayRegister(record, consent.payee);
        vm.prank(STRANGER);
        try rewards.registerFor(record.roundId, consent, signature, receipt) {
            assert(fit);
            _registered(record, consent.payee, consent.commitment);
            _count("registered by consent");
        } catch {
            assert(!fit);
            _count("consent refused");
        }
    }

    function revokeConsents(uint256 seed) external {
        address payee = payees[_draw(seed, "payee", payees.length)];
        uint256 nonce = _draw(seed, "nonce", 30);
        bool fit = nonce > consentNonce[payee];
        vm.prank(payee);
        try rewards.revokeConsents(nonce) {
            assert(fit);
            consentNonce[payee] = nonce;
            _count("revoked");
        } catch {
            assert(!fit);
        }
    }

    function fund(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IShapleyRewards.State(1 + _draw(seed, "state", 3)));
        if (!found) return;
        bool byOwner = _draw(seed, "by", 2) == 0;
        address caller = byOwner ? signingVm.addr(record.ownerKey) : STRANGER;
        uint256 amount = 1 + _draw(seed, "amount", type(uint96).max);
        bool fit = _isBeforeSweep(record) && block.timestamp <= record.terms.claimUntil;
        fit = fit && (byOwner || record.payees.length > 0);
        uint256 value = _give(record.terms.token, caller, amount);
        vm.prank(caller);
        try rewards.fund{value: value}(record.roundId, amount) {
            assert(fit);
            record.pool += amount;
            if (caller == STRANGER) givenToStranger[record.terms.token] -= amount;
            _count("funded");
        } catch {
            assert(!fit);
            _count("funding refused");
        }
    }

    /// Anybody brings a proof, of values as large as slack or as large as can be.
    function submit(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IShapleyRewards.State.Open);
        if (!found) return;
        // Often a round that waits for its proof, so that most runs get beyond it.
        for (uint256 i = 0; i < _records.length && !_isProvable(record) && seed % 4 != 0; ++i) record = _records[i];
        IShapleyRewards.Result memory result = _result(seed, record.payees.length);
        uint256[8] memory proof = _prove(record, result, seed);
        bool fit = _isProvable(record);
        vm.prank(STRANGER);
        try rewards.submit(record.roundId, proof, result) {
            assert(fit);
            _submitted(record, result);
        } catch {
            assert(!fit);
            _count("submission refused");
        }
    }

    /// To a round that waits for its proof: a proof of other values, of another round, or with another bit.
    function submitWrongly(uint256 seed) external {
        (Record storage record, bool found) = _pickProvable(seed);
        if (!found) return;
        IShapleyRewards.Result memory result = _result(seed, record.payees.length);
        uint256[8] memory proof = _prove(record, result, seed);
        uint256 way = _draw(seed, "way", 4);
        if (way == 0) {
            uint256 slot = _draw(seed, "slot", result.values.length);
            result.values[slot] += result.values[slot] > 0 ? int64(-1) : int64(1);
        } else if (way == 1) {
            result.loss += R;
        } else if (way == 2) {
            Record storage other = _records[_draw(seed, "other", _records.length)];
            if (other.roundId == record.roundId) return;
            proof = _prove(other, result, seed);
        } else {
            proof[_draw(seed, "word", 8)] ^= 1 << _draw(seed, "bit", 256);
        }
        try rewards.submit(record.roundId, proof, result) {
            assert(false);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == IShapleyRewards.InvalidProof.selector);
            _count("wrong proof refused");
        }
    }

    function settleMissed(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IShapleyRewards.State.Open);
        if (!found) return;
        bool empty = record.payees.length == 0;
        uint256 until = empty ? record.terms.registrationUntil : record.terms.submissionUntil;
        bool fit = record.state == IShapleyRewards.State.Open && block.timestamp > until;
        vm.prank(STRANGER);
        try rewards.settleMissed(record.roundId) {
            assert(fit);
            record.state = empty ? IShapleyRewards.State.Refunded : IShapleyRewards.State.Equal;
            if (!empty) _setEqual(record);
            _count(empty ? bytes32("refunded") : bytes32("settled equally"));
        } catch {
            assert(!fit);
            _count("settlement refused");
        }
    }

    /// A provider claims, or somebody claims for it, whatever its account and the token do.
    function claim(uint256 seed) external {
        IShapleyRewards.State wanted = IShapleyRewards.State(2 + _draw(seed, "state", 2));
        (Record storage record, bool found) = _pick(seed, wanted);
        if (!found || record.payees.length == 0) return;
        uint256 slot = _draw(seed, "slot", record.payees.length);
        address payee = record.payees[slot];
        bool byPayee = _draw(seed, "by", 2) == 0;
        address to = byPayee ? payees[_draw(seed, "to", payees.length)] : payee;
        uint256 due = _due(record, slot);
        uint256 before = _balance(record.terms.token, to);
        vm.prank(byPayee ? payee : STRANGER);
        if (byPayee) {
            try rewards.claim(record.roundId, record.result, to) {
                _claimed(record, slot, to, before, due);
            } catch {
                _claimRefused(record, to, before, due);
            }
        } else {
            try rewards.claimFor(record.roundId, record.result, to) {
                _claimed(record, slot, to, before, due);
            } catch {
                _claimRefused(record, to, before, due);
            }
        }
    }

    function claimWithAnotherResult(uint256 seed) external {
        (Record storage record, bool found) = _pick(seed, IShapleyRewards.State.Submitted);
        if (!found || record.state != IShapleyRewards.State.Submitted) return;
        IShapleyRewards.Result memory other = record.result;
        other.values[_draw(seed, "slot", other.values.length)] = 2 ** 61 - 1;
        if (digestOf(other) == record.resultDigest) return;
        address payee = record.payees[_draw(seed, "payee", record.payees.length)];
        try rewards.claimFor(record.roundId, other, payee) {
            assert(false);
        } catch {
            _count("wrong result refused");
        }
    }

    function sweep(uint256 seed) external {
        if (_records.length == 0) return;
        Record storage record = _records[seed % _records.length];
        bool byOwner = _draw(seed, "by", 6) != 0;
        address owner = signingVm.addr(record.ownerKey);
        address token = record.terms.token;
        address to = seed % 2 == 0 ? owner : payees[_draw(seed, "to", payees.length)];
        bool fit = byOwner && record.state != IShapleyRewards.State.Swept;
        fit = fit && (record.state == IShapleyRewards.State.Refunded || block.timestamp > record.terms.claimUntil);
        bool refused = record.pool > record.claimed && _refuses(token, to);
        uint256 held = _balance(token, address(rewards));
        uint256 owned = _balance(token, to);
        vm.prank(byOwner ? owner : STRANGER);
        try rewards.sweep(record.roundId, to) {
            assert(fit && !refused);
            record.state = IShapleyRewards.State.Swept;
            // By what has moved, not by what should have: the invariants compare it.
            record.swept = held - _balance(token, address(rewards));
            assert(_balance(token, to) == owned + record.swept);
            _count(record.swept == 0 ? bytes32("swept nothing") : bytes32("swept"));
        } catch {
            assert(!fit || refused);
            assert(_balance(token, address(rewards)) == held && _balance(token, to) == owned);
            _count("sweep refused");
        }
    }

    function wait(uint256 seed) external {
        vm.warp(block.timestamp + _draw(seed, "wait", seed % 6 == 0 ? 20 days : 5 days));
        _count("waited");
    }

    function changeMoods(uint256 seed) external {
        MoodyAccount account = MoodyAccount(payable(payees[_draw(seed, "account", ACCOUNTS)]));
        account.setBomb(_draw(seed, "size", 20_000), seed % 2 == 0);
        account.setMood(seed % 3 == 0 ? MoodyAccount.Mood.Accept : MoodyAccount.Mood(_draw(seed, "mood", 6)));
        bool good = _draw(seed, "good", 2) == 0;
        moodyToken.setMood(
            good ? MoodyToken.Mood.True : MoodyToken.Mood(_draw(seed, "token", 7)),
            MoodyToken.Mood.True
        );
    }

    function donate(uint256 seed) external {
        address token = tokens[_draw(seed, "token", tokens.length)];
        uint256 amount = _draw(seed, "amount", 1 ether);
        donated[token] += amount;
        if (token == address(0)) vm.deal(address(rewards), address(rewards).balance + amount);
        else PermitToken(token).mint(address(rewards), amount);
        _count("donated");
    }

    // What the invariants read

    function recordCount() external view returns (uint256) {
        return _records.length;
    }

    function tokenCount() external view returns (uint256) {
        return tokens.length;
    }

    function payeeCount() external view returns (uint256) {
        return payees.length;
    }

    function recordAt(uint256 index) external view returns (Record memory) {
        return _records[index];
    }

    function ownerOf(uint256 index) external view returns (address) {
        return signingVm.addr(_records[index].ownerKey);
    }

    function balanceOf(address token, address account) external view returns (uint256) {
        return _balance(token, account);
    }

    // How it is done

    function _mayRegister(Record storage record_, address payee) private view returns (bool) {
        for (uint256 i = 0; i < record_.payees.length; ++i) {
            if (record_.payees[i] == payee) return false;
        }
        return
            record_.state == IShapleyRewards.State.Open &&
            record_.payees.length < SLOTS &&
            block.timestamp <= record_.terms.registrationUntil;
    }

    function _registered(Record storage record_, address payee, uint256 commitment) private {
        record_.payees.push(payee);
        record_.registry = PoseidonT4.hash([record_.registry, uint256(uint160(payee)), commitment]);
        _count("registered");
    }

    function _submitted(Record storage record_, IShapleyRewards.Result memory result) private {
        uint256 total = 0;
        for (uint256 slot = 0; slot < result.values.length; ++slot) {
            uint256 weight = result.values[slot] > 0 ? uint64(result.values[slot]) : 0;
            record_.weights.push(weight);
            total += weight;
        }
        record_.result = result;
        record_.resultDigest = digestOf(result);
        record_.totalWeight = total;
        record_.state = IShapleyRewards.State.Submitted;
        if (total < 1000 * rewards.slackOf(record_.terms.ridgeBits)) {
            record_.state = IShapleyRewards.State.Equal;
            _setEqual(record_);
            _count("submitted equal");
        }
        _count("submitted");
    }

    function _setEqual(Record storage record_) private {
        delete record_.weights;
        for (uint256 slot = 0; slot < record_.payees.length; ++slot) record_.weights.push(1);
        record_.totalWeight = record_.payees.length;
    }

    function _claimed(Record storage record_, uint256 slot, address to, uint256 balanceBefore, uint256 due) private {
        assert(due > 0 && !_refuses(record_.terms.token, to));
        assert(_balance(record_.terms.token, to) == balanceBefore + due);
        address payee = record_.payees[slot];
        paidTo[record_.roundId][payee] += due;
        record_.claimed += due;
        assert(paidTo[record_.roundId][payee] == (record_.pool * record_.weights[slot]) / record_.totalWeight);
        _count("claimed");
    }

    function _claimRefused(Record storage record_, address to, uint256 balanceBefore, uint256 due) private {
        assert(_balance(record_.terms.token, to) == balanceBefore);
        assert(due == 0 || _refuses(record_.terms.token, to));
        _count(due == 0 ? bytes32("claim refused") : bytes32("payout refused"));
    }

    /// Gives the caller what it wants to pay, and approves it. Returns the ether that has to go with the call.
    function _give(address token, address caller, uint256 amount) private returns (uint256 value) {
        if (caller == STRANGER) givenToStranger[token] += amount;
        if (token == address(0)) {
            vm.deal(caller, caller.balance + amount);
            return amount;
        }
        PermitToken(token).mint(caller, amount);
        if (token == address(permitToken)) {
            vm.prank(caller);
            permitToken.approve(address(rewards), amount);
        }
    }

    function _due(Record storage record_, uint256 slot) private view returns (uint256) {
        bool split = record_.state == IShapleyRewards.State.Submitted || record_.state == IShapleyRewards.State.Equal;
        if (!split || block.timestamp > record_.terms.claimUntil) return 0;
        uint256 share = (record_.pool * record_.weights[slot]) / record_.totalWeight;
        return share - paidTo[record_.roundId][record_.payees[slot]];
    }

    function _isProvable(Record storage record_) private view returns (bool) {
        return
            record_.state == IShapleyRewards.State.Open &&
            record_.payees.length > 0 &&
            block.timestamp > record_.terms.registrationUntil &&
            block.timestamp <= record_.terms.submissionUntil;
    }

    function _isBeforeSweep(Record storage record_) private view returns (bool) {
        return
            record_.state == IShapleyRewards.State.Open ||
            record_.state == IShapleyRewards.State.Submitted ||
            record_.state == IShapleyRewards.State.Equal;
    }

    /// Whether a payment to this account fails now. All others must succeed.
    function _refuses(address token, address to) private view returns (bool) {
        if (token == address(moodyToken)) {
            MoodyToken.Mood mood = moodyToken.transferMood();
            return mood != MoodyToken.Mood.True && mood != MoodyToken.Mood.Nothing && mood != MoodyToken.Mood.Bomb;
        }
        if (token != address(0) || to.code.length == 0) return false;
        MoodyAccount.Mood accountMood = MoodyAccount(payable(to)).mood();
        return
            accountMood == MoodyAccount.Mood.Reject ||
            accountMood == MoodyAccount.Mood.Burn ||
            accountMood == MoodyAccount.Mood.FailBomb;
    }

    function _result(uint256 seed, uint256 providers) private pure returns (IShapleyRewards.Result memory result) {
        result.values = new int64[](providers);
        uint256 bits = _draw(seed, "size", 2) == 0 ? 30 : 62;
        for (uint256 slot = 0; slot < providers; ++slot) {
            uint256 drawn = uint256(keccak256(abi.encode(seed, "value", slot))) % 2 ** bits;
            result.values[slot] = int64(int256(drawn) - int256(2 ** (bits - 1)));
        }
        result.modelCommitment = _draw(seed, "model", R);
        result.loss = _draw(seed, "loss", R);
    }

    function _prove(
        Record storage record_,
        IShapleyRewards.Result memory result,
        uint256 seed
    ) private view returns (uint256[8] memory) {
        return TrapdoorKey.prove(signalsOf(record_.roundId, rewards.round(record_.roundId), result), seed);
    }

    /// A round in the wanted state if one is met from a random place on; one time in eight, any round.
    function _pick(uint256 seed, IShapleyRewards.State wanted) private view returns (Record storage found, bool any) {
        uint256 count = _records.length;
        if (count == 0) return (_empty(), false);
        uint256 start = seed % count;
        found = _records[start];
        if (_draw(seed, "any", 8) == 0) return (found, true);
        for (uint256 i = 1; i < count && found.state != wanted; ++i) found = _records[(start + i) % count];
        return (found, true);
    }

    /// A round that waits for its proof, the first from a random place on.
    function _pickProvable(uint256 seed) private view returns (Record storage found, bool any) {
        found = _empty();
        for (uint256 i = 0; i < _records.length; ++i) {
            found = _records[((seed % _records.length) + i) % _records.length];
            if (_isProvable(found)) return (found, true);
        }
    }

    function _balance(address token, address account) private view returns (uint256) {
        return token == address(0) ? account.balance : IERC20(token).balanceOf(account);
    }

    function _count(bytes32 what) private {
        ++seen[what];
    }

    function _empty() private pure returns (Record storage nothing) {
        assembly {
            nothing.slot := 0
        }
    }

    function _ownerKey(uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("owner", index)));
    }

    function _payeeKey(uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("payee", index)));
    }

    function _draw(uint256 seed, string memory what, uint256 below) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what))) % below;
    }
}
