/**
 * Writes the contract's ABI and code into packages/chain, from the artifacts of `npx hardhat build`: a buyer checks the
 * contract that is on chain against them, and the embedded chain deploys from them without a compiler. Run it
 * after every change of a contract: `npx hardhat build && node scripts/generate-escrow-code.ts`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { Interface, keccak256 } from "ethers";
import { format, resolveConfig } from "prettier";

interface Span {
  readonly start: number;
  readonly length: number;
}

interface Artifact {
  readonly abi: readonly object[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: Record<string, Record<string, Span[]>>;
  readonly deployedLinkReferences: Record<string, Record<string, Span[]>>;
  readonly immutableReferences?: Record<string, Span[]>;
}

const root = new URL("../", import.meta.url);

/** The generated files, by their path from the root of the repository. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const escrow = await readArtifact("artifacts/contracts/ModelEscrow.sol/ModelEscrow.json");
  const poseidon = await readArtifact("artifacts/poseidon-solidity/PoseidonT3.sol/PoseidonT3.json");
  const immutables = Object.values(escrow.immutableReferences ?? {}).flat();
  const runtimeLinks = spans(escrow.deployedLinkReferences);
  const creationLinks = spans(escrow.linkReferences);
  // Solidity puts a library's own address behind a PUSH20 at the start of its code, and no library has immutables.
  const ownAddress = [{ start: 1, length: 20 }];
  const head =
    "// Made by scripts/generate-escrow-code.ts from the compiled contracts; a test compares the two.\n" +
    'import type { Hex } from "@zkcmp/sale/hex";\n\n';
  const code = `${head}
/** A part of a code, in bytes. */
export interface CodeSpan { readonly start: number; readonly length: number }

/** What the code of a deployed contract must be. */
export interface ExpectedCode {
  /** keccak256 of the runtime code with zeros in the masked parts. */
  readonly runtimeHash: Hex;
  /** Parts of the runtime code that differ from one deployment to the next. */
  readonly masked: readonly CodeSpan[];
  /** Where the runtime code holds the library's address; in a library, its own. */
  readonly addresses: readonly CodeSpan[];
  /** Code that creates the contract, with zeros in the place of the library's address. */
  readonly creation: Hex;
  /** Where the creation code holds the library's address. */
  readonly creationAddresses: readonly CodeSpan[];
}

export const ESCROW_CODE: ExpectedCode = ${JSON.stringify({
    runtimeHash: maskedHash(escrow.deployedBytecode, [...runtimeLinks, ...immutables]),
    masked: [...runtimeLinks, ...immutables],
    addresses: runtimeLinks,
    creation: masked(escrow.bytecode, creationLinks),
    creationAddresses: creationLinks,
  })};

export const POSEIDON_CODE: ExpectedCode = ${JSON.stringify({
    runtimeHash: maskedHash(poseidon.deployedBytecode, ownAddress),
    masked: ownAddress,
    addresses: ownAddress,
    creation: poseidon.bytecode,
    creationAddresses: [],
  })};
`;
  const abi = `// Made by scripts/generate-escrow-code.ts from the compiled contracts; a test compares the two.

/** ModelEscrow's functions, events and errors in ethers' human-readable form. */
export const ESCROW_ABI: readonly string[] = ${JSON.stringify(new Interface(escrow.abi).format())};
`;
  return {
    "packages/chain/src/escrow-code.ts": await pretty(code),
    "packages/chain/src/escrow-abi.ts": await pretty(abi),
  };
}

async function readArtifact(path: string): Promise<Artifact> {
  return JSON.parse(await readFile(new URL(path, root), "utf8")) as Artifact;
}

function spans(references: Record<string, Record<string, Span[]>>): Span[] {
  return Object.values(references).flatMap((libraries) =>
    Object.values(libraries).flatMap((places) => places.map(({ start, length }) => ({ start, length }))),
  );
}

function masked(code: string, places: readonly Span[]): string {
  return places.reduce(
    (text, { start, length }) =>
      text.slice(0, 2 + 2 * start) + "00".repeat(length) + text.slice(2 + 2 * (start + length)),
    code,
  );
}

function maskedHash(code: string, places: readonly Span[]): string {
  return keccak256(masked(code, places));
}

async function pretty(text: string): Promise<string> {
  const options = await resolveConfig(new URL("package.json", root));
  return format(text, { ...options, parser: "typescript" });
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) await writeFile(new URL(path, root), text);
}
