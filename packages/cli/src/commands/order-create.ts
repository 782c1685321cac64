import { resolve } from "node:path";
import { draftOrder, type OrderGoal, type OrderWish, OrderWishError } from "@zkcmp/chain/buyer/new-order";
import { placeOrder } from "@zkcmp/chain/buyer/order";
import { chainTime } from "@zkcmp/chain/network-connection";
import { walletAddress } from "@zkcmp/chain/account";
import { Command, Option } from "@commander-js/extra-typings";
import { type Encoding, readEncoding } from "@zkcmp/network/encoding";
import { largestClassShare } from "@zkcmp/network/largest-class";
import type { TestSet } from "@zkcmp/network/testset";
import { ETHER, type Order, orderHash, orderToJson } from "@zkcmp/sale/order";
import type { Predicate } from "@zkcmp/sale/predicate";
import { errorBoundOf, rmseOf } from "@zkcmp/sale/error-bound";
import { encodeOrderFile } from "@zkcmp/sale/order-file";
import { formatPrice } from "@zkcmp/sale/price";
import { formatTime } from "@zkcmp/sale/time";
import { baselineLines, claimLines, claimsOf } from "@zkcmp/sale/statement-words";
import { percent } from "@zkcmp/network/score-lines";
import { UsageError } from "../cli-error.ts";
import { DATA_OPTIONS, type DataOptions, readEncodedData } from "../data-source.ts";
import { expectWritable, writeFileWhole } from "../file.ts";
import { example } from "../help.ts";
import {
  parseAddress,
  parseAmount,
  parseCount,
  parseDuration,
  parseErrorBound,
  parseInputBits,
  parsePositive,
} from "../option-value.ts";
import { PREDICATE_OPTION } from "../predicate-option.ts";
import { parsePrice } from "../price.ts";
import type { Session } from "../session.ts";
import { readEncodedTargets } from "../target-source.ts";

export function orderCreateCommand(session: Session) {
  return new Command("create")
    .description(
      "buyer: ask for a network that has at least T of your test rows right, or small squared errors, and sign it",
    )
    .argument(
      "<test-set>",
      "your labelled rows: a zkcmp test set, CSV or IDX file; they stay here until `order reveal`",
    )
    .addOption(DATA_OPTIONS.labels)
    .addOption(DATA_OPTIONS.labelColumn)
    .addOption(DATA_OPTIONS.classes)
    .addOption(DATA_OPTIONS.rows)
    .option("--encoding <file>", "how raw features become integers; it is published in the order file")
    .option("--input-bits <bits>", "a CSV whose features are integers of so many bits already", parseInputBits)
    .addOption(PREDICATE_OPTION)
    .option("--threshold <T>", "accuracy: how many of the rows must be right, a count", parseCount)
    .option(
      "--error-bound <E>",
      "squared-error: what the squared errors may sum up to over all rows, in squared target digits",
      parseErrorBound,
    )
    .option("--rmse <value>", "squared-error: the same as root mean square, in units of the targets", parsePositive)
    .requiredOption(
      "--price <amount>",
      "what you pay: ether, or whole tokens; or smallest units as 1000wei",
      parseAmount,
    )
    .option("--token <address>", "pay in this ERC-20 token (default: ether)", parseAddress)
    .addOption(
      new Option("--fundable-for <time>", "how long you may fund, from now on")
        .argParser(parseDuration)
        .default(7 * 86_400, "7d"),
    )
    .addOption(
      new Option("--time-to-redeem <time>", "how long the seller may take, from funding to your refund")
        .argParser(parseDuration)
        .default(86_400, "1d"),
    )
    .option("--sampled-rows <m>", "let so many randomly drawn rows be proven in place of all", parseCount)
    .option("--x25519 <key>", "name or file of the key that will open the network", "default")
    .requiredOption("--out <file>", "where to write the order, which goes to the seller")
    .addHelpText(
      "after",
      example(
        "zkcmp order create test.csv --encoding encoding.json --threshold 180 --price 0.5 --out order.json",
        "zkcmp order create cars.csv --encoding encoding.json --predicate squared-error --rmse 3.5 --price 0.5 --out order.json",
        "zkcmp order create t10k-images.gz --labels t10k-labels.gz --rows 8001-10000 --threshold 1900 \\",
        "      --sampled-rows 86 --price 0.5 --out order.json",
      ),
    )
    .action(async (testSetPath, options) => {
      expectWritable(options.out, session.options.force);
      const encoding = options.encoding === undefined ? null : await readEncoding(options.encoding);
      const wish = await readWish(testSetPath, options, encoding);
      const { testSet } = wish;
      const key = await session.keys.x25519(options.x25519);
      const party = await session.party();
      const token = options.token ?? ETHER;
      const draft = possibleOrder({
        chainId: party.connection.chainId,
        escrow: session.escrow(),
        buyer: walletAddress(party.wallet),
        token,
        price: await parsePrice(options.price, token, party.connection),
        fundableUntil: (await chainTime(party.connection)) + options.fundableFor,
        timeToRedeem: options.timeToRedeem,
        testSet,
        encoding,
        goal: wish.goal,
        buyerKey: key.pair.publicKey,
      });
      const signedOrder = await placeOrder(party, { ...draft, keyFile: key.path });
      const { order } = draft;
      await writeFileWhole(options.out, encodeOrderFile({ signedOrder, encoding }), session.options.force);

      const { threshold, rows, sampledRows } = order;
      const claims = claimsOf(order);
      const isRegression = order.predicate === "squared-error";
      const largest = isRegression ? null : largestClassShare(testSet);
      const asked = isRegression
        ? `squared errors of at most ${boundInWords(order, encoding)}`
        : `at least ${threshold} of ${rows} rows right (${percent(threshold / rows)})`;
      session.output.result(
        {
          orderHash: orderHash(order),
          file: resolve(options.out),
          order: orderToJson(order),
          sampledClaims: claims,
          largestClassShare: largest,
          clippedTargets: wish.clipped,
        },
        [
          `Order ${orderHash(order)} in ${options.out}: send this file to the seller.`,
          `${formatPrice(order.price, order.token)} for a network with ${asked}, fundable until ${formatTime(order.fundableUntil)}.`,
          ...claimLines(claims, rows, sampledRows),
          ...baselineLines(order, testSet),
          ...(wish.clipped === 0
            ? []
            : [`${wish.clipped} targets lie outside of what the encoding covers and count as its nearest end.`]),
          "Keep the test set to yourself: rows that a seller has seen before say nothing about new ones.",
          ...(order.token === ETHER ? [] : ["Tokens that change balances by themselves (rebasing) are not supported."]),
        ],
      );
    });
}

interface Wish {
  readonly testSet: TestSet;
  readonly goal: OrderGoal;
  readonly clipped: number;
}

/** @throws {UsageError} unless exactly what the predicate needs is named */
async function readWish(
  path: string,
  options: DataOptions & {
    readonly predicate: Predicate;
    readonly threshold?: number | undefined;
    readonly errorBound?: bigint | undefined;
    readonly rmse?: number | undefined;
    readonly inputBits?: number | undefined;
    readonly sampledRows?: number | undefined;
  },
  encoding: Encoding | null,
): Promise<Wish> {
  const { predicate, threshold, errorBound, rmse, inputBits } = options;
  if (predicate === "accuracy") {
    if (threshold === undefined || errorBound !== undefined || rmse !== undefined) {
      throw new UsageError("the predicate accuracy needs a threshold and no error bound", "Give --threshold alone.");
    }
    return {
      testSet: await readEncodedData(path, options, encoding, inputBits),
      goal: { predicate, threshold, sampledRows: options.sampledRows ?? 0 },
      clipped: 0,
    };
  }
  if (threshold !== undefined || (errorBound === undefined) === (rmse === undefined)) {
    throw new UsageError(
      "the predicate squared-error needs one error bound and no threshold",
      "Give --error-bound, or --rmse in units of the targets.",
    );
  }
  if (options.sampledRows !== undefined) {
    throw new UsageError(
      "squared errors are proven over all rows: one that is left out could have any error",
      "Leave --sampled-rows away.",
    );
  }
  const { set, clipped } = await readEncodedTargets(path, options, encoding, inputBits);
  const bound = errorBound ?? errorBoundOf(rmse!, set.rows.length, encoding?.target?.scale ?? 1);
  return { testSet: set, goal: { predicate, errorBound: bound }, clipped };
}

/** What a bound on the sum means for one row, in units of the targets. */
function boundInWords({ errorBound, rows }: Order, encoding: Encoding | null): string {
  const rmse = rmseOf(errorBound, rows, encoding?.target?.scale ?? 1);
  return `${errorBound} squared target digits over all ${rows} rows (RMSE ${rmse.toPrecision(4)})`;
}

/** @throws {UsageError} naming the part of the order that cannot be */
function possibleOrder(wish: OrderWish): ReturnType<typeof draftOrder> {
  try {
    return draftOrder(wish);
  } catch (cause) {
    if (!(cause instanceof OrderWishError)) throw cause;
    throw new UsageError(cause.problem, "Change the option and run it again.", { cause });
  }
}
