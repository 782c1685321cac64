import { randomFieldElement, toFieldElement } from "@zkcmp/field/element";
import { sendAs, type Party } from "@zkcmp/chain/party";
import { explainRewardsRevert, rewardsCalls } from "@zkcmp/chain/rounds/rewards-contract";
import type { RoundFile } from "@zkcmp/chain/rounds/round-file";
import { proofWords, type ReceiptMessage, type RoundProof } from "@zkcmp/chain/rounds/round-message";
import { receiptTypedData } from "@zkcmp/chain/rounds/typed-data";
import { walletAddress } from "@zkcmp/chain/account";
import type { Hex } from "@zkcmp/sale/hex";
import { type Refusal, refusal } from "./cheating.ts";

/** Sends a call as it is, past all checks of the tools: the contract has to refuse it. */
async function refusedCall(attempt: string, by: Party, round: RoundFile, data: Hex): Promise<Refusal> {
  return refusal(attempt, () =>
    sendAs(by, { to: round.rewards, data, value: 0n }, { what: "it", explain: explainRewardsRevert }),
  );
}

/** What can be tried while providers register. @throws Error if an attempt is not refused */
export async function refusedRegistrations(
  round: RoundFile,
  cheater: Party,
  receipt: ReceiptMessage,
): Promise<Refusal[]> {
  const payee = walletAddress(cheater.wallet);
  const junk = randomFieldElement();
  const { domain, types, message } = receiptTypedData(round, { payee, commitment: junk });
  const ownReceipt = (await cheater.wallet.signTypedData(domain, types, message)) as Hex;
  const { register } = rewardsCalls;
  return [
    await refusedCall(
      "register a commitment that nobody can open, with a receipt signed by oneself",
      cheater,
      round,
      register(round.roundId, junk, ownReceipt),
    ),
    await refusedCall(
      "register another provider's commitment, with that provider's receipt",
      cheater,
      round,
      register(round.roundId, receipt.commitment, receipt.receipt),
    ),
  ];
}

/** What can be tried with a true proof before it is submitted. @throws Error if an attempt is not refused */
export async function refusedSubmissions(
  round: RoundFile,
  cheater: Party,
  { proof, result }: RoundProof,
): Promise<Refusal[]> {
  const words = proofWords(proof);
  const [first, second, ...others] = result.values;
  const submit = (attempt: string, changed: Partial<typeof result>): Promise<Refusal> =>
    refusedCall(attempt, cheater, round, rewardsCalls.submit(round.roundId, words, { ...result, ...changed }));
  return [
    await submit("submit the proof with the values of two providers swapped", { values: [second!, first!, ...others] }),
    await submit("submit the proof with one value one larger", { values: [first! + 1n, second!, ...others] }),
    await submit("submit the proof for another model", {
      modelCommitment: toFieldElement(result.modelCommitment ^ 1n),
    }),
  ];
}

/** What can be tried with a submitted result. @throws Error if an attempt is not refused */
export async function refusedClaims(
  round: RoundFile,
  { paid, owner, stranger }: { readonly paid: Party; readonly owner: Party; readonly stranger: Party },
  { result }: RoundProof,
): Promise<Refusal[]> {
  const { roundId } = round;
  const to = walletAddress(paid.wallet);
  const doubled = { ...result, values: result.values.map((value) => 2n * value) };
  const { claim, sweep, submit } = rewardsCalls;
  return [
    await refusedCall("claim twice", paid, round, claim(roundId, result, to)),
    await refusedCall("claim with other values than the proven ones", paid, round, claim(roundId, doubled, to)),
    await refusedCall("claim without having given data", stranger, round, claim(roundId, result, to)),
    await refusedCall("sweep the pool before the claims are over", owner, round, sweep(roundId, to)),
    await refusedCall("submit a second result", owner, round, submit(roundId, new Array<bigint>(8).fill(1n), result)),
  ];
}

/**
 * Submits the proof of one round in another, with as many of its values as that has providers.
 * @throws Error if it is not refused
 */
export async function refusedReplay(
  round: RoundFile,
  providers: number,
  cheater: Party,
  { proof, result }: RoundProof,
): Promise<Refusal> {
  const values = result.values.slice(0, providers);
  const data = rewardsCalls.submit(round.roundId, proofWords(proof), { ...result, values });
  return refusedCall("submit the first round's proof in the second", cheater, round, data);
}
