import type { Hex } from "@zkcmp/sale/hex";
import { commitSamples } from "@zkcmp/shapley/sample-commitment";
import { checkSamples } from "@zkcmp/shapley/samples";
import type { Journal } from "../journal.ts";
import type { Party } from "../party.ts";
import { walletAddress } from "../account.ts";
import { checkRegistrationOpen } from "./commit-samples.ts";
import { RewardsContract } from "./rewards-contract.ts";
import { RoundError } from "./round-error.ts";
import { nameOfRound, ownRoundFile, type RoundFile } from "./round-file.ts";
import { roundHistory } from "./round-history.ts";
import { type Disclosure, encodeDisclosure, parseDisclosure, type ReceiptMessage } from "./round-message.ts";
import { type AcceptedDisclosure, OWNED_ROUNDS } from "./round-record.ts";
import { roundIdToHex } from "./round-terms.ts";
import { type SampleFacts, sampleFacts } from "./sample-facts.ts";
import { receiptTypedData } from "./typed-data.ts";

/**
 * Checks the opening of a provider's commitment, keeps it, and only then gives the receipt without which nobody registers: one
 * commitment that cannot be opened would make a proof of the whole round impossible. The same disclosure again has the
 * same receipt. What is registered already can be handed in again at any time, where a journal was lost.
 * @throws {RoundError} for a round of another owner, a disclosure of another round, or one that does not open its commitment
 * @throws {RoundTimeError}, SamplesError, {JournalError}
 */
export async function acceptDisclosure(
  party: Party,
  disclosure: Disclosure,
): Promise<{ round: RoundFile; message: ReceiptMessage; facts: SampleFacts; unregistered: number }> {
  const { connection, wallet, journal } = party;
  const { roundId, payee, commitment } = disclosure;
  return journal.withRecord(OWNED_ROUNDS, roundIdToHex(roundId), async (record) => {
    const round = await ownRoundFile(journal, record.value);
    const { chainId, rewards } = round;
    if (walletAddress(wallet) !== round.owner) {
      throw new RoundError(`the owner of the ${nameOfRound(round)} is ${round.owner}`, "Use that account.");
    }
    checkOpening(round, disclosure);
    const others = record.value.disclosures.filter((other) => other.payee !== payee);
    const samplesOfOthers = await Promise.all(
      others.map(async (other) => ({ payee: other.payee, samples: (await keptDisclosure(journal, other)).samples })),
    );
    const facts = sampleFacts(round.shape, disclosure.samples, samplesOfOthers);
    const message = (receipt: Hex): ReceiptMessage => ({ chainId, rewards, roundId, payee, commitment, receipt });
    const known = record.value.disclosures.find((other) => other.commitment === commitment);
    const contract = new RewardsContract(connection.provider, rewards);
    const unregistered = async (): Promise<number> => {
      const payees = new Set(record.value.disclosures.map((each) => each.payee));
      return payees.size - (await contract.round(roundId)).providers;
    };
    if (known !== undefined) {
      return { round, facts, message: message(known.receipt), unregistered: await unregistered() };
    }

    const { slot } = await contract.provider(roundId, payee);
    if (slot === null) {
      await checkRegistrationOpen(connection, round, await contract.round(roundId));
    } else if ((await roundHistory(connection, round, roundId)).registrations[slot]?.commitment !== commitment) {
      throw new RoundError(`${payee} is registered already, with other rows`, "A provider registers once in a round.");
    }
    const file = await journal.keep(encodeDisclosure(disclosure));
    const { domain, types, message: content } = receiptTypedData(round, disclosure);
    const receipt = (await wallet.signTypedData(domain, types, content)) as Hex;
    await record.write({ disclosures: [...record.value.disclosures, { payee, commitment, file, receipt }] });
    return { round, facts, message: message(receipt), unregistered: await unregistered() };
  });
}

/** A disclosure of the journal. @throws {JournalError}, FileFormatError */
export async function keptDisclosure(journal: Journal, { file }: AcceptedDisclosure): Promise<Disclosure> {
  return parseDisclosure(JSON.parse(await journal.kept(file, "a provider's disclosure")), "The journal's disclosure");
}

function checkOpening(round: RoundFile, disclosure: Disclosure): void {
  const { shape, roundId, rewards, chainId } = round;
  const { payee, salt, samples, commitment } = disclosure;
  const again = "Ask the provider for the file that `zkcmp round samples` wrote for this round.";
  if (disclosure.rewards !== rewards || disclosure.chainId !== chainId) {
    throw new RoundError("the disclosure is for another contract or chain than the round's", again);
  }
  checkSamples(shape, samples, shape.rows);
  if (samples.rows.length === 0) throw new RoundError("the disclosure has no rows", again);
  if (commitSamples(shape, { roundId, payee: BigInt(payee), salt, samples }) !== commitment) {
    throw new RoundError(`the disclosure of ${payee} does not open its commitment`, again);
  }
}
