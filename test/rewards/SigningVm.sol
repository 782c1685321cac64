// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title The cheat codes of the test runner that make signatures
interface SigningVm {
    function addr(uint256 privateKey) external pure returns (address account);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
}

SigningVm constant signingVm = SigningVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
