// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BlockSeed} from "../../contracts/BlockSeed.sol";
import {IBlockSeed} from "../../contracts/interfaces/IBlockSeed.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {MoodyRewards} from "../../contracts/test-doubles/MoodyRewards.sol";
import {blockVm} from "./BlockVm.sol";

/// @title Seeds on chains that answer with zero for the hashes of their blocks
/// @notice No node of Ethereum does so within 256 blocks, but rollups have done it. A seed of zero hashes would be known beforehand.
contract BlockSeedTest {
    uint256 private constant ROUND = 7;
    uint256 private constant FIRST = 1000;
    uint256 private constant BLOCKS_AHEAD = 96;
    uint256 private constant RANDOM_WORD = 2 ** 255 + 12_345;

    BlockSeed private _blockSeed;
    MoodyRewards private _rewards;

    function setUp() public {
        _blockSeed = new BlockSeed();
        _rewards = new MoodyRewards();
        IShapleyRewards.Round memory round;
        round.state = IShapleyRewards.State.Open;
        round.registrationUntil = 1_800_000_000;
        _rewards.setRound(ROUND, round);
        blockVm.warp(round.registrationUntil + 1);
        _moveTo(FIRST, RANDOM_WORD);
    }

    function test_armIsRefusedIfTheBlockBeforeHasNoHash() public {
        blockVm.setBlockhash(FIRST - 1, 0);
        try _blockSeed.arm(address(_rewards), ROUND) {
            assert(false);
        } catch (bytes memory reason) {
            _requireNoRandomness(reason, RANDOM_WORD);
        }
        blockVm.setBlockhash(FIRST - 1, bytes32(uint256(1)));
        _blockSeed.arm(address(_rewards), ROUND);
    }

    function test_drawIsRefusedIfTheFixedBlockHasNoHash() public {
        _blockSeed.arm(address(_rewards), ROUND);
        uint256 seedBlock = _blockSeed.seedBlockOf(address(_rewards), ROUND);
        assert(seedBlock == FIRST + BLOCKS_AHEAD);
        _moveTo(seedBlock + 1, RANDOM_WORD + 1);
        blockVm.setBlockhash(seedBlock, 0);
        try _blockSeed.draw(address(_rewards), ROUND) {
            assert(false);
        } catch (bytes memory reason) {
            _requireNoRandomness(reason, RANDOM_WORD + 1);
        }
        assert(_blockSeed.seedOf(address(_rewards), ROUND) == 0);

        bytes32 hash = bytes32(uint256(1));
        blockVm.setBlockhash(seedBlock, hash);
        bytes32 seed = _blockSeed.draw(address(_rewards), ROUND);
        assert(
            seed ==
                keccak256(abi.encode(keccak256("zkcmp/block-seed/v1"), block.chainid, address(_rewards), ROUND, hash))
        );
    }

    function _moveTo(uint256 number, uint256 word) private {
        blockVm.roll(number);
        blockVm.prevrandao(word);
    }

    function _requireNoRandomness(bytes memory reason, uint256 word) private pure {
        bytes memory expected = abi.encodeWithSelector(IBlockSeed.NoBlockRandomness.selector, word, bytes32(0));
        assert(keccak256(reason) == keccak256(expected));
    }
}
