import type { ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import {
  deployWorld,
  fundDeal,
  networkHelpers,
  nextTimestamp,
  offerDeal,
  OPENING,
  refundableFrom,
} from "../test/escrow/fixture.ts";
import type { Measure, Measured } from "./figure.ts";

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await sent).wait())!.gasUsed);
}

const note = "whole transaction in ether, plain accounts, no split";

function gasMeasure(id: string, bar: number, measure: () => Promise<number>): Measure {
  return { ids: [id], run: async (): Promise<Measured[]> => [{ id, value: await measure(), unit: "gas", bar, note }] };
}

export const escrowMeasures: readonly Measure[] = [
  gasMeasure("sale.gas.fund", 60_000, async () => {
    const deal = await offerDeal(await networkHelpers.loadFixture(deployWorld));
    return gasOf(deal.escrow.connect(deal.buyer).fund(deal.dealId, { value: deal.terms.price }));
  }),
  gasMeasure("sale.gas.redeem", 90_000, async () => {
    const deal = await fundDeal(await networkHelpers.loadFixture(deployWorld));
    return gasOf(deal.escrow.connect(deal.seller).redeem(deal.dealId, OPENING.key, OPENING.opening));
  }),
  gasMeasure("sale.gas.refund", 55_000, async () => {
    const deal = await fundDeal(await networkHelpers.loadFixture(deployWorld));
    await nextTimestamp(await refundableFrom(deal));
    return gasOf(deal.escrow.connect(deal.buyer).refund(deal.dealId));
  }),
  {
    ids: ["sale.codesize"],
    run: async () => {
      const { deployedBytecode } = await hre.artifacts.readArtifact("ModelEscrow");
      return [{ id: "sale.codesize", value: (deployedBytecode.length - 2) / 2, unit: "bytes", bar: 24_576 }];
    },
  },
];
