import { expect } from "chai";
import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openEmbeddedChain } from "../../packages/chain/src/embedded-chain.ts";
import { PrivateFileError } from "../../packages/chain/src/private-file.ts";
import { redeemSale } from "../../packages/chain/src/seller/redeem.ts";
import { expectRefusal, fund, openWorld } from "../../packages/chain/test/fixture.ts";

/**
 * The attack: another user of the machine, or a backup that keeps its own modes, reads keys, weights or the test set from
 * the journal. Refused because every folder of it has mode 0700 and every file 0600, whatever the process's umask, and a
 * record that is found open to others is not used in silence.
 */
describe("finding: a journal that others can read", function () {
  this.timeout(60_000);

  it("is never made, with the most generous umask, in a whole sale", async () => {
    const umask = process.umask(0);
    const world = await openWorld();
    try {
      const { placed } = await fund(world, { sampledRows: 3 });
      await redeemSale(world.seller, placed.hash);
      let files = 0;
      const homes = [world.seller.journal.home, world.buyer.journal.home];
      const chain = await openEmbeddedChain(homes[0]!);
      await chain.close();
      for (const home of homes) {
        expect((await stat(home)).mode & 0o777).to.equal(0o700);
        for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
          const path = join(entry.parentPath, entry.name);
          const mode = (await stat(path)).mode & 0o777;
          expect(mode, path).to.equal(entry.isDirectory() ? 0o700 : 0o600);
          if (entry.isFile()) files += 1;
        }
      }
      expect(files).to.be.above(8);
      expect((await stat(world.keyFile)).mode & 0o777).to.equal(0o600);
    } finally {
      process.umask(umask);
      await world.close();
    }
  });

  it("is not used", async () => {
    const world = await openWorld();
    const { placed } = await fund(world);
    await chmod(join(world.seller.journal.home, "sales", `${placed.hash}.json`), 0o644);
    await expectRefusal(redeemSale(world.seller, placed.hash), PrivateFileError, /other users.*chmod 600/);
    await world.close();
  });
});
