// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Hashlock escrow in which a sealed network changes hands for coins
/// @notice A seller offers a sealed network to one buyer under a commitment to its key, E = Poseidon(key, opening).
/// The buyer locks the price, and whoever opens E on chain makes the contract pay the seller. If nobody does so,
/// the buyer takes the price back once the time to redeem is over.
///
/// The life of a deal:
/// ```text
///   offer ------------------- fundableUntil
///   |      fund or cancel     |   cancel ...
///               fund ------------------------- refundableFrom
///               |           redeem             |   redeem or refund ...
/// ```
/// Offered -> Cancelled, or Offered -> Funded -> Redeemed or Refunded. No other change exists, and the three states at
/// the ends are final. `fundableUntil` is the last second for funding, `refundableFrom` the first second for a refund.
///
/// NOTE: Unsupported are tokens which change balances by themselves (rebasing): where a balance shrinks, deals in that one
/// token pay for each other. Tokens which take a fee are refused: a fee from the recipient at funding, a fee from the
/// sender on top of the amount at the payout, which then stays as a credit until the token stops to take it. Check the
/// token before you offer or fund. Deals in other tokens and in ether are never touched by it.
interface IModelEscrow {
    /// @notice Where a deal stands. The order is the order of life: a deal never goes back to a smaller state.
    enum State {
        None,
        Offered,
        Funded,
        Redeemed,
        Refunded,
        Cancelled
    }

    /// @notice The share of the price that a rewards round gets: the people whose data made the network. All zero: none. Where the
    /// key comes so late that they might not get it, see {redeem}, it goes back to the buyer.
    /// @param rewards The rewards contract, an {IShapleyRewards}
    /// @param round The round in the rewards contract
    /// @param basisPoints The share in hundredths of a per cent of the price, in [1, 9,999]; rounded down
    /// @param codeHash keccak256 of the rewards contract's code. It stands in the deal's id, so that whoever knows the id
    /// knows what code was there at the offer
    struct Split {
        address rewards;
        uint256 round;
        uint16 basisPoints;
        bytes32 codeHash;
    }

    /// @notice What a seller offers. All of it but `orderHash` is hashed into the deal id, `core` binds the order.
    /// @param buyer The one account that may fund, and that gets a refund
    /// @param token The ERC-20 token of the price, or the zero address for ether
    /// @param price The price in units of `token` (wei for ether), in [1, 2^128)
    /// @param fundableUntil The last timestamp at which the buyer may fund
    /// @param timeToRedeem Seconds from funding to `refundableFrom`
    /// @param keyCommitment E = Poseidon(key, opening), in [1, r) with r the order of the BN254 scalar field
    /// @param core Hash of everything that the seal and the statement fix, in [0, r)
    /// @param orderHash Hash of the order that the buyer signed
    /// @param split Share of a rewards round, all zero for none
    struct Terms {
        address buyer;
        address token;
        uint256 price;
        uint64 fundableUntil;
        uint32 timeToRedeem;
        uint256 keyCommitment;
        uint256 core;
        bytes32 orderHash;
        Split split;
    }

    /// @notice What is stored of a deal. Only `state` and `refundableFrom` change after the offer.
    /// @dev Five words, packed so that closing a deal writes one of them and funding it two.
    /// @param seller The account that offered, and that gets the price
    /// @param fundableUntil The last timestamp at which the buyer may fund
    /// @param state Where the deal stands
    /// @param basisPoints The share of a rewards round in hundredths of a per cent of the price, 0 without a split
    /// @param buyer The one account that may fund, and that gets a refund
    /// @param refundableFrom The first timestamp at which the buyer may take a refund, 0 until funded
    /// @param timeToRedeem Seconds from funding to `refundableFrom`
    /// @param token The ERC-20 token of the price, or the zero address for ether
    /// @param price The price in units of `token` (wei for ether)
    /// @param keyCommitment E = Poseidon(key, opening)
    struct Deal {
        address seller;
        uint64 fundableUntil;
        State state;
        uint16 basisPoints;
        address buyer;
        uint64 refundableFrom;
        uint32 timeToRedeem;
        address token;
        uint256 price;
        uint256 keyCommitment;
    }

    /// @notice A seller made an offer.
    /// @param dealId The deal
    /// @param seller The account that offered
    /// @param buyer The one account that may fund
    /// @param token The ERC-20 token of the price, or the zero address for ether
    /// @param price The price in units of `token` (wei for ether)
    /// @param fundableUntil The last timestamp at which the buyer may fund
    /// @param timeToRedeem Seconds from funding to `refundableFrom`
    /// @param keyCommitment E = Poseidon(key, opening)
    /// @param core Hash of everything that the seal and the statement fix
    /// @param orderHash Hash of the order that the buyer signed
    /// @param split Share of a rewards round
    event Offered(
        uint256 indexed dealId,
        address indexed seller,
        address indexed buyer,
        address token,
        uint256 price,
        uint64 fundableUntil,
        uint32 timeToRedeem,
        uint256 keyCommitment,
        uint256 core,
        bytes32 orderHash,
        Split split
    );

    /// @notice The seller took the offer back.
    /// @param dealId The deal
    event Cancelled(uint256 indexed dealId);

    /// @notice The buyer locked the price.
    /// @param dealId The deal
    /// @param refundableFrom The first timestamp at which the buyer may take a refund
    event Funded(uint256 indexed dealId, uint64 refundableFrom);

    /// @notice The key was opened and the price went to the seller, but for the share of a rewards round.
    /// @param dealId The deal
    /// @param key The key k, which unseals the network together with the buyer's own secret
    /// @param opening The opening d
    event Redeemed(uint256 indexed dealId, uint256 key, uint256 opening);

    /// @notice The price went back to the buyer.
    /// @param dealId The deal
    event Refunded(uint256 indexed dealId);

    /// @notice A payout could not be delivered and waits for {withdraw}, or so does a round's share that came too late for the round
    /// and is the buyer's.
    /// @param dealId The deal
    /// @param account Who may withdraw it
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param amount The amount in units of `token`
    event Credited(uint256 indexed dealId, address indexed account, address indexed token, uint256 amount);

    /// @notice A round's share of a redeemed deal waits for {forwardReward}.
    /// @param dealId The deal
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param amount The share in units of `token`
    event RewardCredited(
        uint256 indexed dealId,
        address indexed rewards,
        uint256 indexed round,
        address token,
        uint256 amount
    );

    /// @notice A round got all that it had as a credit.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param amount The amount in units of `token`
    event RewardForwarded(address indexed rewards, uint256 indexed round, address indexed token, uint256 amount);

    /// @notice An account took its credit.
    /// @param account Whose credit it was
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param to Where it went
    /// @param amount The amount in units of `token`
    event Withdrawn(address indexed account, address indexed token, address indexed to, uint256 amount);

    /// @notice The buyer is the zero address or the seller.
    /// @param buyer The buyer in the terms
    error InvalidBuyer(address buyer);

    /// @notice The token's address holds no code.
    /// @param token The token in the terms
    error InvalidToken(address token);

    /// @notice The price is zero or too large.
    /// @param price The price in the terms
    /// @param largest The largest price allowed
    error InvalidPrice(uint256 price, uint256 largest);

    /// @notice The end of funding has passed or is too far ahead.
    /// @param fundableUntil The end of funding in the terms
    /// @param earliest The earliest value allowed now
    /// @param latest The latest value allowed now
    error InvalidFundableUntil(uint64 fundableUntil, uint256 earliest, uint256 latest);

    /// @notice The time to redeem is too short or too long.
    /// @param timeToRedeem The time to redeem in the terms, in seconds
    /// @param shortest The shortest time allowed
    /// @param longest The longest time allowed
    error InvalidTimeToRedeem(uint32 timeToRedeem, uint256 shortest, uint256 longest);

    /// @notice The key commitment is zero or not below the field order.
    /// @param keyCommitment The key commitment in the terms
    error InvalidKeyCommitment(uint256 keyCommitment);

    /// @notice The core is not below the field order.
    /// @param core The core in the terms
    error InvalidCore(uint256 core);

    /// @notice The share is nothing, or the whole price and more, while the rest of the split is not all zero.
    /// @param basisPoints The share in the terms
    /// @param smallest The smallest share allowed
    /// @param largest The largest share allowed
    error InvalidBasisPoints(uint16 basisPoints, uint256 smallest, uint256 largest);

    /// @notice The rewards contract has no code, or other code than the split says, or is the escrow itself.
    /// @param rewards The rewards contract in the terms
    /// @param codeHash keccak256 of the code that is there
    /// @param expected The hash in the terms
    error InvalidRewardsCode(address rewards, bytes32 codeHash, bytes32 expected);

    /// @notice The round does not exist, has no provider yet, or is over: a share would reach nobody.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    error RoundPaysNobody(address rewards, uint256 round);

    /// @notice The round pays in another token than the deal.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param roundToken The token of the round
    /// @param token The token of the deal
    error WrongRoundToken(address rewards, uint256 round, address roundToken, address token);

    /// @notice The round's providers could lose the share to the round's owner, who may sweep after `claimUntil`.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param claimUntil The last timestamp at which a provider may claim
    /// @param earliest The earliest `claimUntil` allowed: `fundableUntil` + `timeToRedeem` + 30 days
    error RoundEndsTooEarly(address rewards, uint256 round, uint64 claimUntil, uint256 earliest);

    /// @notice The seller has offered under this key commitment before. Seal again, with a fresh key.
    /// @param seller The seller
    /// @param keyCommitment The key commitment
    error KeyCommitmentUsed(address seller, uint256 keyCommitment);

    /// @notice The deal is not in the state that the call needs.
    /// @param dealId The deal
    /// @param current Where the deal stands
    /// @param required Where it would have to stand
    error WrongState(uint256 dealId, State current, State required);

    /// @notice The call is another account's to make.
    /// @param dealId The deal
    /// @param caller Who called
    /// @param required Who may call
    error UnauthorizedCaller(uint256 dealId, address caller, address required);

    /// @notice The time to fund is over.
    /// @param dealId The deal
    /// @param fundableUntil The last timestamp at which the buyer could fund
    error FundingClosed(uint256 dealId, uint64 fundableUntil);

    /// @notice The ether sent is not the ether due: the price for a deal in ether, nothing for a deal in tokens.
    /// @param dealId The deal
    /// @param sent The ether sent, in wei
    /// @param required The ether due, in wei
    error WrongValue(uint256 dealId, uint256 sent, uint256 required);

    /// @notice A transfer did not change the escrow's balance by exactly the amount, so the token is not one that can be
    /// escrowed. Of a payout this never leaves the contract, as the payout becomes a credit.
    /// @param token The token
    /// @param balanceBefore The escrow's balance before the transfer
    /// @param balanceAfter The escrow's balance after the transfer
    /// @param amount The amount of the transfer
    error UnsupportedToken(address token, uint256 balanceBefore, uint256 balanceAfter, uint256 amount);

    /// @notice A deal in ether cannot be funded by a permit.
    /// @param dealId The deal
    error PermitWithoutToken(uint256 dealId);

    /// @notice Key or opening is zero or not below the field order. The values stay out of the error: they are secret
    /// until a redemption succeeds.
    /// @param dealId The deal
    error NonCanonicalOpening(uint256 dealId);

    /// @notice Key and opening do not open the deal's key commitment.
    /// @param dealId The deal
    error WrongOpening(uint256 dealId);

    /// @notice The time to redeem is not over yet.
    /// @param dealId The deal
    /// @param refundableFrom The first timestamp at which the buyer may take a refund
    error NotRefundableYet(uint256 dealId, uint64 refundableFrom);

    /// @notice Too little gas is left to pay out in full or else to write the credit. Call again with more.
    /// @param available The gas left
    /// @param required The gas needed at this point
    error InsufficientGas(uint256 available, uint256 required);

    /// @notice Only the escrow itself may make this call.
    /// @param caller Who called
    error SelfCallOnly(address caller);

    /// @notice There is nothing to withdraw.
    /// @param account The account
    /// @param token The ERC-20 token, or the zero address for ether
    error NoCredit(address account, address token);

    /// @notice There is nothing to forward.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param token The ERC-20 token, or the zero address for ether
    error NoRewardCredit(address rewards, uint256 round, address token);

    /// @notice The rewards contract took less than it was allowed to, or the token does not count allowances down. The credit
    /// stays, and the allowance is taken back.
    /// @param rewards The rewards contract
    /// @param token The ERC-20 token
    /// @param allowance What would be left of the allowance
    error StandingAllowance(address rewards, address token, uint256 allowance);

    /// @notice A credit cannot be sent to the zero address or to the escrow itself.
    /// @param to The recipient asked for
    error InvalidRecipient(address to);

    /// @notice The recipient or the token refused the transfer, or the token took another amount. The credit stays.
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param to The recipient
    /// @param amount The amount in units of `token`
    error WithdrawalFailed(address token, address to, uint256 amount);

    /// @notice Offers a sealed network to one buyer. The caller is the seller, and only this address will be paid.
    /// ```text
    ///   OFFER ------------------- fundableUntil
    ///   |      fund or cancel     |   cancel ...
    ///               fund ------------------------- refundableFrom
    ///               |           redeem             |   redeem or refund ...
    /// ```
    /// `fundableUntil` must lie ahead, by at most 90 days; `timeToRedeem` is at least 2 hours and at most 30 days.
    /// A seller uses a key commitment once and never again, not even after a cancellation. Another seller may use
    /// the same value, so that nobody can block an offer by copying its commitment first.
    /// `orderHash` is announced but neither stored nor part of the id: it must be the one inside `core`, which
    /// the buyer's client recomputes.
    /// With a split, the rewards contract must have the code that the split names, and the round the deal's token, at least
    /// one provider and time left to claim, 30 days from the latest `refundableFrom` on:
    /// ```text
    ///   offer --- fundableUntil --- latest refundableFrom --- 30 days --- claimUntil of the round
    /// ```
    /// That the code is good is not checked here: clients compare its hash with the code that they know.
    /// Emits {Offered}.
    /// @param terms What is offered
    /// @return dealId The id of the new deal, see {dealIdOf}
    function offer(Terms calldata terms) external returns (uint256 dealId);

    /// @notice Takes an offer back. Only the seller, as long as the buyer has not funded, also after `fundableUntil`.
    /// ```text
    ///   offer ------------------- fundableUntil
    ///   |      fund or CANCEL     |   CANCEL ...
    ///               fund ------------------------- refundableFrom
    ///               |           redeem             |   redeem or refund ...
    /// ```
    /// Emits {Cancelled}.
    /// @param dealId The deal
    function cancel(uint256 dealId) external;

    /// @notice Locks the price. Only the buyer, up to and including `fundableUntil`. A deal in ether takes
    /// exactly the price as value; a deal in tokens takes no value and an allowance of the price from the buyer.
    /// ```text
    ///   offer ------------------- fundableUntil
    ///   |      FUND or cancel     |   cancel ...
    ///               FUND ------------------------- refundableFrom
    ///               |           redeem             |   redeem or refund ...
    /// ```
    /// Verify the bundle completely before this call: from here on the price is out of the buyer's hands until
    /// `refundableFrom` = now + `timeToRedeem`.
    /// Emits {Funded}.
    /// @param dealId The deal
    function fund(uint256 dealId) external payable;

    /// @notice Locks the price of a deal in tokens, with an ERC-2612 permit of the buyer in the place of an approval.
    /// ```text
    ///   offer ------------------- fundableUntil
    ///   |      FUND or cancel     |   cancel ...
    ///               FUND ------------------------- refundableFrom
    ///               |           redeem             |   redeem or refund ...
    /// ```
    /// A permit that fails is no error in itself: anybody may submit the buyer's permit first and use up its nonce,
    /// which leaves the same allowance behind. If there is no allowance, the transfer fails.
    /// Emits {Funded}.
    /// @param dealId The deal
    /// @param deadline The permit's deadline
    /// @param v Recovery byte of the permit's signature, whose value is the price and whose spender is this contract
    /// @param r First word of the signature
    /// @param s Second word of the signature
    function fundWithPermit(uint256 dealId, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Opens the key commitment and pays the price to the seller, but for the share of a rewards round. Anyone may
    /// call: only the stored seller is paid, so a copied call pays the same account.
    /// ```text
    ///   offer ------------------- fundableUntil
    ///   |      fund or cancel     |   cancel ...
    ///               fund ------------------------- refundableFrom
    ///               |           REDEEM             |   REDEEM or refund ...
    /// ```
    /// There is no end to redeeming but a refund: calldata is public, so a redemption that came "too late" would have
    /// given the key away for nothing. For the same reason this reverts on nothing but a wrong opening, a wrong
    /// state and too little gas. If the seller's account or the token refuses the payment, it is credited instead.
    /// For that reason, too, the round's share, price * basisPoints / 10,000 rounded down, is only written to its credit:
    /// the rewards contract is not called before {forwardReward}.
    /// A share is the round's up to and including 30 days before the round's claims end:
    /// ```text
    ///   offer --- latest refundableFrom --- shareUntil ------- 30 days ------- claimUntil of the round
    ///               REDEEM: the round's     |  REDEEM, if the buyer has never taken the refund: the buyer's ...
    /// ```
    /// After that the providers might not have the time to claim it, and the owner of the round, who may be the seller, would sweep
    /// it, or it would be stuck; so it is credited to the buyer. To the seller it makes no difference.
    ///
    /// WARNING: From `refundableFrom` on, a pending key can be outrun by the buyer's refund. Broadcast the key
    /// well before, when the funding is final, and simulate first.
    /// Emits {Redeemed}, with a split {RewardCredited} or, for the buyer, {Credited}, and {Credited} if the payment was refused.
    /// @param dealId The deal
    /// @param key The key k, in [1, r)
    /// @param opening The opening d, in [1, r)
    function redeem(uint256 dealId, uint256 key, uint256 opening) external;

    /// @notice Pays the whole price back to the buyer. Only the buyer, from `refundableFrom` on, unless redeemed before.
    /// ```text
    ///   offer ------------------- fundableUntil
    ///   |      fund or cancel     |   cancel ...
    ///               fund ------------------------- refundableFrom
    ///               |           redeem             |   redeem or REFUND ...
    /// ```
    /// Unlike {redeem} this is not open to anyone: a buyer who wants the network may prefer to wait for a late key,
    /// and a third party must not be able to force the race between a refund and a key that is already pending,
    /// in which the seller would lose both the network and the price.
    /// If the buyer's account or the token refuses the payment, it is credited instead.
    /// Emits {Refunded}, and {Credited} if the payment was refused.
    /// @param dealId The deal
    function refund(uint256 dealId) external;

    /// @notice Sends the caller's whole credit in one token to `to`. At any time.
    /// ```text
    ///               fund ------------------------- refundableFrom
    ///               |           redeem             |   redeem or refund ...
    ///                           a payout refused ---> credit --- WITHDRAW ...
    /// ```
    /// Emits {Withdrawn}.
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param to The recipient, so that an account which cannot receive can send its credit elsewhere
    function withdraw(address token, address to) external;

    /// @notice Hands a round the shares of all its redeemed deals so far, by its own `fund`. Anyone, at any time.
    /// ```text
    ///               fund ------------------------- refundableFrom
    ///               |           redeem             |   redeem or refund ...
    ///                           share ------------> reward credit --- FORWARD ... claimUntil of the round
    /// ```
    /// There is no other way out for the credit, to the seller least of all. Where the rewards contract refuses it, takes
    /// another amount, or leaves a part of its allowance standing, all of the call is undone and the credit stays.
    ///
    /// WARNING: A round takes nothing once it is over: forward in time.
    /// Emits {RewardForwarded}.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param token The ERC-20 token, or the zero address for ether
    function forwardReward(address rewards, uint256 round, address token) external;

    /// @notice The part of {redeem}, {refund} and {withdraw} that pays in tokens. The escrow calls it on itself, nobody else can.
    /// ```text
    ///               fund ------------------------- refundableFrom
    ///               |           redeem: PUSH       |   redeem or refund: PUSH ...
    ///                           a payout refused ---> credit --- withdraw: PUSH ...
    /// ```
    /// A call of its own, so that its revert takes back what a token has moved that then does not answer `true`, or that
    /// has taken another amount from the escrow. Otherwise the recipient would own both, the tokens and the credit, and
    /// withdraw the price of another deal.
    /// @param token The ERC-20 token
    /// @param to The recipient
    /// @param amount The amount in units of `token`
    function pushToken(address token, address to, uint256 amount) external;

    /// @notice What is stored of a deal, all zero if there is none.
    /// @param dealId The deal
    /// @return stored The deal
    function deal(uint256 dealId) external view returns (Deal memory stored);

    /// @notice Where a deal stands. During {fund} and {fundWithPermit} a token that calls out sees `Funded` before
    /// the price has arrived; no other function of this contract can be entered then.
    /// @param dealId The deal
    /// @return state The state, `None` if there is no such deal
    function stateOf(uint256 dealId) external view returns (State state);

    /// @notice What an account can withdraw.
    /// @param account The account
    /// @param token The ERC-20 token, or the zero address for ether
    /// @return amount The amount in units of `token`
    function credit(address account, address token) external view returns (uint256 amount);

    /// @notice What waits for a round.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param token The ERC-20 token, or the zero address for ether
    /// @return amount The amount in units of `token`
    function rewardCredit(address rewards, uint256 round, address token) external view returns (uint256 amount);

    /// @notice The split of a deal and how long it holds, all zero if it has none.
    /// @param dealId The deal
    /// @return rewards The rewards contract
    /// @return round The round in the rewards contract
    /// @return basisPoints The share in hundredths of a per cent of the price
    /// @return shareUntil The last timestamp at which a redemption gives the share to the round: 30 days before the end of the
    /// round's claims, and not before the latest `refundableFrom`. After it the share is the buyer's
    function splitOf(
        uint256 dealId
    ) external view returns (address rewards, uint256 round, uint16 basisPoints, uint64 shareUntil);

    /// @notice The id of the deal that `seller` makes by offering `terms` here, on this chain:
    /// keccak256(abi.encode(keccak256("zkcmp/deal/v1"), chain id, this contract, seller, buyer, token, price,
    /// fundableUntil, timeToRedeem, keccak256(abi.encode(split)), keyCommitment, core)) mod r.
    /// @param seller The seller
    /// @param terms What is offered; nothing of it is checked here
    /// @return dealId The id, in [0, r)
    function dealIdOf(address seller, Terms calldata terms) external view returns (uint256 dealId);

    /// @notice Whether a seller has offered under a key commitment.
    /// @param seller The seller
    /// @param keyCommitment The key commitment E
    /// @return used True from the first offer on, for ever
    function keyCommitmentUsed(address seller, uint256 keyCommitment) external view returns (bool used);
}
