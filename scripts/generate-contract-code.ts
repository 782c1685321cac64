/**
 * Writes the contracts' ABIs and codes into packages/chain, from the artifacts of `npx hardhat build`: clients check the
 * contracts that are on chain against them, and the embedded chain deploys from them without a compiler. Run it
 * after every change of a contract: `npx hardhat build && node scripts/generate-contract-code.ts`.
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
  readonly buildInfoId: string;
}

const root = new URL("../", import.meta.url);

const header = "// Made by scripts/generate-contract-code.ts from the compiled contracts; a test compares the two.\n";

/** The generated files, by their path from the root of the repository. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const texts = {
    "packages/chain/src/escrow-code.ts": await escrowCode(),
    "packages/chain/src/escrow-abi.ts": header + (await abi("ESCROW_ABI", "ModelEscrow")),
    "packages/chain/src/rewards-code.ts": await rewardsCode(),
    "packages/chain/src/rewards-abi.ts":
      header + (await abi("REWARDS_ABI", "ShapleyRewards")) + (await abi("REWARDS_VERIFIER_ABI", "RewardsVerifier")),
    "packages/chain/src/block-seed-code.ts": await blockSeedCode(),
    "packages/chain/src/block-seed-abi.ts": header + (await abi("BLOCK_SEED_ABI", "BlockSeed")),
  };
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries(texts)) files[path] = await pretty(text);
  return files;
}

async function escrowCode(): Promise<string> {
  return `${header}import type { Hex } from "@zkcmp/sale/hex";

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

export const ESCROW_CODE: ExpectedCode = ${JSON.stringify(contractCode(await contractArtifact("ModelEscrow")))};

export const POSEIDON_CODE: ExpectedCode = ${JSON.stringify(libraryCode(await poseidonArtifact("PoseidonT3")))};
`;
}

async function rewardsCode(): Promise<string> {
  return `${header}import type { CodeSpan, ExpectedCode } from "./escrow-code.ts";

/** What the code of a deployed contract must be that is made with arguments. The creation code comes before the arguments. */
export interface ExpectedCodeWithImmutables extends ExpectedCode {
  /** Where the runtime code holds the value of each immutable, as a 32-byte word in each of the places. */
  readonly immutables: Readonly<Record<string, readonly CodeSpan[]>>;
}

/** Made with (address verifier, Shape shape). */
export const REWARDS_CODE: ExpectedCodeWithImmutables = ${JSON.stringify(await codeWithImmutables("ShapleyRewards"))};

/** Made with (VerificationKey key). */
export const REWARDS_VERIFIER_CODE: ExpectedCodeWithImmutables = ${JSON.stringify(await codeWithImmutables("RewardsVerifier"))};

export const POSEIDON_T4_CODE: ExpectedCode = ${JSON.stringify(libraryCode(await poseidonArtifact("PoseidonT4")))};
`;
}

async function blockSeedCode(): Promise<string> {
  return `${header}import type { ExpectedCode } from "./escrow-code.ts";

export const BLOCK_SEED_CODE: ExpectedCode = ${JSON.stringify(contractCode(await contractArtifact("BlockSeed")))};
`;
}

async function abi(constant: string, contract: string): Promise<string> {
  const artifact = await contractArtifact(contract);
  return `
/** ${contract}'s functions, events and errors in ethers' human-readable form. */
export const ${constant}: readonly string[] = ${JSON.stringify(new Interface(artifact.abi).format())};
`;
}

function contractCode(artifact: Artifact): object {
  const immutables = Object.values(artifact.immutableReferences ?? {}).flat();
  const runtimeLinks = spans(artifact.deployedLinkReferences);
  const creationLinks = spans(artifact.linkReferences);
  return {
    runtimeHash: maskedHash(artifact.deployedBytecode, [...runtimeLinks, ...immutables]),
    masked: [...runtimeLinks, ...immutables.map(({ start, length }) => ({ start, length }))],
    addresses: runtimeLinks,
    creation: masked(artifact.bytecode, creationLinks),
    creationAddresses: creationLinks,
  };
}

function libraryCode(artifact: Artifact): object {
  // Solidity puts a library's own address behind a PUSH20 at the start of its code, and no library has immutables.
  const ownAddress = [{ start: 1, length: 20 }];
  return {
    runtimeHash: maskedHash(artifact.deployedBytecode, ownAddress),
    masked: ownAddress,
    addresses: ownAddress,
    creation: artifact.bytecode,
    creationAddresses: [],
  };
}

async function codeWithImmutables(contract: string): Promise<object> {
  const artifact = await contractArtifact(contract);
  const names = await immutableNames(artifact.buildInfoId);
  const immutables = Object.fromEntries(
    Object.entries(artifact.immutableReferences ?? {}).map(([id, places]) => [
      names.get(Number(id)),
      places.map(({ start, length }) => ({ start, length })),
    ]),
  );
  return { ...contractCode(artifact), immutables };
}

/** The immutables of a build by their ids in the syntax tree: `_ALPHA_X` is called `alphaX`. */
async function immutableNames(buildInfoId: string): Promise<Map<number, string>> {
  const path = `artifacts/build-info/${buildInfoId}.output.json`;
  const { output } = JSON.parse(await readFile(new URL(path, root), "utf8")) as {
    output: { sources: Record<string, { ast: unknown }> };
  };
  const names = new Map<number, string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { id, name, mutability } = node as { id?: number; name?: string; mutability?: string };
    if (mutability === "immutable" && id !== undefined && name !== undefined) names.set(id, camelCase(name));
    Object.values(node).forEach(visit);
  };
  Object.values(output.sources).forEach(({ ast }) => visit(ast));
  return names;
}

function camelCase(name: string): string {
  const words = name
    .toLowerCase()
    .split("_")
    .filter((word) => word !== "");
  return words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join("");
}

function contractArtifact(name: string): Promise<Artifact> {
  return readArtifact(`artifacts/contracts/${name}.sol/${name}.json`);
}

function poseidonArtifact(name: string): Promise<Artifact> {
  return readArtifact(`artifacts/poseidon-solidity/${name}.sol/${name}.json`);
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
