// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";

import {RoundBounds} from "./RoundBounds.sol";
import {IRewardsVerifier} from "./interfaces/IRewardsVerifier.sol";
import {IShapleyRewards} from "./interfaces/IShapleyRewards.sol";
import {ShapleyRoundPublicSignals as Signals} from "./verifiers/ShapleyRoundPublicSignals.sol";

/// @title Rewards rounds: data providers are paid what their rows were worth to a model
/// @notice See {IShapleyRewards} for what each function does and when. The contract has no owner, no proxy, no pause and no fee;
/// verifier and shape are fixed for all rounds when it is made.
/// @dev Three rules hold everywhere. One: all of a function's own state is written before coins move, and one guard covers every
/// entry point that writes. Two: a value counts only with its proof, whose public signals are all taken from storage or
/// from what is written in the same call. Three: coins are accounted for by pools and claims, never by the contract's
/// balance, so coins that are forced in change nothing.
contract ShapleyRewards is IShapleyRewards, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev One word, so that a payment writes one.
    /// @param slotPlusOne The place from 1, or 0 for none
    /// @param paid What was paid so far
    struct Provider {
        uint8 slotPlusOne;
        uint128 paid;
    }

    /// @notice The order r of the scalar field of BN254.
    uint256 public constant FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice The domain of round ids.
    bytes32 public constant ROUND_DOMAIN = keccak256("zkcmp/round/v1");

    /// @notice The EIP-712 type of an owner's receipt.
    bytes32 public constant RECEIPT_TYPE = keccak256("Receipt(uint256 round,address payee,uint256 commitment)");

    /// @notice The EIP-712 type of a provider's consent.
    bytes32 public constant CONSENT_TYPE = keccak256(
        "Consent(uint256 round,address payee,uint256 commitment,uint256 nonce,uint64 deadline)"
    );

    /// @notice How far ahead the end of registration may lie, in seconds.
    uint256 public constant MAX_TIME_TO_REGISTER = 365 days;

    /// @notice The shortest time from the end of registration to the end of submission, in seconds: time enough for an honest
    /// proof to land, though blocks are full or a few proposers leave it out.
    uint256 public constant MIN_TIME_TO_SUBMIT = 1 hours;

    /// @notice The longest time from the end of registration to the end of submission, in seconds.
    uint256 public constant MAX_TIME_TO_SUBMIT = 365 days;

    /// @notice The shortest time from the end of submission to the end of claims, in seconds.
    uint256 public constant MIN_TIME_TO_CLAIM = 30 days;

    /// @notice The longest time from the end of submission to the end of claims, in seconds.
    uint256 public constant MAX_TIME_TO_CLAIM = 3650 days;

    /// @notice The pool is split by values only if they add up to at least this many times the slack.
    uint256 public constant SLACK_FACTOR = 1000;

    /// @dev Stands for ether in the place of a token's address.
    address private constant ETHER = address(0);

    /// @dev Values are in [-2^61, 2^61), and 62 bits hold value + 2^61.
    int256 private constant VALUE_OFFSET = 2 ** 61;
    uint256 private constant VALUE_BITS = 62;

    uint256 private constant WORDS = 3;
    uint256 private constant VALUES_PER_WORD = 4;

    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant DOMAIN_NAME = keccak256("zkcmp rewards");
    bytes32 private constant DOMAIN_VERSION = keccak256("1");

    IRewardsVerifier private immutable _VERIFIER;
    uint8 private immutable _PROVIDERS;
    uint32 private immutable _ROWS;
    uint16 private immutable _FEATURES;
    uint16 private immutable _OUTPUTS;
    uint8 private immutable _DATA_BITS;
    uint8 private immutable _FRACTION_BITS;
    uint8 private immutable _INTEGER_BITS;
    uint32 private immutable _VALIDATION_ROWS;

    mapping(uint256 roundId => Round stored) private _rounds;
    mapping(uint256 roundId => mapping(address payee => Provider stored)) private _providers;
    mapping(address payee => uint256 firstValidNonce) private _consentNonces;

    /// @notice Fixes the circuit for all rounds.
    /// @param verifier_ The verifier of the circuit's proofs
    /// @param shape_ The sizes that the circuit is made for
    constructor(IRewardsVerifier verifier_, Shape memory shape_) {
        if (address(verifier_).code.length == 0) revert InvalidVerifier(address(verifier_));
        if (!RoundBounds.isWithinLimits(shape_)) revert InvalidShape(shape_);
        _VERIFIER = verifier_;
        _PROVIDERS = shape_.providers;
        _ROWS = shape_.rows;
        _FEATURES = shape_.features;
        _OUTPUTS = shape_.outputs;
        _DATA_BITS = shape_.dataBits;
        _FRACTION_BITS = shape_.fractionBits;
        _INTEGER_BITS = shape_.integerBits;
        _VALIDATION_ROWS = shape_.validationRows;
    }

    /// @inheritdoc IShapleyRewards
    function open(Terms calldata terms) external nonReentrant returns (uint256 roundId) {
        uint64 slack = _requireValidTerms(terms);
        roundId = roundIdOf(msg.sender, terms);
        Round storage stored = _rounds[roundId];
        if (stored.state != State.None) revert RoundExists(roundId);

        stored.owner = msg.sender;
        stored.registrationUntil = terms.registrationUntil;
        stored.state = State.Open;
        stored.ridgeBits = terms.ridgeBits;
        stored.token = terms.token;
        stored.submissionUntil = terms.submissionUntil;
        stored.slack = slack;
        stored.claimUntil = terms.claimUntil;
        stored.validationCommitment = terms.validationCommitment;
        emit Opened(roundId, msg.sender, terms, slack);
    }

    /// @inheritdoc IShapleyRewards
    function register(uint256 roundId, uint256 commitment, bytes calldata receipt) external nonReentrant {
        _register(roundId, msg.sender, commitment, receipt);
    }

    /// @inheritdoc IShapleyRewards
    function registerFor(
        uint256 roundId,
        Consent calldata consent,
        bytes calldata consentSignature,
        bytes calldata receipt
    ) external nonReentrant {
        _requireConsent(roundId, consent, consentSignature);
        _register(roundId, consent.payee, consent.commitment, receipt);
    }

    /// @inheritdoc IShapleyRewards
    function revokeConsents(uint256 firstValidNonce) external nonReentrant {
        uint256 current = _consentNonces[msg.sender];
        if (firstValidNonce <= current) revert NonceNotLarger(msg.sender, firstValidNonce, current);
        _consentNonces[msg.sender] = firstValidNonce;
        emit ConsentsRevoked(msg.sender, firstValidNonce);
    }

    /// @inheritdoc IShapleyRewards
    function fund(uint256 roundId, uint256 amount) external payable nonReentrant {
        Round storage stored = _rounds[roundId];
        State state = stored.state;
        if (state != State.Open && state != State.Submitted && state != State.Equal) revert WrongState(roundId, state);
        if (block.timestamp > stored.claimUntil) revert ClaimsClosed(roundId, stored.claimUntil);
        if (stored.providers == 0 && msg.sender != stored.owner) revert NobodyAccepted(roundId);
        if (amount == 0) revert ZeroAmount(roundId);
        address token = stored.token;
        uint256 due = token == ETHER ? amount : 0;
        if (msg.value != due) revert WrongValue(roundId, msg.value, due);
        uint256 room = type(uint128).max - stored.pool;
        if (amount > room) revert PoolTooLarge(roundId, room, amount);

        stored.pool += uint128(amount);
        emit RoundFunded(roundId, msg.sender, amount);
        if (token != ETHER) _pull(token, amount);
    }

    /// @inheritdoc IShapleyRewards
    function submit(uint256 roundId, uint256[8] calldata proof, Result calldata result) external nonReentrant {
        Round storage stored = _roundIn(roundId, State.Open);
        _requireSubmissionTime(roundId, stored);
        uint256 providers = stored.providers;
        if (providers == 0) revert NobodyAccepted(roundId);
        if (result.values.length != providers) revert WrongNumberOfValues(roundId, result.values.length, providers);
        (uint256[WORDS] memory words, uint256 totalWeight) = _pack(result.values);
        uint256[8] memory signals;
        for (uint256 word = 0; word < WORDS; ++word) signals[Signals.VALUES + word] = words[word];
        signals[Signals.REGISTRY] = stored.registry;
        signals[Signals.MODEL_COMMITMENT] = result.modelCommitment;
        signals[Signals.VALIDATION_COMMITMENT] = stored.validationCommitment;
        signals[Signals.LOSS] = result.loss;
        signals[Signals.CONTEXT] = (roundId << 10) | (providers << 6) | stored.ridgeBits;
        if (!_VERIFIER.verify(proof, signals)) revert InvalidProof(roundId);

        // The slack is at least 1, so values of which none is positive are among these.
        bool equal = totalWeight < SLACK_FACTOR * stored.slack;
        if (equal) totalWeight = providers;
        stored.state = equal ? State.Equal : State.Submitted;
        stored.totalWeight = uint128(totalWeight);
        stored.resultDigest = _digestOf(result);
        emit Submitted(roundId, result.modelCommitment, result.loss, result.values, totalWeight, equal);
    }

    /// @inheritdoc IShapleyRewards
    function settleMissed(uint256 roundId) external nonReentrant {
        Round storage stored = _roundIn(roundId, State.Open);
        uint8 providers = stored.providers;
        if (providers == 0) {
            if (block.timestamp <= stored.registrationUntil) revert RegistrationOpen(roundId, stored.registrationUntil);
            stored.state = State.Refunded;
            emit SettledMissed(roundId, State.Refunded);
        } else {
            if (block.timestamp <= stored.submissionUntil) revert SubmissionOpen(roundId, stored.submissionUntil);
            stored.state = State.Equal;
            stored.totalWeight = providers;
            emit SettledMissed(roundId, State.Equal);
        }
    }

    /// @inheritdoc IShapleyRewards
    function claim(uint256 roundId, Result calldata result, address to) external nonReentrant {
        _pay(roundId, result, msg.sender, to);
    }

    /// @inheritdoc IShapleyRewards
    function claimFor(uint256 roundId, Result calldata result, address payee) external nonReentrant {
        _pay(roundId, result, payee, payee);
    }

    /// @inheritdoc IShapleyRewards
    function sweep(uint256 roundId, address to) external nonReentrant {
        Round storage stored = _rounds[roundId];
        State state = stored.state;
        if (state == State.None || state == State.Swept) revert WrongState(roundId, state);
        if (msg.sender != stored.owner) revert UnauthorizedCaller(roundId, msg.sender, stored.owner);
        if (state != State.Refunded && block.timestamp <= stored.claimUntil) {
            revert ClaimsOpen(roundId, stored.claimUntil);
        }
        _requireRecipient(to);

        stored.state = State.Swept;
        uint256 amount = stored.pool - stored.claimed;
        emit Swept(roundId, to, amount);
        if (amount != 0) _send(stored.token, to, amount);
    }

    /// @inheritdoc IShapleyRewards
    function round(uint256 roundId) external view returns (Round memory stored) {
        return _rounds[roundId];
    }

    /// @inheritdoc IShapleyRewards
    function provider(uint256 roundId, address payee) external view returns (uint8 slotPlusOne, uint128 paid) {
        Provider storage stored = _providers[roundId][payee];
        return (stored.slotPlusOne, stored.paid);
    }

    /// @inheritdoc IShapleyRewards
    function claimable(uint256 roundId, address payee, Result calldata result) external view returns (uint256 amount) {
        Round storage stored = _rounds[roundId];
        if (!_isSplit(stored.state) || block.timestamp > stored.claimUntil) return 0;
        Provider storage payeeStored = _providers[roundId][payee];
        return payeeStored.slotPlusOne == 0 ? 0 : _due(roundId, stored, payeeStored, result);
    }

    /// @inheritdoc IShapleyRewards
    function consentNonce(address payee) external view returns (uint256 firstValidNonce) {
        return _consentNonces[payee];
    }

    /// @inheritdoc IShapleyRewards
    function slackOf(uint8 ridgeBits) external view returns (uint256 slack) {
        return _slackOf(shape(), ridgeBits);
    }

    /// @inheritdoc IShapleyRewards
    function verifier() external view returns (IRewardsVerifier contractAddress) {
        return _VERIFIER;
    }

    /// @inheritdoc IShapleyRewards
    function roundIdOf(address owner, Terms calldata terms) public view returns (uint256 roundId) {
        return uint160(uint256(keccak256(abi.encode(ROUND_DOMAIN, block.chainid, address(this), owner, terms))));
    }

    /// @inheritdoc IShapleyRewards
    function shape() public view returns (Shape memory sizes) {
        return
            Shape({
                providers: _PROVIDERS,
                rows: _ROWS,
                features: _FEATURES,
                outputs: _OUTPUTS,
                dataBits: _DATA_BITS,
                fractionBits: _FRACTION_BITS,
                integerBits: _INTEGER_BITS,
                validationRows: _VALIDATION_ROWS
            });
    }

    /// @dev Needs no record of its use: it names its round, and nobody is registered in a round twice.
    function _requireConsent(uint256 roundId, Consent calldata consent, bytes calldata signature) private view {
        address payee = consent.payee;
        if (block.timestamp > consent.deadline) revert ConsentExpired(payee, consent.deadline);
        uint256 firstValidNonce = _consentNonces[payee];
        // The largest nonce could not be taken back.
        if (consent.nonce < firstValidNonce || consent.nonce == type(uint256).max) {
            revert StaleConsent(payee, consent.nonce, firstValidNonce);
        }
        bytes32 structHash = keccak256(
            abi.encode(CONSENT_TYPE, roundId, payee, consent.commitment, consent.nonce, consent.deadline)
        );
        if (!_isSignedBy(payee, structHash, signature)) revert InvalidConsent(roundId, payee);
    }

    function _register(uint256 roundId, address payee, uint256 commitment, bytes calldata receipt) private {
        Round storage stored = _roundIn(roundId, State.Open);
        if (block.timestamp > stored.registrationUntil) revert RegistrationClosed(roundId, stored.registrationUntil);
        if (!_isNonZeroFieldElement(commitment)) revert InvalidCommitment(commitment);
        Provider storage payeeStored = _providers[roundId][payee];
        if (payeeStored.slotPlusOne != 0) revert AlreadyRegistered(roundId, payee);
        uint8 slot = stored.providers;
        if (slot == _PROVIDERS) revert RoundFull(roundId, slot);
        bytes32 structHash = keccak256(abi.encode(RECEIPT_TYPE, roundId, payee, commitment));
        if (!_isSignedBy(stored.owner, structHash, receipt)) revert InvalidReceipt(roundId, payee, commitment);

        uint256 registry = PoseidonT4.hash([stored.registry, uint256(uint160(payee)), commitment]);
        stored.registry = registry;
        stored.providers = slot + 1;
        payeeStored.slotPlusOne = slot + 1;
        emit Registered(roundId, payee, commitment, slot, registry);
    }

    /// @dev Pays what is due to `payee` by now, to `to`.
    function _pay(uint256 roundId, Result calldata result, address payee, address to) private {
        _requireRecipient(to);
        Round storage stored = _rounds[roundId];
        State state = stored.state;
        if (!_isSplit(state)) revert WrongState(roundId, state);
        if (block.timestamp > stored.claimUntil) revert ClaimsClosed(roundId, stored.claimUntil);
        Provider storage payeeStored = _providers[roundId][payee];
        if (payeeStored.slotPlusOne == 0) revert NotAccepted(roundId, payee);
        uint256 amount = _due(roundId, stored, payeeStored, result);
        if (amount == 0) revert NothingToClaim(roundId, payee);

        // The pool is below 2^128, and all that is due is part of it.
        payeeStored.paid += uint128(amount);
        stored.claimed += uint128(amount);
        emit Claimed(roundId, payee, to, amount);
        _send(stored.token, to, amount);
    }

    /// @dev Collects coins from the caller, and from nobody else whatever allowances exist.
    function _pull(address token, uint256 amount) private {
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        if (balanceAfter < balanceBefore || balanceAfter - balanceBefore != amount) {
            revert UnsupportedToken(token, balanceBefore, balanceAfter, amount);
        }
    }

    /// @dev Sends coins, or reverts: whoever is to be paid keeps the claim.
    function _send(address token, address to, uint256 amount) private {
        if (token == ETHER) {
            bool delivered;
            // Solidity's own call copies the answer, however long it is.
            assembly ("memory-safe") {
                delivered := call(gas(), to, amount, 0x00, 0x00, 0x00, 0x00)
            }
            if (!delivered) revert EtherRefused(to, amount);
            return;
        }
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransfer(to, amount);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        if (balanceBefore < balanceAfter || balanceBefore - balanceAfter != amount) {
            revert UnsupportedToken(token, balanceBefore, balanceAfter, amount);
        }
    }

    /// @dev The share of the pool so far, less what was paid. Shares are rounded down, so all together never exceed the pool.
    function _due(
        uint256 roundId,
        Round storage stored,
        Provider storage payeeStored,
        Result calldata result
    ) private view returns (uint256 amount) {
        uint256 weight = 1;
        if (stored.state == State.Submitted) {
            bytes32 given = _digestOf(result);
            if (given != stored.resultDigest) revert WrongResult(roundId, given, stored.resultDigest);
            int64 value = result.values[payeeStored.slotPlusOne - 1];
            weight = value > 0 ? uint64(value) : 0;
        }
        return (uint256(stored.pool) * weight) / stored.totalWeight - payeeStored.paid;
    }

    /// @dev A signature by the account's key counts whatever code the account has: code that an account delegates to (EIP-7702) is
    /// its holder's to change, who must not get rid of what was signed that way. Where the key has not signed, an account with code
    /// is asked (ERC-1271).
    function _isSignedBy(
        address signer,
        bytes32 structHash,
        bytes calldata signature
    ) private view returns (bool signed) {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPE, DOMAIN_NAME, DOMAIN_VERSION, block.chainid, address(this)));
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, structHash);
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return
            signer.code.length != 0 && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }

    function _roundIn(uint256 roundId, State required) private view returns (Round storage stored) {
        stored = _rounds[roundId];
        State current = stored.state;
        if (current != required) revert WrongState(roundId, current);
    }

    function _requireSubmissionTime(uint256 roundId, Round storage stored) private view {
        if (block.timestamp <= stored.registrationUntil) revert RegistrationOpen(roundId, stored.registrationUntil);
        if (block.timestamp > stored.submissionUntil) revert SubmissionClosed(roundId, stored.submissionUntil);
    }

    function _requireRecipient(address to) private view {
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
    }

    function _requireValidTerms(Terms calldata terms) private view returns (uint64 slack) {
        if (terms.token != ETHER && terms.token.code.length == 0) revert InvalidToken(terms.token);
        if (!_isNonZeroFieldElement(terms.validationCommitment)) {
            revert InvalidValidationCommitment(terms.validationCommitment);
        }
        _requireValidTimes(terms);
        Shape memory sizes = shape();
        uint256 exact = _slackOf(sizes, terms.ridgeBits);
        uint256 largest = RoundBounds.largestTotal(sizes) / SLACK_FACTOR;
        if (exact > largest) revert SlackTooLarge(exact, largest);
        // The largest total is below 2^61.
        return uint64(exact);
    }

    function _requireValidTimes(Terms calldata terms) private view {
        uint256 earliest = block.timestamp + 1;
        uint256 latest = block.timestamp + MAX_TIME_TO_REGISTER;
        if (terms.registrationUntil < earliest || terms.registrationUntil > latest) {
            revert InvalidRegistrationUntil(terms.registrationUntil, earliest, latest);
        }
        earliest = uint256(terms.registrationUntil) + MIN_TIME_TO_SUBMIT;
        latest = uint256(terms.registrationUntil) + MAX_TIME_TO_SUBMIT;
        if (terms.submissionUntil < earliest || terms.submissionUntil > latest) {
            revert InvalidSubmissionUntil(terms.submissionUntil, earliest, latest);
        }
        earliest = uint256(terms.submissionUntil) + MIN_TIME_TO_CLAIM;
        latest = uint256(terms.submissionUntil) + MAX_TIME_TO_CLAIM;
        if (terms.claimUntil < earliest || terms.claimUntil > latest) {
            revert InvalidClaimUntil(terms.claimUntil, earliest, latest);
        }
    }

    function _slackOf(Shape memory sizes, uint256 ridgeBits) private pure returns (uint256 slack) {
        (uint256 least, uint256 most) = RoundBounds.ridgeLimits(sizes);
        if (ridgeBits < least || ridgeBits > most) revert InvalidRidgeBits(ridgeBits, least, most);
        return RoundBounds.slackOf(sizes, ridgeBits);
    }

    /// @dev The words of values as the circuit has them, and the sum of the positive values.
    function _pack(int64[] calldata values) private pure returns (uint256[WORDS] memory words, uint256 totalWeight) {
        unchecked {
            // No sum here exceeds 12 * 2^61, and whatever is out of range becomes a number of more than 62 bits.
            for (uint256 slot = 0; slot < WORDS * VALUES_PER_WORD; ++slot) {
                int256 value = slot < values.length ? int256(values[slot]) : int256(0);
                uint256 digit = uint256(value + VALUE_OFFSET);
                if (digit >> VALUE_BITS != 0) revert ValueOutOfRange(slot, values[slot]);
                words[slot / VALUES_PER_WORD] |= digit << (VALUE_BITS * (slot % VALUES_PER_WORD));
                if (value > 0) totalWeight += uint256(value);
            }
        }
    }

    /// @dev The digest that is stored.
    function _digestOf(Result calldata result) private pure returns (bytes32 digest) {
        int64[] calldata values = result.values;
        uint256 modelCommitment = result.modelCommitment;
        uint256 loss = result.loss;
        // keccak256(abi.encode(values, modelCommitment, loss)), but the array is copied as a whole. Whoever submits has had each
        // value read, and so checked, before; whoever claims must hit the same digest.
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            let size := shl(5, values.length)
            mstore(encoded, 0x60)
            mstore(add(encoded, 0x20), modelCommitment)
            mstore(add(encoded, 0x40), loss)
            mstore(add(encoded, 0x60), values.length)
            calldatacopy(add(encoded, 0x80), values.offset, size)
            digest := keccak256(encoded, add(0x80, size))
        }
    }

    function _isSplit(State state) private pure returns (bool split) {
        return state == State.Submitted || state == State.Equal;
    }

    function _isNonZeroFieldElement(uint256 value) private pure returns (bool nonZero) {
        return value != 0 && value < FIELD_ORDER;
    }
}
