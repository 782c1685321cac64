import { expect } from "chai";
import { expose, proxy, wrap } from "comlink";
import { ZkcmpError } from "@zkcmp/field/error";
import { carryErrors } from "../src/error-crossing.ts";
import { StepError, toStepError } from "../src/step-error.ts";

class RefusalError extends ZkcmpError {}

describe("error crossing", () => {
  it("lets an error of the other side be caught with its words, also out of a function that was given", async () => {
    carryErrors(toStepError);
    const { port1, port2 } = new MessageChannel();
    const other = {
      refuse: (): string => {
        throw new RefusalError("the proof is wrong", "Refuse it.");
      },
      ask: async (wallet: () => Promise<unknown>) => wallet(),
    };
    expose(other, port1);
    const remote = wrap<typeof other>(port2);
    try {
      const refused = await remote.refuse().catch((error: unknown) => error);
      expect(refused)
        .to.be.instanceOf(StepError)
        .and.to.include({ kind: "RefusalError", problem: "the proof is wrong" });
      const wallet = async (): Promise<never> => {
        throw new RefusalError("the wallet is shut", "Open it.");
      };
      const asked = await remote.ask(proxy(wallet)).catch((error: unknown) => error);
      expect(asked).to.be.instanceOf(StepError).and.to.include({ problem: "the wallet is shut", fix: "Open it." });
    } finally {
      port1.close();
      port2.close();
    }
  });
});
