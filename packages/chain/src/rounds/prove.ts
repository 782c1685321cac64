import { checkCircuitProof } from "@zkcmp/groth16/circuit-check";
import { type ProvableCircuit, proveCircuit, type ProvingOptions } from "@zkcmp/groth16/circuit-proof";
import { type FieldElement, randomFieldElement } from "@zkcmp/field/element";
import type { Network } from "@zkcmp/network/network";
import type { Progress } from "@zkcmp/sale/proof-system";
import { roundCircuit } from "@zkcmp/shapley/round-circuit";
import { type RoundInput, type RoundSolution, solveRound } from "@zkcmp/shapley/round-solution";
import { roundCircuitInput } from "@zkcmp/shapley/round-witness";
import { targetScale } from "@zkcmp/shapley/sample-encoding";
import type { Journal } from "../journal.ts";
import { type Connection, isDevelopmentChain, type Waiting, waitUntilFinal } from "../network-connection.ts";
import { keptDisclosure } from "./accept.ts";
import { checkRound, type TrustStorePath } from "./rewards-check.ts";
import { RoundError } from "./round-error.ts";
import { ownedRound, ownRoundFile, type RoundFile } from "./round-file.ts";
import { type Registration, roundHistory } from "./round-history.ts";
import { encodeRoundProof, parseRoundProof, type RoundProof, samplesFromJson } from "./round-message.ts";
import { OWNED_ROUNDS, type OwnedRound } from "./round-record.ts";
import { roundIdToHex } from "./round-terms.ts";
import { requireSubmissionTime, resultDigest } from "./submit.ts";

/** A round that is proven. Proof and result are public, the rest stays with the owner. */
export interface ProvenRound {
  readonly roundProof: RoundProof;
  readonly solution: RoundSolution;
  /** The trained model. */
  readonly network: Network;
  /** Opens the model commitment, also in a sale of the model. */
  readonly modelSalt: FieldElement;
}

/**
 * Trains on the rows of all registered providers, and proves training and values. The registry comes from the chain, the rows
 * from the disclosures in the journal, in the order of the slots. The proof is verified, then kept; again: the same proof.
 * @param proving the proving key's file, and where circuits are built
 * @throws {RoundError} naming a provider whose disclosure is missing
 * @throws {RoundTimeError} while providers may register, and when the time to submit is over
 * @throws {JournalError}, {RewardsCodeError}, ProvingKeyError, UnsatisfiedCircuitError
 */
export async function proveRound(
  connection: Connection,
  journal: Journal,
  roundId: bigint,
  trustStore: TrustStorePath,
  proving: ProvingOptions,
  progress: Progress = () => undefined,
  waiting: Waiting = {},
): Promise<ProvenRound> {
  const round = await ownRoundFile(journal, await ownedRound(journal, roundId));
  const { key } = await checkRound(connection, round, trustStore);
  const { registrations } = await roundHistory(connection, round, roundId);
  const isProven = (await ownedRound(journal, roundId)).proof !== undefined;
  if (!isProven) await checkTime(connection, round, registrations, waiting);
  return journal.withRecord(OWNED_ROUNDS, roundIdToHex(roundId), async (record) => {
    if (record.value.modelSalt === undefined) await record.write({ modelSalt: randomFieldElement() });
    const modelSalt = record.value.modelSalt!;
    progress("training on all coalitions");
    const input = await inputOf(journal, round, record.value, registrations, modelSalt);
    const solution = solveRound(round.shape, input);
    const { network } = solution;
    const { values, modelCommitment, publicSignals } = solution;
    const result = { values, modelCommitment, loss: publicSignals[6]! };
    const { proof: kept } = record.value;
    if (kept !== undefined) {
      const text = await journal.kept(kept, "the proof of the round");
      const roundProof = parseRoundProof(JSON.parse(text), "The journal's proof");
      // Another registry than it was proven for would give another result.
      if (resultDigest(roundProof.result) === resultDigest(result)) return { roundProof, solution, network, modelSalt };
    }
    const keyed: ProvableCircuit = {
      circuit: roundCircuit(round.shape),
      key: { r1csSha256: `0x${key.r1csSha256}`, zkeySha256: `0x${key.zkeySha256}` },
      trustStore,
      development: isDevelopmentChain(connection.chainId),
    };
    const inputs = () => roundCircuitInput(round.shape, input, solution);
    const { proof } = await proveCircuit(keyed, proving, inputs, progress);
    progress("verify");
    await checkCircuitProof(keyed, publicSignals, proof);
    const { chainId, rewards } = round;
    const roundProof = { chainId, rewards, roundId, proof, result };
    await record.write({ proof: await journal.keep(encodeRoundProof(roundProof)) });
    return { roundProof, solution, network, modelSalt };
  });
}

async function checkTime(
  connection: Connection,
  { terms }: RoundFile,
  registrations: readonly Registration[],
  waiting: Waiting,
): Promise<void> {
  await requireSubmissionTime(connection, terms);
  const last = registrations.at(-1);
  if (last === undefined) {
    throw new RoundError("nobody registered in the round", "Settle it with `zkcmp round settle` and sweep it.");
  }
  // A registration that the chain could still forget would make the proof worthless.
  await waitUntilFinal(connection, last, waiting);
}

async function inputOf(
  journal: Journal,
  round: RoundFile,
  { disclosures, validation }: OwnedRound,
  registrations: readonly Registration[],
  modelSalt: FieldElement,
): Promise<RoundInput> {
  const { roundId, terms, encoding } = round;
  const providers = await Promise.all(
    registrations.map(async ({ payee, commitment, slot }) => {
      const known = disclosures.find((each) => each.payee === payee && each.commitment === commitment);
      if (known === undefined) {
        throw new RoundError(
          `the disclosure of ${payee}, the provider in slot ${slot + 1}, is not in the journal`,
          "Ask the provider for the file again and hand it in with `zkcmp round accept`.",
        );
      }
      const { salt, samples } = await keptDisclosure(journal, known);
      return { payee: BigInt(payee), salt, samples };
    }),
  );
  const rows = JSON.parse(await journal.kept(validation.file, "the validation rows")) as unknown;
  return {
    roundId,
    ridgeBits: terms.ridgeBits,
    validation: { salt: validation.salt, samples: samplesFromJson(rows, "The journal's validation rows") },
    providers,
    modelSalt,
    targetScale: targetScale(encoding),
  };
}
