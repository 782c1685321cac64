/** The zero address stands for ether, wherever the address of a token stands. */
export const ETHER: `0x${string}` = `0x${"0".repeat(40)}`;
