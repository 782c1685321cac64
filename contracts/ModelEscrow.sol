// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";

import {IModelEscrow} from "./interfaces/IModelEscrow.sol";
import {IShapleyRewards} from "./interfaces/IShapleyRewards.sol";

/// @title Hashlock escrow in which a sealed network changes hands for coins
/// @notice See {IModelEscrow} for what each function does and when. There is no owner, no proxy, no pause and no fee:
/// nobody can stand between an opened key and its payment.
/// @dev Three rules hold everywhere. One: all of a function's own state is written before it calls out, and one guard covers
/// every entry point. Two: once a key is in calldata nothing may fail that the seller does not control, so
/// payouts are pushed with bounded gas and credited where the push fails; a round's share is never pushed. Three: ether is
/// accounted for by deals and credits, never by the contract's balance, so ether that is forced in changes nothing.
/// {pushToken} alone has no guard: it is called from under it, and by nobody but the contract itself.
contract ModelEscrow is IModelEscrow, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice The order r of the scalar field of BN254.
    uint256 public constant FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice The domain of deal ids.
    bytes32 public constant DEAL_DOMAIN = keccak256("zkcmp/deal/v1");

    /// @notice The largest price. It keeps every sum of prices and credits far from overflow, which would be one more
    /// way for a redemption to fail.
    uint256 public constant MAX_PRICE = type(uint128).max;

    /// @notice How far ahead the end of funding may lie, in seconds.
    uint256 public constant MAX_TIME_TO_FUND = 90 days;

    /// @notice The shortest time to redeem, in seconds.
    uint256 public constant MIN_TIME_TO_REDEEM = 2 hours;

    /// @notice The longest time to redeem, in seconds.
    uint256 public constant MAX_TIME_TO_REDEEM = 30 days;

    /// @notice The whole price in hundredths of a per cent. A share is smaller.
    uint256 public constant WHOLE_PRICE = 10_000;

    /// @notice How long a round must pay its providers after a share is credited to it, in seconds: time enough to forward the share
    /// and to claim it before the owner of the round may sweep what is left. So much must be left after the deal's latest
    /// `refundableFrom`.
    uint256 public constant MIN_TIME_TO_CLAIM = 30 days;

    /// @notice The gas that a recipient of ether may spend, enough for smart wallets.
    uint256 public constant ETHER_PUSH_GAS = 60_000;

    /// @notice The gas that {pushToken} may spend: a transfer and two looks at the balance, enough for tokens behind proxies
    /// and for lending tokens.
    uint256 public constant TOKEN_PUSH_GAS = 200_000;

    /// @notice The gas that must be left besides the push: the price of the call itself (at most 40,000: cold and
    /// delegated account, value, account made anew) and, if it fails, writing a credit and returning (about 27,000).
    /// The rest is headroom for future prices.
    uint256 public constant PUSH_RESERVE_GAS = 100_000;

    /// @dev Stands for ether in the place of a token's address.
    address private constant ETHER = address(0);

    /// @dev The round that a share goes to, up to and including `shareUntil`; after it, to the buyer. Its `basisPoints` stand in the
    /// deal's first word.
    struct Destination {
        address rewards;
        uint64 shareUntil;
        uint256 round;
    }

    mapping(uint256 dealId => Deal stored) private _deals;
    mapping(address account => mapping(address token => uint256 amount)) private _credits;
    mapping(address seller => mapping(uint256 keyCommitment => bool used)) private _keyCommitmentUsed;
    /// @dev Written for deals with a split only, so that the others pay nothing for it.
    mapping(uint256 dealId => Destination destination) private _destinations;
    mapping(address rewards => mapping(uint256 round => mapping(address token => uint256 amount)))
        private _rewardCredits;

    /// @inheritdoc IModelEscrow
    function offer(Terms calldata terms) external nonReentrant returns (uint256 dealId) {
        uint64 shareUntil = _requireValidTerms(terms);
        if (_keyCommitmentUsed[msg.sender][terms.keyCommitment]) {
            revert KeyCommitmentUsed(msg.sender, terms.keyCommitment);
        }
        _keyCommitmentUsed[msg.sender][terms.keyCommitment] = true;

        // The id hashes seller and key commitment, so the line above also keeps any id from being offered twice.
        dealId = dealIdOf(msg.sender, terms);
        _deals[dealId] = Deal({
            seller: msg.sender,
            fundableUntil: terms.fundableUntil,
            state: State.Offered,
            basisPoints: terms.split.basisPoints,
            buyer: terms.buyer,
            refundableFrom: 0,
            timeToRedeem: terms.timeToRedeem,
            token: terms.token,
            price: terms.price,
            keyCommitment: terms.keyCommitment
        });
        if (terms.split.basisPoints != 0) {
            _destinations[dealId] = Destination({
                rewards: terms.split.rewards,
                shareUntil: shareUntil,
                round: terms.split.round
            });
        }
        emit Offered(
            dealId,
            msg.sender,
            terms.buyer,
            terms.token,
            terms.price,
            terms.fundableUntil,
            terms.timeToRedeem,
            terms.keyCommitment,
            terms.core,
            terms.orderHash,
            terms.split
        );
    }

    /// @inheritdoc IModelEscrow
    function cancel(uint256 dealId) external nonReentrant {
        Deal storage stored = _dealIn(dealId, State.Offered);
        _requireCaller(dealId, stored.seller);

        stored.state = State.Cancelled;
        emit Cancelled(dealId);
    }

    /// @inheritdoc IModelEscrow
    function fund(uint256 dealId) external payable nonReentrant {
        (address token, uint256 price) = _lock(dealId);

        uint256 due = token == ETHER ? price : 0;
        if (msg.value != due) revert WrongValue(dealId, msg.value, due);
        if (token != ETHER) _pull(token, price);
    }

    /// @inheritdoc IModelEscrow
    function fundWithPermit(uint256 dealId, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external nonReentrant {
        (address token, uint256 price) = _lock(dealId);

        if (token == ETHER) revert PermitWithoutToken(dealId);
        try IERC20Permit(token).permit(msg.sender, address(this), price, deadline, v, r, s) {} catch {
            // Whoever submitted the permit first left the allowance behind; without one the transfer fails.
        }
        _pull(token, price);
    }

    /// @inheritdoc IModelEscrow
    function redeem(uint256 dealId, uint256 key, uint256 opening) external nonReentrant {
        Deal storage stored = _dealIn(dealId, State.Funded);
        if (!_isNonZeroFieldElement(key) || !_isNonZeroFieldElement(opening)) revert NonCanonicalOpening(dealId);
        if (PoseidonT3.hash([key, opening]) != stored.keyCommitment) revert WrongOpening(dealId);

        // One word, read once.
        (address seller, uint256 basisPoints) = (stored.seller, stored.basisPoints);
        stored.state = State.Redeemed;
        emit Redeemed(dealId, key, opening);
        address token = stored.token;
        uint256 amount = stored.price;
        // Before the push, whose gas is checked after this: little gas reverts all, and takes no share from anyone.
        if (basisPoints != 0) amount -= _creditShare(dealId, token, (amount * basisPoints) / WHOLE_PRICE);
        _payOut(dealId, seller, token, amount);
    }

    /// @inheritdoc IModelEscrow
    function refund(uint256 dealId) external nonReentrant {
        Deal storage stored = _dealIn(dealId, State.Funded);
        // One word, read once.
        (address buyer, uint64 refundableFrom) = (stored.buyer, stored.refundableFrom);
        _requireCaller(dealId, buyer);
        if (block.timestamp < refundableFrom) revert NotRefundableYet(dealId, refundableFrom);

        stored.state = State.Refunded;
        emit Refunded(dealId);
        _payOut(dealId, msg.sender, stored.token, stored.price);
    }

    /// @inheritdoc IModelEscrow
    function withdraw(address token, address to) external nonReentrant {
        if (to == address(0) || to == address(this)) revert InvalidRecipient(to);
        uint256 amount = _credits[msg.sender][token];
        if (amount == 0) revert NoCredit(msg.sender, token);

        _credits[msg.sender][token] = 0;
        emit Withdrawn(msg.sender, token, to, amount);
        if (!_tryPush(token, to, amount, gasleft())) revert WithdrawalFailed(token, to, amount);
    }

    /// @inheritdoc IModelEscrow
    function forwardReward(address rewards, uint256 round, address token) external nonReentrant {
        uint256 amount = _rewardCredits[rewards][round][token];
        if (amount == 0) revert NoRewardCredit(rewards, round, token);

        _rewardCredits[rewards][round][token] = 0;
        emit RewardForwarded(rewards, round, token, amount);
        if (token == ETHER) {
            IShapleyRewards(rewards).fund{value: amount}(round, amount);
            return;
        }
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        IERC20(token).forceApprove(rewards, amount);
        IShapleyRewards(rewards).fund(round, amount);
        uint256 allowance = IERC20(token).allowance(address(this), rewards);
        if (allowance != 0) revert StandingAllowance(rewards, token, allowance);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        if (balanceAfter > balanceBefore || balanceBefore - balanceAfter != amount) {
            revert UnsupportedToken(token, balanceBefore, balanceAfter, amount);
        }
    }

    /// @inheritdoc IModelEscrow
    function pushToken(address token, address to, uint256 amount) external {
        if (msg.sender != address(this)) revert SelfCallOnly(msg.sender);
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        if (!IERC20(token).trySafeTransfer(to, amount)) revert SafeERC20.SafeERC20FailedOperation(token);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        // If the balance has grown, the subtraction reverts.
        if (balanceBefore - balanceAfter != amount) {
            revert UnsupportedToken(token, balanceBefore, balanceAfter, amount);
        }
    }

    /// @inheritdoc IModelEscrow
    function deal(uint256 dealId) external view returns (Deal memory stored) {
        return _deals[dealId];
    }

    /// @inheritdoc IModelEscrow
    function stateOf(uint256 dealId) external view returns (State state) {
        return _deals[dealId].state;
    }

    /// @inheritdoc IModelEscrow
    function credit(address account, address token) external view returns (uint256 amount) {
        return _credits[account][token];
    }

    /// @inheritdoc IModelEscrow
    function rewardCredit(address rewards, uint256 round, address token) external view returns (uint256 amount) {
        return _rewardCredits[rewards][round][token];
    }

    /// @inheritdoc IModelEscrow
    function splitOf(
        uint256 dealId
    ) external view returns (address rewards, uint256 round, uint16 basisPoints, uint64 shareUntil) {
        Destination storage destination = _destinations[dealId];
        return (destination.rewards, destination.round, _deals[dealId].basisPoints, destination.shareUntil);
    }

    /// @inheritdoc IModelEscrow
    function keyCommitmentUsed(address seller, uint256 keyCommitment) external view returns (bool used) {
        return _keyCommitmentUsed[seller][keyCommitment];
    }

    /// @inheritdoc IModelEscrow
    function dealIdOf(address seller, Terms calldata terms) public view returns (uint256 dealId) {
        bytes32 digest = keccak256(
            abi.encode(
                DEAL_DOMAIN,
                block.chainid,
                address(this),
                seller,
                terms.buyer,
                terms.token,
                terms.price,
                terms.fundableUntil,
                terms.timeToRedeem,
                keccak256(abi.encode(terms.split)),
                terms.keyCommitment,
                terms.core
            )
        );
        return uint256(digest) % FIELD_ORDER;
    }

    /// @dev Moves a deal to Funded for its buyer. The caller collects the price, or reverts.
    function _lock(uint256 dealId) private returns (address token, uint256 price) {
        Deal storage stored = _dealIn(dealId, State.Offered);
        // One word, read once.
        (address buyer, uint32 timeToRedeem) = (stored.buyer, stored.timeToRedeem);
        _requireCaller(dealId, buyer);
        uint64 fundableUntil = stored.fundableUntil;
        if (block.timestamp > fundableUntil) revert FundingClosed(dealId, fundableUntil);

        uint64 refundableFrom = SafeCast.toUint64(block.timestamp + timeToRedeem);
        stored.state = State.Funded;
        stored.refundableFrom = refundableFrom;
        emit Funded(dealId, refundableFrom);
        return (stored.token, stored.price);
    }

    /// @dev Collects the price from the caller, and from nobody else whatever allowances exist.
    function _pull(address token, uint256 price) private {
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), price);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        if (balanceAfter < balanceBefore || balanceAfter - balanceBefore != price) {
            revert UnsupportedToken(token, balanceBefore, balanceAfter, price);
        }
    }

    /// @dev Writes the share of a redeemed deal to its round's credit, or to the buyer's where the providers might not get it any
    /// more. Calls nobody, and cannot overflow: a price is below 2^128, and 2^128 deals there will not be.
    function _creditShare(uint256 dealId, address token, uint256 share) private returns (uint256 credited) {
        Destination storage destination = _destinations[dealId];
        // One word, read once.
        (address rewards, uint64 shareUntil) = (destination.rewards, destination.shareUntil);
        if (block.timestamp > shareUntil) {
            address buyer = _deals[dealId].buyer;
            _credits[buyer][token] += share;
            emit Credited(dealId, buyer, token, share);
            return share;
        }
        uint256 round = destination.round;
        _rewardCredits[rewards][round][token] += share;
        emit RewardCredited(dealId, rewards, round, token, share);
        return share;
    }

    /// @dev Pays `amount`, or credits it. Whoever sends the transaction chooses its gas: the check makes sure that this
    /// choice can neither starve a recipient who would have accepted nor keep the credit from being written.
    function _payOut(uint256 dealId, address to, address token, uint256 amount) private {
        uint256 pushGas = token == ETHER ? ETHER_PUSH_GAS : TOKEN_PUSH_GAS;
        // A call passes on at most 63/64 of the gas that is left (EIP-150).
        uint256 required = pushGas + pushGas / 63 + PUSH_RESERVE_GAS;
        uint256 available = gasleft();
        if (available < required) revert InsufficientGas(available, required);

        if (!_tryPush(token, to, amount, pushGas)) {
            // The one write after a call: it records the outcome of that call, and the guard is still closed.
            _credits[to][token] += amount;
            emit Credited(dealId, to, token, amount);
        }
    }

    /// @dev Pays `amount` with at most `gasLimit`, or changes nothing and says so. Whatever is answered is not copied, so
    /// that an endless answer costs no more than that gas.
    function _tryPush(address token, address to, uint256 amount, uint256 gasLimit) private returns (bool delivered) {
        if (token != ETHER) {
            try this.pushToken{gas: gasLimit}(token, to, amount) {
                return true;
            } catch {
                return false;
            }
        }
        // Solidity's own call copies the answer.
        assembly ("memory-safe") {
            delivered := call(gasLimit, to, amount, 0x00, 0x00, 0x00, 0x00)
        }
    }

    function _dealIn(uint256 dealId, State required) private view returns (Deal storage stored) {
        stored = _deals[dealId];
        State current = stored.state;
        if (current != required) revert WrongState(dealId, current, required);
    }

    function _requireCaller(uint256 dealId, address required) private view {
        if (msg.sender != required) revert UnauthorizedCaller(dealId, msg.sender, required);
    }

    /// @dev Gives the last second in which a share goes to its round, 0 without a split.
    function _requireValidTerms(Terms calldata terms) private view returns (uint64 shareUntil) {
        if (terms.buyer == address(0) || terms.buyer == msg.sender) revert InvalidBuyer(terms.buyer);
        if (terms.token != ETHER && terms.token.code.length == 0) revert InvalidToken(terms.token);
        if (terms.price == 0 || terms.price > MAX_PRICE) revert InvalidPrice(terms.price, MAX_PRICE);
        uint256 latest = block.timestamp + MAX_TIME_TO_FUND;
        if (terms.fundableUntil <= block.timestamp || terms.fundableUntil > latest) {
            revert InvalidFundableUntil(terms.fundableUntil, block.timestamp + 1, latest);
        }
        if (terms.timeToRedeem < MIN_TIME_TO_REDEEM || terms.timeToRedeem > MAX_TIME_TO_REDEEM) {
            revert InvalidTimeToRedeem(terms.timeToRedeem, MIN_TIME_TO_REDEEM, MAX_TIME_TO_REDEEM);
        }
        if (!_isNonZeroFieldElement(terms.keyCommitment)) revert InvalidKeyCommitment(terms.keyCommitment);
        if (terms.core >= FIELD_ORDER) revert InvalidCore(terms.core);
        Split calldata split = terms.split;
        bool splits = split.rewards != address(0) || split.round != 0 || split.basisPoints != 0 || split.codeHash != 0;
        if (splits) return _requireValidSplit(terms, split);
    }

    /// @dev What is looked at here stays as it is: a round's token and deadline never change, nor can it lose a provider,
    /// and with one it is not refunded to its owner.
    function _requireValidSplit(Terms calldata terms, Split calldata split) private view returns (uint64 shareUntil) {
        if (split.basisPoints == 0 || split.basisPoints >= WHOLE_PRICE) {
            revert InvalidBasisPoints(split.basisPoints, 1, WHOLE_PRICE - 1);
        }
        address rewards = split.rewards;
        bytes32 codeHash = rewards.codehash;
        if (rewards == address(this) || rewards.code.length == 0 || codeHash != split.codeHash) {
            revert InvalidRewardsCode(rewards, codeHash, split.codeHash);
        }
        IShapleyRewards.Round memory round = IShapleyRewards(rewards).round(split.round);
        bool refusing =
            round.state == IShapleyRewards.State.None ||
                round.state == IShapleyRewards.State.Refunded ||
                round.state == IShapleyRewards.State.Swept;
        if (refusing || round.providers == 0) revert RoundPaysNobody(rewards, split.round);
        if (round.token != terms.token) revert WrongRoundToken(rewards, split.round, round.token, terms.token);
        uint256 earliest = uint256(terms.fundableUntil) + terms.timeToRedeem + MIN_TIME_TO_CLAIM;
        if (round.claimUntil < earliest) {
            revert RoundEndsTooEarly(rewards, split.round, round.claimUntil, earliest);
        }
        // Not before the latest `refundableFrom`.
        return uint64(round.claimUntil - MIN_TIME_TO_CLAIM);
    }

    function _isNonZeroFieldElement(uint256 value) private pure returns (bool) {
        return value != 0 && value < FIELD_ORDER;
    }
}
