import { Command } from "@commander-js/extra-typings";
import { proveRound } from "@zkcmp/chain/rounds/prove";
import { ownedRound } from "@zkcmp/chain/rounds/round-file";
import { encodeRoundProof } from "@zkcmp/chain/rounds/round-message";
import { encodingToJson } from "@zkcmp/network/encoding";
import { formatJson } from "@zkcmp/network/json-file";
import { networkToJson } from "@zkcmp/network/network";
import { fieldToHex } from "@zkcmp/sale/hex";
import { roundCircuit, roundConstraints } from "@zkcmp/shapley/round-circuit";
import { networkEncodingOf, unequalPriors } from "@zkcmp/shapley/sample-encoding";
import { lossOf } from "@zkcmp/shapley/utility";
import { percent } from "@zkcmp/network/score-lines";
import { expectWritable, writeResult } from "../file.ts";
import { example } from "../help.ts";
import { readRound, ROUND_HELP } from "../round-input.ts";
import { foreseenProof, roundProvingKey, roundTrust } from "../round-key.ts";
import { priorsLine, roundJson } from "../round-lines.ts";
import type { Session } from "../session.ts";

export function roundProveCommand(session: Session) {
  return new Command("prove")
    .description(
      "model owner: train on all registered rows, and prove the training and what each provider's rows are worth",
    )
    .argument("<round>", ROUND_HELP)
    .option("--proving-key <file>", "the key of the round's circuit; development chains make their own")
    .requiredOption("--out <file>", "where to write the proof, which goes to the chain")
    .requiredOption("--network-out <file>", "where to write the trained network; it stays yours")
    .requiredOption(
      "--model-salt-out <file>",
      "where to write the salt of the model commitment, to sell this very model with",
    )
    .option("--encoding-out <file>", "where to write the rule for raw rows, for buyers of the network; it is public")
    .addHelpText(
      "after",
      example(
        "zkcmp round prove round.json --out proof.json --network-out model.json --model-salt-out model-salt.json",
      ),
    )
    .action(async (path, options) => {
      const { out, networkOut, modelSaltOut, encodingOut } = options;
      const { journal, output } = session;
      const round = await readRound(path);
      const { shape, roundId, chainId } = round;
      if ((await ownedRound(journal, roundId)).proof === undefined) {
        expectWritable(out, session.options.force);
        for (const secret of [networkOut, modelSaltOut]) expectWritable(secret, false);
      }
      const connection = await session.connection({ chainId });
      const trustStore = await roundTrust(session, connection, shape);
      output.note(foreseenProof(roundCircuit(shape)));
      const zkeyPath = await roundProvingKey(session, connection, shape, options.provingKey);
      const started = performance.now();
      const { roundProof, solution, network, modelSalt } = await proveRound(
        connection,
        journal,
        roundId,
        trustStore,
        { zkeyPath },
        output.progress,
        session.waiting,
      );
      const seconds = (performance.now() - started) / 1000;
      const salt = { format: "zkcmp-model-salt", version: 1, salt: fieldToHex(modelSalt) };
      await writeResult(networkOut, `${formatJson(networkToJson(network))}\n`, { secret: true });
      await writeResult(modelSaltOut, `${JSON.stringify(salt)}\n`, { secret: true });
      await writeResult(out, encodeRoundProof(roundProof), session.options);
      if (encodingOut !== undefined) {
        const encoding = encodingToJson(networkEncodingOf(round.encoding));
        await writeResult(encodingOut, `${formatJson(encoding)}\n`, session.options);
      }
      const { values, modelCommitment, loss } = roundProof.result;
      const priors = unequalPriors(round.encoding);
      const zero = solution.thetas[0]!;
      const gain =
        Number(solution.utilities.at(-1)!) / Number(lossOf(solution.validationGram, zero, shape.fractionBits) || 1n);
      output.result(
        {
          ...roundJson(round),
          ...{ values, modelCommitment: fieldToHex(modelCommitment), loss, validationGain: gain, seconds },
          unequalPriors: priors,
          constraints: roundConstraints(shape).total,
          files: { proof: out, network: networkOut, modelSalt: modelSaltOut, encoding: encodingOut ?? null },
        },
        [
          `Proven and verified in ${seconds.toFixed(1)} s: ${values.length} providers, the proof is in ${out}.`,
          `The model takes away ${percent(gain)} of the squared validation error of a guess without data.`,
          ...(priors === null ? [] : [priorsLine(priors)]),
          `The network is ${networkOut}, the salt of its commitment ${modelSaltOut}: keep both to yourself.`,
          `Next: zkcmp round submit ${path} ${out}`,
        ],
      );
    });
}
