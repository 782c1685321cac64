// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IBlockSeed} from "./interfaces/IBlockSeed.sol";
import {IShapleyRewards} from "./interfaces/IShapleyRewards.sol";

/// @title Public random seeds for rounds with more providers than exact Shapley values allow
/// @notice See {IBlockSeed} for what each function does and when. There is no owner and nothing to own.
contract BlockSeed is IBlockSeed {
    /// @notice The domain of seeds.
    bytes32 public constant SEED_DOMAIN = keccak256("zkcmp/block-seed/v1");

    /// @notice How many blocks ahead a seed's block is fixed.
    uint256 public constant BLOCKS_AHEAD = 96;

    /// @notice For how many blocks the chain shows a block's hash.
    uint256 public constant HASHES_SHOWN = 256;

    /// @notice What a random word is never below, unlike constants and difficulties.
    uint256 public constant SMALLEST_RANDOM_WORD = 1 << 64;

    /// @dev `prevRandao` is that of the block in which the seed was armed.
    struct Arming {
        uint256 seedBlock;
        uint256 prevRandao;
        bytes32 seed;
    }

    mapping(address rewards => mapping(uint256 round => Arming arming)) private _armings;

    /// @inheritdoc IBlockSeed
    function arm(address rewards, uint256 round) external {
        IShapleyRewards.Round memory known = IShapleyRewards(rewards).round(round);
        if (known.state == IShapleyRewards.State.None) revert UnknownRound(rewards, round);
        if (block.timestamp <= known.registrationUntil) {
            revert RegistrationOpen(rewards, round, known.registrationUntil);
        }
        Arming storage arming = _armings[rewards][round];
        if (arming.seed != 0) revert AlreadyDrawn(rewards, round, arming.seed);
        if (arming.seedBlock != 0 && block.number <= arming.seedBlock + HASHES_SHOWN) {
            revert AlreadyArmed(rewards, round, arming.seedBlock);
        }
        bytes32 lastHash = blockhash(block.number - 1);
        if (block.prevrandao < SMALLEST_RANDOM_WORD || lastHash == 0) {
            revert NoBlockRandomness(block.prevrandao, lastHash);
        }

        arming.seedBlock = block.number + BLOCKS_AHEAD;
        arming.prevRandao = block.prevrandao;
        emit Armed(rewards, round, arming.seedBlock);
    }

    /// @inheritdoc IBlockSeed
    function draw(address rewards, uint256 round) external returns (bytes32 seed) {
        Arming storage arming = _armings[rewards][round];
        uint256 seedBlock = arming.seedBlock;
        if (seedBlock == 0) revert NotArmed(rewards, round);
        if (arming.seed != 0) revert AlreadyDrawn(rewards, round, arming.seed);
        if (block.number <= seedBlock) revert SeedBlockAhead(seedBlock, block.number);
        if (block.number > seedBlock + HASHES_SHOWN) revert SeedBlockLost(seedBlock, block.number);
        bytes32 blockHash = blockhash(seedBlock);
        bool constantWord = block.prevrandao < SMALLEST_RANDOM_WORD || block.prevrandao == arming.prevRandao;
        if (constantWord || blockHash == 0) revert NoBlockRandomness(block.prevrandao, blockHash);

        seed = keccak256(abi.encode(SEED_DOMAIN, block.chainid, rewards, round, blockHash));
        arming.seed = seed;
        emit Drawn(rewards, round, seed);
    }

    /// @inheritdoc IBlockSeed
    function seedOf(address rewards, uint256 round) external view returns (bytes32 seed) {
        return _armings[rewards][round].seed;
    }

    /// @inheritdoc IBlockSeed
    function seedBlockOf(address rewards, uint256 round) external view returns (uint256 seedBlock) {
        return _armings[rewards][round].seedBlock;
    }
}
