import { ZkcmpError } from "@zkcmp/field/error";
import type { Address } from "@zkcmp/sale/order";
import * as z from "zod";
import { type AddressParameters, chosenEntry, isNodeUrl } from "../node-choice.ts";

/** There is no usable deployment for this page: its file or its link is wrong. */
export class DeploymentError extends ZkcmpError {}

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "expected an address, 0x and 40 hexadecimal digits")
  .transform((text) => text.toLowerCase() as Address);

const chainId = z.int().min(1);
const block = z.int().min(0);
const path = z.string().min(1);

const nodeUrl = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && isNodeUrl(url);
}, "expected the https address of a node, or http on localhost or 127.0.0.1");

const deploymentSchema = z.strictObject({
  name: z.string().min(1).max(60),
  chainId,
  rpcUrl: nodeUrl,
  escrow: address,
  escrowBlock: block,
  rewards: z.array(z.strictObject({ address, block })),
  orders: z.array(path),
  rounds: z.array(path),
  trustedKeys: path.nullable(),
  samples: z.array(z.strictObject({ path, about: z.string() })),
});

const fileSchema = z.strictObject({
  format: z.literal("zkcmp-deployments"),
  version: z.literal(1),
  deployments: z.array(deploymentSchema),
});

/** One market: a chain, a node to reach it, and the contracts on it. Paths are whole URLs on the page's origin. */
export type Deployment = z.output<typeof deploymentSchema>;

/**
 * Reads `deployments.json`.
 * @param text the file
 * @param base whole URL of the file: its paths are relative to it
 * @throws {DeploymentError} saying what is wrong with the file
 */
export function parseDeployments(text: string, base: string): Deployment[] {
  const fix = "Correct the file deployments.json beside the page.";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DeploymentError("deployments.json is not JSON", fix);
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) {
    const issue = file.error.issues[0]!;
    throw new DeploymentError(`deployments.json is wrong at ${issue.path.join(".")}: ${issue.message}`, fix);
  }
  const resolve = (relative: string): string => {
    const url = new URL(relative, base);
    if (url.origin !== new URL(base).origin) {
      throw new DeploymentError(`deployments.json names ${relative}, which is on another host than the page`, fix);
    }
    return url.href;
  };
  return file.data.deployments.map((deployment) => ({
    ...deployment,
    orders: deployment.orders.map(resolve),
    rounds: deployment.rounds.map(resolve),
    trustedKeys: deployment.trustedKeys === null ? null : resolve(deployment.trustedKeys),
    samples: deployment.samples.map((sample) => ({ ...sample, path: resolve(sample.path) })),
  }));
}

/**
 * The deployment that the page works on: one of the file, parts of it replaced by the link's parameters, or one that the
 * link names alone.
 * @throws {DeploymentError} saying which parameter is wrong or missing
 */
export function chooseDeployment(parameters: AddressParameters, deployments: readonly Deployment[]): Deployment {
  const named = parseParameters(parameters);
  const entry = chosenEntry(parameters, deployments);
  if (entry === null) {
    if (named.rpc === null && named.chain === null && named.escrow === null) {
      throw new DeploymentError(
        "this page knows no market",
        "Open it with ?chain=…&rpc=…&escrow=… in its address, or let its host name one in deployments.json.",
      );
    }
    if (named.chain === null || named.rpc === null || named.escrow === null) {
      const missing = (["chain", "rpc", "escrow"] as const).filter((name) => named[name] === null);
      throw new DeploymentError(
        `the page's address does not say ${missing.join(" and ")}, and no deployment of this page does`,
        `Add ${missing.map((name) => `${name}=…`).join("&")} to the page's address.`,
      );
    }
  }
  const base: Deployment = entry ?? {
    name: `chain ${named.chain}`,
    chainId: named.chain!,
    rpcUrl: named.rpc!,
    escrow: named.escrow!,
    escrowBlock: 0,
    rewards: [],
    orders: [],
    rounds: [],
    trustedKeys: null,
    samples: [],
  };
  const since = named.block ?? 0;
  return {
    ...base,
    ...(named.rpc === null ? {} : { rpcUrl: named.rpc }),
    ...(named.escrow === null || named.escrow === entry?.escrow ? {} : { escrow: named.escrow, escrowBlock: since }),
    ...(named.rewards === null ? {} : { rewards: [{ address: named.rewards, block: since }] }),
  };
}

/** Parts of a market that a link can bring. */
export type LinkedPart = "node" | "escrow" | "rewards";

/** What of the chosen deployment the page's host has not named: whoever made the link has. */
export function linkedParts(parameters: AddressParameters, deployments: readonly Deployment[]): LinkedPart[] {
  const own = chosenEntry(parameters, deployments);
  const chosen = chooseDeployment(parameters, deployments);
  const isOwnContract = ({ address: each }: { address: Address }): boolean =>
    own?.rewards.some(({ address: known }) => known === each) === true;
  return [
    ...(chosen.rpcUrl === own?.rpcUrl ? [] : ["node" as const]),
    ...(chosen.escrow === own?.escrow ? [] : ["escrow" as const]),
    ...(chosen.rewards.every(isOwnContract) ? [] : ["rewards" as const]),
  ];
}

function parseParameters({ rpc, chain, escrow, rewards, block: since }: AddressParameters) {
  return {
    rpc: parameter("rpc", rpc, nodeUrl),
    chain: parameter("chain", chain, wholeNumber.pipe(chainId)),
    escrow: parameter("escrow", escrow, address),
    rewards: parameter("rewards", rewards, address),
    block: parameter("block", since, wholeNumber.pipe(block)),
  };
}

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, "expected a whole number")
  .transform(Number);

function parameter<T>(name: string, text: string | null, schema: z.ZodType<T, string>): T | null {
  if (text === null) return null;
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DeploymentError(
    `the parameter ${name} in the page's address is wrong: ${parsed.error.issues[0]!.message}`,
    "Correct the link, or ask whoever sent it.",
  );
}
