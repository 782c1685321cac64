// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Public random seeds for rounds with more providers than exact Shapley values allow
/// @notice Values of many providers are estimated from random orders of them. Who chooses the orders chooses the values,
/// so they follow from a seed that nobody knows while providers can still register, and that nobody draws twice:
/// ```text
///   registration ---- registrationUntil
///                     |  arm            seed block                          seed block + 256
///                     |  |--- 96 ------>|
///                                       |  draw (once, for ever)            |  lost: arm again ...
/// ```
/// The first call of {arm} after the registration fixes a block that does not exist yet, the hash of that block makes the
/// seed. A chain shows the hashes of its last 256 blocks only, so {draw} has to follow in time; anyone may call it.
/// The distance of 96 blocks is three epochs of Ethereum's: who will propose a block is known for less than two epochs
/// ahead, so that nobody can arm for a block of their own.
///
/// NOTE: The proposer of the seed block, or the operator of a chain with one sequencer, can try many blocks and
/// publish the one whose seed suits best; and if nobody draws within 256 blocks, the next seed is another one. Watch, and draw.
interface IBlockSeed {
    /// @notice The block of a seed was fixed.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param seedBlock The number of the block
    event Armed(address indexed rewards, uint256 indexed round, uint256 seedBlock);

    /// @notice A seed was drawn.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @param seed The seed
    event Drawn(address indexed rewards, uint256 indexed round, bytes32 seed);

    /// @notice There is no such round.
    /// @param rewards The rewards contract
    /// @param round The round
    error UnknownRound(address rewards, uint256 round);

    /// @notice Providers can still register.
    /// @param rewards The rewards contract
    /// @param round The round
    /// @param registrationUntil The last timestamp at which they can
    error RegistrationOpen(address rewards, uint256 round, uint64 registrationUntil);

    /// @notice The block is fixed and its hash is not lost.
    /// @param rewards The rewards contract
    /// @param round The round
    /// @param seedBlock The number of the block
    error AlreadyArmed(address rewards, uint256 round, uint256 seedBlock);

    /// @notice The seed was drawn, and stays.
    /// @param rewards The rewards contract
    /// @param round The round
    /// @param seed The seed
    error AlreadyDrawn(address rewards, uint256 round, bytes32 seed);

    /// @notice No block was fixed yet.
    /// @param rewards The rewards contract
    /// @param round The round
    error NotArmed(address rewards, uint256 round);

    /// @notice The block has no hash yet.
    /// @param seedBlock The number of the block
    /// @param current The number of the present block
    error SeedBlockAhead(uint256 seedBlock, uint256 current);

    /// @notice The chain does not show the block's hash any more. Arm again.
    /// @param seedBlock The number of the block
    /// @param current The number of the present block
    error SeedBlockLost(uint256 seedBlock, uint256 current);

    /// @notice The chain has no block randomness that could be used, see {arm}.
    /// @param prevRandao What the chain answers for the present block's randomness
    /// @param blockHash What the chain answers for the hash of an earlier block
    error NoBlockRandomness(uint256 prevRandao, bytes32 blockHash);

    /// @notice Fixes the block of a round's seed, 96 blocks ahead. Anyone, once the registration is over; again only if the
    /// hash of the fixed block was lost.
    /// Refused on chains without block randomness. It counts as missing where `prevrandao` is below 2^64: rollups
    /// answer with 0, 1 or a small constant, chains with proof of work or of authority with a difficulty, while a
    /// random word is that small once in 2^192 blocks (the test that EIP-4399 proposes). It also counts as missing where the
    /// hash of the block before is zero, and, in {draw}, where `prevrandao` is still what it was when the seed was armed or
    /// the hash of the fixed block is zero. What is not constant but predictable cannot be told apart here.
    /// Emits {Armed}.
    /// @param rewards The rewards contract, an {IShapleyRewards}
    /// @param round The round in the rewards contract
    function arm(address rewards, uint256 round) external;

    /// @notice Makes and stores the seed: keccak256(abi.encode(keccak256("zkcmp/block-seed/v1"), chain id, rewards, round, hash
    /// of the fixed block)). Anyone, in the 256 blocks after the fixed one.
    /// Emits {Drawn}.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @return seed The seed
    function draw(address rewards, uint256 round) external returns (bytes32 seed);

    /// @notice A round's seed.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @return seed The seed, zero until drawn
    function seedOf(address rewards, uint256 round) external view returns (bytes32 seed);

    /// @notice The block whose hash makes a round's seed.
    /// @param rewards The rewards contract
    /// @param round The round in the rewards contract
    /// @return seedBlock The number of the block, zero until armed
    function seedBlockOf(address rewards, uint256 round) external view returns (uint256 seedBlock);
}
