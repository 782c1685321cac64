import { type TrainedModel, trainedModel } from "@zkcmp/chain/model-origin";
import { trustStorePath } from "./proof-systems.ts";
import { readRound } from "./round-input.ts";
import type { Session } from "./session.ts";

/** The model that the round of a file has proven; null before it was submitted. @throws as `trainedModel` */
export async function roundModel(session: Session, path: string): Promise<TrainedModel | null> {
  const round = await readRound(path);
  const connection = await session.connection({ chainId: round.chainId });
  session.output.progress("reading the round");
  return trainedModel(connection, round, trustStorePath(session));
}
