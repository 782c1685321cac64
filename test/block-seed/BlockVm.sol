// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title The cheat codes of the test runner that say what a chain answers about its blocks
interface BlockVm {
    function prevrandao(uint256 word) external;
    function roll(uint256 number) external;
    function setBlockhash(uint256 number, bytes32 hash) external;
    function warp(uint256 timestamp) external;
}

BlockVm constant blockVm = BlockVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
