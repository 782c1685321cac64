// Made by scripts/generate-contract-code.ts from the compiled contracts; a test compares the two.

/** BlockSeed's functions, events and errors in ethers' human-readable form. */
export const BLOCK_SEED_ABI: readonly string[] = [
  "error AlreadyArmed(address rewards, uint256 round, uint256 seedBlock)",
  "error AlreadyDrawn(address rewards, uint256 round, bytes32 seed)",
  "error NoBlockRandomness(uint256 prevRandao, bytes32 blockHash)",
  "error NotArmed(address rewards, uint256 round)",
  "error RegistrationOpen(address rewards, uint256 round, uint64 registrationUntil)",
  "error SeedBlockAhead(uint256 seedBlock, uint256 current)",
  "error SeedBlockLost(uint256 seedBlock, uint256 current)",
  "error UnknownRound(address rewards, uint256 round)",
  "event Armed(address indexed rewards, uint256 indexed round, uint256 seedBlock)",
  "event Drawn(address indexed rewards, uint256 indexed round, bytes32 seed)",
  "function BLOCKS_AHEAD() view returns (uint256)",
  "function HASHES_SHOWN() view returns (uint256)",
  "function SEED_DOMAIN() view returns (bytes32)",
  "function SMALLEST_RANDOM_WORD() view returns (uint256)",
  "function arm(address rewards, uint256 round)",
  "function draw(address rewards, uint256 round) returns (bytes32 seed)",
  "function seedBlockOf(address rewards, uint256 round) view returns (uint256 seedBlock)",
  "function seedOf(address rewards, uint256 round) view returns (bytes32 seed)",
];
