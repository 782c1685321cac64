import { toFieldElement } from "@zkcmp/field/element";
import { expect } from "chai";
import { JournalError } from "../../src/journal.ts";
import { exportJournal, importJournal } from "../../src/journal-backup.ts";
import { commitContribution } from "../../src/rounds/commit-samples.ts";
import { findKnownRound, keepRound, knownRounds } from "../../src/rounds/known-round.ts";
import {
  contributors,
  keptReceipt,
  openConsents,
  ownContribution,
  ownDisclosure,
  takeReceipt,
} from "../../src/rounds/own-contribution.ts";
import { registerContribution } from "../../src/rounds/register.ts";
import { RoundError } from "../../src/rounds/round-error.ts";
import type { RoundFile } from "../../src/rounds/round-file.ts";
import { roundIdToHex } from "../../src/rounds/round-terms.ts";
import { walletAddress } from "../../src/account.ts";
import { expectRefusal } from "../fixture.ts";
import { accept, disclose, open, openRoundWorld, type RoundWorld, samples } from "./fixture.ts";

describe("a provider's memory of a round", function () {
  this.timeout(180_000);
  let world: RoundWorld;
  let round: RoundFile;
  before(async () => {
    world = await openRoundWorld();
    round = await open(world);
  });
  after(async () => {
    await world.close();
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  it("knows the round files that it was given", async () => {
    const { journal } = world.providers[0];
    expect(await knownRounds(journal)).to.deep.equal([]);
    expect(await findKnownRound(journal, round.roundId)).to.equal(null);
    await keepRound(journal, round);
    await keepRound(journal, round);
    expect(await knownRounds(journal)).to.deep.equal([round]);
    expect(await findKnownRound(journal, round.roundId)).to.deep.equal(round);
  });

  it("takes the file of no other round for one of them, whoever has written the backup that says so", async () => {
    const { journal } = world.providers[1];
    await keepRound(journal, round);
    const { files } = JSON.parse(await exportJournal(journal)) as { files: Record<string, string> };
    const name = `known-rounds/${roundIdToHex(round.roundId)}.json`;
    const other = round.roundId + 1n;
    const forged = Object.entries(files).map(([path, text]) =>
      path === name ? [`known-rounds/${roundIdToHex(other)}.json`, text] : [path, text],
    );
    const backup = { format: "zkcmp-journal-backup", version: 1, files: Object.fromEntries(forged) };
    await importJournal(journal, JSON.stringify(backup));
    await expectRefusal(findKnownRound(journal, other), JournalError, /is that of another round/);
    expect(await findKnownRound(journal, round.roundId)).to.deep.equal(round);
  });

  it("gives the disclosure again as it was, the newest or the one of a commitment", async () => {
    const { connection, providers, trustStore } = world;
    const { journal, wallet } = providers[0];
    const payee = walletAddress(wallet);
    expect(await ownContribution(journal, round, payee)).to.equal(null);
    expect(await contributors(journal, round)).to.deep.equal([]);
    await expectRefusal(ownDisclosure(journal, round, payee), JournalError, /no contribution/);
    const first = await disclose(world, round, 0);
    const { disclosure: second } = await commitContribution(
      ...([connection, journal, round, payee, samples(5, 7), trustStore] as const),
    );
    expect(await ownDisclosure(journal, round, payee)).to.deep.equal(second);
    expect(await ownDisclosure(journal, round, payee, first.commitment)).to.deep.equal(first);
    const foreign = await disclose(world, round, 1);
    await expectRefusal(ownDisclosure(journal, round, payee, foreign.commitment), JournalError, /no rows under/);
    expect(await ownContribution(journal, round, payee)).to.deep.equal({
      committed: [
        { commitment: first.commitment, rows: 8 },
        { commitment: second.commitment, rows: 5 },
      ],
      receipt: null,
      consents: [],
    });
    expect(await contributors(journal, round)).to.deep.equal([payee]);
    expect(await contributors(journal, { roundId: 1n })).to.deep.equal([]);
  });

  it("tells consents that can be used from those that were taken back or have ended", () => {
    const consent = (nonce: bigint, deadline: number) => ({
      ...{ nonce, deadline },
      ...{ commitment: toFieldElement(1n), signature: "0x" as const },
    });
    const consents = [consent(0n, 100), consent(1n, 50), consent(2n, 100)];
    expect(openConsents({ consents }, 0n, 50)).to.deep.equal(consents);
    expect(openConsents({ consents }, 0n, 51)).to.deep.equal([consents[0], consents[2]]);
    expect(openConsents({ consents }, 1n, 100)).to.deep.equal([consents[2]]);
    expect(openConsents({ consents }, 3n, 1)).to.deep.equal([]);
  });

  it("keeps a receipt of the owner for rows of its own, and no other", async () => {
    const { connection, providers, trustStore } = world;
    const { journal, wallet } = providers[2];
    const payee = walletAddress(wallet);
    const receipt = await accept(world, round, 2);
    const take = (message: typeof receipt) => takeReceipt(connection, journal, round, message, payee);
    const foreign = await accept(world, round, 1);
    await expectRefusal(take(foreign), RoundError, /the receipt is for 0x/);
    await expectRefusal(take({ ...receipt, commitment: foreign.commitment }), RoundError, /not committed to/);
    await expectRefusal(take({ ...receipt, receipt: foreign.receipt }), RoundError, /not signed by the round's owner/);
    await expectRefusal(take({ ...receipt, roundId: 1n }), RoundError, /another round/);
    expect(await keptReceipt(journal, round, payee)).to.equal(null);
    await take(receipt);
    expect(await keptReceipt(journal, round, payee)).to.deep.equal(receipt);
    expect((await ownContribution(journal, round, payee))!.receipt).to.deep.equal(receipt);
    await registerContribution(providers[2], round, (await keptReceipt(journal, round, payee))!, trustStore);
    await take(receipt);
  });
});
