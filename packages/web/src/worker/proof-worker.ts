import { createLibra } from "@zkcmp/libra/proof-system";
import { packFailure } from "./proof-failure.ts";
import type { ProofNews, ProofTask } from "./proof-message.ts";

const tell = (news: ProofNews): void => self.postMessage(news);

self.onmessage = async ({ data }: MessageEvent<ProofTask>) => {
  try {
    const { statement, witness } = data;
    const proof = await createLibra().prove(statement, witness, (step, done) => tell({ kind: "progress", step, done }));
    tell({ kind: "proof", proof });
  } catch (error) {
    tell({ kind: "failed", failure: packFailure(error) });
  }
};
tell({ kind: "ready" });
