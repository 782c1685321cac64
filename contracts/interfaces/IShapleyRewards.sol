// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IRewardsVerifier} from "./IRewardsVerifier.sol";

/// @title Rewards rounds: data providers are paid what their rows were worth to a model
/// @notice An owner opens a round, providers commit their rows, the owner trains and anyone brings the proof of the
/// Shapley values, and each provider claims a share of the pool.
///
/// The life of a round:
/// ```text
///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
///   |     register    |            submit            |      settleMissed           |
///   |                 |    settleMissed, if nobody was accepted                    |
///   |  fund (anyone, once somebody is accepted) .................................. |
///                           claim (after submit or settleMissed) ................. |  sweep ...
/// ```
/// Open -> Submitted or Equal or Refunded -> Swept, or Open -> Swept if nobody cared until `claimUntil`. No other change exists.
/// Each of the three times is the last second of what it ends. They are fixed when the round is opened, and no call of
/// anybody moves one of them.
///
/// NOTE: Unsupported are tokens which change balances by themselves (rebasing): where a balance shrinks, rounds in that one
/// token pay for each other. Tokens which take a fee are refused. Rounds in other tokens and in ether are never touched by it.
interface IShapleyRewards {
    /// @notice Where a round stands.
    /// Open: providers register, or the owner proves. Submitted: a proof is there, the pool is split by its values.
    /// Equal: the pool is split equally, since no proof came in time or since its values are too small to tell apart.
    /// Refunded: nobody was accepted, the owner may take everything back. Swept: the owner has taken what was left.
    enum State {
        None,
        Open,
        Submitted,
        Equal,
        Refunded,
        Swept
    }

    /// @notice The sizes that the circuit, and with it the verifier, is made for.
    /// @param providers Slots for providers, P in [1, 12]
    /// @param rows The most rows of one provider, m in [1, 2^20]
    /// @param features Columns of features, F in [1, 2^12], without the intercept
    /// @param outputs Columns of targets, k in [1, 2^8]
    /// @param dataBits Bits of a digit, b in [2, 16]
    /// @param fractionBits Fractional bits of a coefficient, f in [24, 48]
    /// @param integerBits Integer bits of a coefficient with its sign, g in [2, 10]
    /// @param validationRows Rows of the validation set, n_v in [1, 2^20]
    struct Shape {
        uint8 providers;
        uint32 rows;
        uint16 features;
        uint16 outputs;
        uint8 dataBits;
        uint8 fractionBits;
        uint8 integerBits;
        uint32 validationRows;
    }

    /// @notice What an owner opens. All of it is hashed into the round's id.
    /// @param token The ERC-20 token of the pool, or the zero address for ether
    /// @param validationCommitment The commitment to the validation set, in [1, r) with r the order of the BN254 scalar field
    /// @param encodingDigest Hash of the public encoding of the rows: names, offsets and scales
    /// @param ridgeBits l of the ridge penalty 2^l
    /// @param registrationUntil The last timestamp at which a provider may register
    /// @param submissionUntil The last timestamp at which a proof may be submitted
    /// @param claimUntil The last timestamp at which rewards may be claimed
    /// @param salt Tells rounds with equal terms apart
    struct Terms {
        address token;
        uint256 validationCommitment;
        bytes32 encodingDigest;
        uint8 ridgeBits;
        uint64 registrationUntil;
        uint64 submissionUntil;
        uint64 claimUntil;
        bytes32 salt;
    }

    /// @notice What is stored of a round.
    /// @dev Seven words, packed so that a claim reads five and writes one of them.
    /// @param owner The account that opened it
    /// @param registrationUntil The last timestamp at which a provider may register
    /// @param state Where the round stands
    /// @param providers How many providers were accepted
    /// @param ridgeBits l of the ridge penalty 2^l
    /// @param token The ERC-20 token of the pool, or the zero address for ether
    /// @param submissionUntil The last timestamp at which a proof may be submitted
    /// @param pool All that was ever funded, in units of `token` (wei for ether)
    /// @param claimed All that was ever claimed
    /// @param totalWeight The sum of all weights, 0 until submitted or settled. A weight is the positive part of a
    /// value if Submitted, 1 if Equal
    /// @param slack By how much the sum of weights may be wrong, in units of a value
    /// @param claimUntil The last timestamp at which rewards may be claimed
    /// @param validationCommitment The commitment to the validation set
    /// @param registry Running hash of all registrations, 0 before the first
    /// @param resultDigest keccak256(abi.encode(values, modelCommitment, loss)) of what was submitted, 0 if nothing was
    struct Round {
        address owner;
        uint64 registrationUntil;
        State state;
        uint8 providers;
        uint8 ridgeBits;
        address token;
        uint64 submissionUntil;
        uint128 pool;
        uint128 claimed;
        uint128 totalWeight;
        uint64 slack;
        uint64 claimUntil;
        uint256 validationCommitment;
        uint256 registry;
        bytes32 resultDigest;
    }

    /// @notice What a proof shows, besides what the round knows already.
    /// @param values The Shapley values in the order of registration, each in [-2^61, 2^61)
    /// @param modelCommitment The commitment to the trained model
    /// @param loss The training loss, an exact integer in the units of the circuit
    struct Result {
        int64[] values;
        uint256 modelCommitment;
        uint256 loss;
    }

    /// @notice A provider's consent to be registered by anybody.
    /// @param payee The provider, who is paid
    /// @param commitment The commitment to the rows
    /// @param nonce The provider's own number of this consent, below 2^256 - 1: good unless {revokeConsents} names a larger one
    /// @param deadline The last timestamp at which it may be used
    struct Consent {
        address payee;
        uint256 commitment;
        uint256 nonce;
        uint64 deadline;
    }

    /// @notice A round was opened.
    /// @param roundId The round
    /// @param owner The account that opened it
    /// @param terms All its terms
    /// @param slack By how much the sum of weights may be wrong, in units of a value
    event Opened(uint256 indexed roundId, address indexed owner, Terms terms, uint64 slack);

    /// @notice A provider was accepted.
    /// @param roundId The round
    /// @param payee The provider
    /// @param commitment The commitment to the rows
    /// @param slot The provider's place, from 0
    /// @param registry The running hash with this registration
    event Registered(
        uint256 indexed roundId,
        address indexed payee,
        uint256 commitment,
        uint256 slot,
        uint256 registry
    );

    /// @notice A provider took back all consents below a nonce.
    /// @param payee The provider
    /// @param firstValidNonce The smallest nonce that is still good
    event ConsentsRevoked(address indexed payee, uint256 firstValidNonce);

    /// @notice Coins came into the pool.
    /// @param roundId The round
    /// @param from Who paid
    /// @param amount How much, in units of the round's token (wei for ether)
    event RoundFunded(uint256 indexed roundId, address indexed from, uint256 amount);

    /// @notice A proof was accepted, and with it the values, for ever.
    /// @param roundId The round
    /// @param modelCommitment The commitment to the trained model
    /// @param loss The training loss
    /// @param values The Shapley values in the order of registration
    /// @param totalWeight The sum of weights
    /// @param equal Whether the values are too small to tell apart, so that each provider has weight 1
    event Submitted(
        uint256 indexed roundId,
        uint256 modelCommitment,
        uint256 loss,
        int64[] values,
        uint256 totalWeight,
        bool equal
    );

    /// @notice A round without a proof was settled.
    /// @param roundId The round
    /// @param state Equal, or Refunded if nobody was accepted
    event SettledMissed(uint256 indexed roundId, State state);

    /// @notice A provider was paid.
    /// @param roundId The round
    /// @param payee The provider
    /// @param to Where the reward went
    /// @param amount How much, in units of the round's token (wei for ether)
    event Claimed(uint256 indexed roundId, address indexed payee, address to, uint256 amount);

    /// @notice The owner took what was left.
    /// @param roundId The round
    /// @param to Where it went
    /// @param amount How much, in units of the round's token (wei for ether)
    event Swept(uint256 indexed roundId, address to, uint256 amount);

    /// @notice The verifier's address holds no code.
    /// @param verifier The verifier
    error InvalidVerifier(address verifier);

    /// @notice The shape is outside its limits, or no ridge penalty suits it.
    /// @param shape The shape
    error InvalidShape(Shape shape);

    /// @notice The token's address holds no code.
    /// @param token The token in the terms
    error InvalidToken(address token);

    /// @notice The validation set's commitment is zero or not below the field order.
    /// @param validationCommitment The commitment in the terms
    error InvalidValidationCommitment(uint256 validationCommitment);

    /// @notice The ridge penalty is one for which an honest proof might not exist.
    /// @param ridgeBits The bits asked for
    /// @param least The least allowed
    /// @param most The most allowed
    error InvalidRidgeBits(uint256 ridgeBits, uint256 least, uint256 most);

    /// @notice The end of registration has passed or is too far ahead.
    /// @param registrationUntil The end in the terms
    /// @param earliest The earliest allowed now
    /// @param latest The latest allowed now
    error InvalidRegistrationUntil(uint64 registrationUntil, uint256 earliest, uint256 latest);

    /// @notice The end of submission comes too soon or too long after the end of registration.
    /// @param submissionUntil The end in the terms
    /// @param earliest The earliest allowed
    /// @param latest The latest allowed
    error InvalidSubmissionUntil(uint64 submissionUntil, uint256 earliest, uint256 latest);

    /// @notice The end of claims comes too soon or too long after the end of submission.
    /// @param claimUntil The end in the terms
    /// @param earliest The earliest allowed
    /// @param latest The latest allowed
    error InvalidClaimUntil(uint64 claimUntil, uint256 earliest, uint256 latest);

    /// @notice With these terms the slack could move a reward by more than a thousandth of the pool. Take a larger ridge
    /// penalty, or a circuit with more fractional bits.
    /// @param slack The slack, in units of a value
    /// @param largest The largest allowed
    error SlackTooLarge(uint256 slack, uint256 largest);

    /// @notice This owner has opened a round with these terms before. Take another salt.
    /// @param roundId The round
    error RoundExists(uint256 roundId);

    /// @notice The round is not in a state in which the call makes sense.
    /// @param roundId The round
    /// @param current Where the round stands
    error WrongState(uint256 roundId, State current);

    /// @notice The call is the owner's to make.
    /// @param roundId The round
    /// @param caller Who called
    /// @param required Who may call
    error UnauthorizedCaller(uint256 roundId, address caller, address required);

    /// @notice The time to register is over.
    /// @param roundId The round
    /// @param registrationUntil The last timestamp at which a provider could register
    error RegistrationClosed(uint256 roundId, uint64 registrationUntil);

    /// @notice Providers may still register.
    /// @param roundId The round
    /// @param registrationUntil The last timestamp at which a provider may register
    error RegistrationOpen(uint256 roundId, uint64 registrationUntil);

    /// @notice The time to submit is over.
    /// @param roundId The round
    /// @param submissionUntil The last timestamp at which a proof could be submitted
    error SubmissionClosed(uint256 roundId, uint64 submissionUntil);

    /// @notice A proof may still be submitted.
    /// @param roundId The round
    /// @param submissionUntil The last timestamp at which a proof may be submitted
    error SubmissionOpen(uint256 roundId, uint64 submissionUntil);

    /// @notice The time to claim is over, and with it the time to fund.
    /// @param roundId The round
    /// @param claimUntil The last timestamp at which rewards could be claimed
    error ClaimsClosed(uint256 roundId, uint64 claimUntil);

    /// @notice Rewards may still be claimed.
    /// @param roundId The round
    /// @param claimUntil The last timestamp at which rewards may be claimed
    error ClaimsOpen(uint256 roundId, uint64 claimUntil);

    /// @notice The commitment to the rows is zero or not below the field order.
    /// @param commitment The commitment
    error InvalidCommitment(uint256 commitment);

    /// @notice The provider is in the round already.
    /// @param roundId The round
    /// @param payee The provider
    error AlreadyRegistered(uint256 roundId, address payee);

    /// @notice All slots are taken.
    /// @param roundId The round
    /// @param slots How many there are
    error RoundFull(uint256 roundId, uint256 slots);

    /// @notice The round's owner has not signed for this provider and this commitment.
    /// @param roundId The round
    /// @param payee The provider
    /// @param commitment The commitment to the rows
    error InvalidReceipt(uint256 roundId, address payee, uint256 commitment);

    /// @notice The provider has not signed this consent.
    /// @param roundId The round
    /// @param payee The provider
    error InvalidConsent(uint256 roundId, address payee);

    /// @notice The consent's time is over.
    /// @param payee The provider
    /// @param deadline The last timestamp at which it could be used
    error ConsentExpired(address payee, uint64 deadline);

    /// @notice The provider has taken the consent back, or could not.
    /// @param payee The provider
    /// @param nonce The consent's nonce
    /// @param firstValidNonce The smallest nonce that is good
    error StaleConsent(address payee, uint256 nonce, uint256 firstValidNonce);

    /// @notice Consents that were taken back stay so: the first valid nonce only grows.
    /// @param payee The provider
    /// @param firstValidNonce The nonce asked for
    /// @param current The first valid nonce now
    error NonceNotLarger(address payee, uint256 firstValidNonce, uint256 current);

    /// @notice Nobody has been accepted, so nobody could be paid.
    /// @param roundId The round
    error NobodyAccepted(uint256 roundId);

    /// @notice Nothing was to be funded.
    /// @param roundId The round
    error ZeroAmount(uint256 roundId);

    /// @notice The ether sent is not the ether due: the amount for a round in ether, nothing for a round in tokens.
    /// @param roundId The round
    /// @param sent The ether sent, in wei
    /// @param required The ether due, in wei
    error WrongValue(uint256 roundId, uint256 sent, uint256 required);

    /// @notice The pool would become too large.
    /// @param roundId The round
    /// @param room How much more it can take
    /// @param amount How much was offered
    error PoolTooLarge(uint256 roundId, uint256 room, uint256 amount);

    /// @notice A transfer did not change this contract's balance by exactly the amount.
    /// @param token The token
    /// @param balanceBefore The contract's balance before the transfer
    /// @param balanceAfter The contract's balance after the transfer
    /// @param amount The amount of the transfer
    error UnsupportedToken(address token, uint256 balanceBefore, uint256 balanceAfter, uint256 amount);

    /// @notice There is not exactly one value for each accepted provider.
    /// @param roundId The round
    /// @param given How many values there are
    /// @param required How many providers were accepted
    error WrongNumberOfValues(uint256 roundId, uint256 given, uint256 required);

    /// @notice A value is outside [-2^61, 2^61).
    /// @param slot Whose value it is
    /// @param value The value
    error ValueOutOfRange(uint256 slot, int64 value);

    /// @notice The proof does not show this result for this round.
    /// @param roundId The round
    error InvalidProof(uint256 roundId);

    /// @notice The result is not the one that was submitted.
    /// @param roundId The round
    /// @param given Its digest
    /// @param required The digest of what was submitted
    error WrongResult(uint256 roundId, bytes32 given, bytes32 required);

    /// @notice The account is no provider of the round.
    /// @param roundId The round
    /// @param account The account
    error NotAccepted(uint256 roundId, address account);

    /// @notice There is nothing to claim, or nothing since the last claim.
    /// @param roundId The round
    /// @param payee The provider
    error NothingToClaim(uint256 roundId, address payee);

    /// @notice Coins cannot be sent to the zero address or to this contract.
    /// @param to The recipient asked for
    error InvalidRecipient(address to);

    /// @notice The recipient refused the ether. Name another recipient.
    /// @param to The recipient
    /// @param amount The amount, in wei
    error EtherRefused(address to, uint256 amount);

    /// @notice Opens a round. The caller is its owner.
    /// ```text
    ///   OPEN ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |     register    |            submit            |      settleMissed           |
    ///   |  fund ...................................................................... |
    ///                           claim ................................................ |  sweep ...
    /// ```
    /// `registrationUntil` must lie ahead by at most 365 days, `submissionUntil` after it by at least an hour and at
    /// most 365 days, and `claimUntil` at least 30 days and at most 3,650 days after `submissionUntil`.
    /// `encodingDigest` and `salt` are announced and are part of the id, but not stored.
    /// The slack is computed here from shape and ridge penalty, see {slackOf}; it must be at most a thousandth of the largest sum
    /// of values that the shape can have.
    /// Emits {Opened}.
    /// @param terms The terms
    /// @return roundId The id of the new round, see {roundIdOf}
    function open(Terms calldata terms) external returns (uint256 roundId);

    /// @notice Registers the caller as a provider, with the owner's receipt. Up to and including `registrationUntil`.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |     REGISTER    |            submit            |      settleMissed           |
    /// ```
    /// The receipt is the owner's EIP-712 signature of `Receipt(uint256 round,address payee,uint256 commitment)`, given after
    /// the owner has seen the rows and their opening: one commitment that cannot be opened would make a proof of the
    /// whole round impossible. A signature by the key of the owner's account is good for ever, also if the account has code or
    /// delegates to some (EIP-7702). If the key has not signed, an owner that has code is asked (ERC-1271).
    ///
    /// WARNING: An owner that is a contract can change its mind: what it says of a signature (ERC-1271) may be another thing at
    /// the registration than when the receipt was given. Register before you rely on such a receipt.
    /// A provider registers once in a round and cannot leave.
    /// Emits {Registered}.
    /// @param roundId The round
    /// @param commitment The commitment to the rows, in [1, r)
    /// @param receipt The owner's signature
    function register(uint256 roundId, uint256 commitment, bytes calldata receipt) external;

    /// @notice Registers a provider who has signed a consent. Anyone may relay it, with the owner's receipt as in {register}.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |   REGISTERFOR   |            submit            |      settleMissed           |
    /// ```
    /// The consent is the provider's EIP-712 signature, by key or by ERC-1271 as in {register}, of
    /// `Consent(uint256 round,address payee,uint256 commitment,uint256 nonce,uint64 deadline)`. It is good up to and including its
    /// deadline, unless the provider takes it back. Its use changes nothing for other consents of the provider: the owner of
    /// one round has no hold over those for another. Of two consents for one round the first that is relayed counts, so
    /// take the older back before you sign a newer.
    /// Emits {Registered}.
    /// @param roundId The round
    /// @param consent What the provider has signed, besides the round
    /// @param consentSignature The provider's signature
    /// @param receipt The owner's signature
    function registerFor(
        uint256 roundId,
        Consent calldata consent,
        bytes calldata consentSignature,
        bytes calldata receipt
    ) external;

    /// @notice Takes back all consents of the caller whose nonce is smaller. At any time, only upwards.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |  REVOKECONSENTS ............................................................................
    /// ```
    /// Emits {ConsentsRevoked}.
    /// @param firstValidNonce The smallest nonce that shall be good from now on
    function revokeConsents(uint256 firstValidNonce) external;

    /// @notice Adds coins to the pool. Anyone, up to and including `claimUntil`, as soon as a provider is accepted; the owner
    /// also before. A round in ether takes exactly the amount as value; a round in tokens takes no value and an allowance
    /// of the caller.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |  FUND ...................................................................... |
    /// ```
    /// What comes in after some have claimed belongs to all providers likewise: claims are cumulative.
    ///
    /// WARNING: What is not claimed until `claimUntil` goes to the owner, and a late payment moves no deadline. What comes in
    /// shortly before `claimUntil` may reach nobody but the owner.
    /// Emits {RoundFunded}.
    /// @param roundId The round
    /// @param amount How much, in units of the round's token (wei for ether); the pool stays below 2^128
    function fund(uint256 roundId, uint256 amount) external payable;

    /// @notice Brings the proof of the values. Anyone, from the second after `registrationUntil` up to and including
    /// `submissionUntil`, once: the first valid proof is final.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |     register    |            SUBMIT            |      settleMissed           |
    /// ```
    /// Public signals of the proof: three words of values, registry, model commitment, validation commitment, loss and
    /// context = round id * 2^10 + providers * 2^6 + ridge bits. A word holds four values, each as value + 2^61 in 62 bits, the
    /// first lowest; a slot without a provider has value 0. Everything but the result comes from the round itself, so a
    /// proof of another round, contract or chain, or with another value, is refused.
    /// If the positive values add up to less than 1,000 times the slack, the pool is split equally.
    /// Emits {Submitted}.
    /// @param roundId The round
    /// @param proof See {IRewardsVerifier-verify}
    /// @param result What it shows
    function submit(uint256 roundId, uint256[8] calldata proof, Result calldata result) external;

    /// @notice Settles a round without a proof. Anyone: after `submissionUntil`, the pool is then split equally; if nobody was
    /// accepted, already after `registrationUntil`, the owner may then take everything back.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |     register    |            submit            |      SETTLEMISSED ............................
    ///   |                 |    SETTLEMISSED, if nobody was accepted ..................................
    /// ```
    /// An owner who has collected rows cannot get the pool back by submitting nothing.
    /// Emits {SettledMissed}.
    /// @param roundId The round
    function settleMissed(uint256 roundId) external;

    /// @notice Pays the caller's reward: pool * weight / total weight, less what was paid before. After {submit} or
    /// {settleMissed}, up to and including `claimUntil`, again whenever the pool has grown.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///                                 submit or settleMissed --- CLAIM ............... |  sweep ...
    /// ```
    /// NOTE: Ether to an account that does not exist yet costs 25,000 gas more, which the EVM charges for making it.
    /// Emits {Claimed}.
    /// @param roundId The round
    /// @param result What was submitted, as the event {Submitted} has it; ignored if the round is Equal
    /// @param to The recipient, so that an account which cannot receive can send its reward elsewhere
    function claim(uint256 roundId, Result calldata result, address to) external;

    /// @notice Pays a provider's reward to the provider. Anyone, when {claim} would do it.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///                                 submit or settleMissed --- CLAIMFOR ............ |  sweep ...
    /// ```
    /// Emits {Claimed}.
    /// @param roundId The round
    /// @param result What was submitted; ignored if the round is Equal
    /// @param payee The provider
    function claimFor(uint256 roundId, Result calldata result, address payee) external;

    /// @notice Takes everything that is left. Only the owner, once, after `claimUntil`, or as soon as the round is Refunded.
    /// ```text
    ///   open ------------ registrationUntil ------------ submissionUntil ------------- claimUntil
    ///   |                 |    settleMissed: Refunded --- SWEEP ...                    |  SWEEP ...
    /// ```
    /// Emits {Swept}.
    /// @param roundId The round
    /// @param to The recipient
    function sweep(uint256 roundId, address to) external;

    /// @notice What is stored of a round, all zero if there is none. While {fund} calls a token, that token sees the
    /// pool before the coins have arrived; no other function of this contract can be entered then.
    /// @param roundId The round
    /// @return stored The round
    function round(uint256 roundId) external view returns (Round memory stored);

    /// @notice What is stored of a provider, all zero if the account is none.
    /// @param roundId The round
    /// @param payee The provider
    /// @return slotPlusOne The provider's place, from 1
    /// @return paid What was paid so far, in units of the round's token (wei for ether)
    function provider(uint256 roundId, address payee) external view returns (uint8 slotPlusOne, uint128 paid);

    /// @notice What {claimFor} would pay now, 0 if nothing or if it is not the time.
    /// @param roundId The round
    /// @param payee The provider
    /// @param result What was submitted; ignored if the round is Equal. Reverts with {WrongResult} if it is another one
    /// @return amount How much, in units of the round's token (wei for ether)
    function claimable(uint256 roundId, address payee, Result calldata result) external view returns (uint256 amount);

    /// @notice The smallest nonce of a consent that is good. It grows by {revokeConsents} alone.
    /// @param payee The provider
    /// @return firstValidNonce The nonce
    function consentNonce(address payee) external view returns (uint256 firstValidNonce);

    /// @notice The id of the round that `owner` makes by opening `terms` here, on this chain: the lowest 160 bits of
    /// keccak256(abi.encode(keccak256("zkcmp/round/v1"), chain id, this contract, owner, terms)).
    /// @param owner The owner
    /// @param terms The terms; nothing of it is checked here
    /// @return roundId The id, below 2^160
    function roundIdOf(address owner, Terms calldata terms) external view returns (uint256 roundId);

    /// @notice By how much the sum of weights may be wrong, in units of a value, because coefficients are proven within
    /// rounding only. One reward is moved by it by at most slack / total weight of the pool.
    /// @param ridgeBits l of the ridge penalty 2^l, within its limits for the shape
    /// @return slack The slack
    function slackOf(uint8 ridgeBits) external view returns (uint256 slack);

    /// @notice The sizes that the circuit is made for.
    /// @return sizes The shape
    function shape() external view returns (Shape memory sizes);

    /// @notice The verifier of all rounds of this contract.
    /// @return contractAddress The verifier
    function verifier() external view returns (IRewardsVerifier contractAddress);
}
