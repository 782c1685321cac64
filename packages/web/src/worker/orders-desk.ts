import type { DealTimes } from "@zkcmp/chain/deal-times";
import type { Deal } from "@zkcmp/chain/escrow-contract";
import type { OrderGoal } from "@zkcmp/chain/buyer/new-order";
import type { NamedKey } from "@zkcmp/chain/x25519-keys";
import type { Encoding } from "@zkcmp/network/encoding";
import type { TestSet } from "@zkcmp/network/testset";
import { fieldToHex, type Hex } from "@zkcmp/sale/hex";
import type { Address, Order } from "@zkcmp/sale/order";
import { ETHER } from "@zkcmp/sale/ether";
import type { Predicate } from "@zkcmp/sale/predicate";
import { RefusedError } from "@zkcmp/sale/refused-error";
import type { OnProgress } from "../progress.ts";
import type { FileToSave } from "./deals-desk.ts";
import type { Session } from "./session.ts";
import * as z from "zod";

/** A file as the page has read it. */
export interface BinaryFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How rows are to be read from their files. */
export interface RowsChoice {
  readonly predicate: Predicate;
  /** CSV: the column of labels or targets; the last one if null. */
  readonly labelColumn: string | null;
  /** Names of all classes in order; those that occur if null. */
  readonly classes: readonly string[] | null;
  /** Without an encoding: bits of features that are integers already; null where the files or an encoding say it. */
  readonly inputBits: number | null;
  /** Takes these rows only, counted from 1; null for all. */
  readonly range: { readonly first: number; readonly last: number } | null;
}

/** What was read of the buyer's rows. The rows themselves stay in the worker. */
export interface RowsView {
  readonly predicate: Predicate;
  readonly rows: number;
  readonly features: number;
  readonly classes: number;
  readonly inputBits: number;
  /** What always answering the most frequent label would score; null for a regression. */
  readonly largestClassShare: number | null;
  /** Target digits in one unit of the targets: 1 without an encoding. */
  readonly digitsPerUnit: number;
  /** Targets that lie outside of what the encoding covers. */
  readonly clipped: number;
  readonly hasEncoding: boolean;
}

/** What a network has to show, as the page asks it. */
export type GoalChoice =
  | { readonly predicate: "accuracy"; readonly threshold: number; readonly sampledRows: number }
  /** In units of the targets. */
  | { readonly predicate: "squared-error"; readonly rmse: number };

/** What a buyer asks for. The rows are those that were read last. */
export interface OrderChoice {
  readonly goal: GoalChoice;
  /** Decimal number of ether or whole tokens, or smallest units as "1000wei". */
  readonly price: string;
  /** null for ether. */
  readonly token: Address | null;
  /** Seconds from now in which the deal may be funded. */
  readonly fundableFor: number;
  /** Seconds from funding to the refund. */
  readonly timeToRedeem: number;
  /** Name of the X25519 key. */
  readonly keyName: string;
}

/** What an order would state, before it is signed. */
export interface GoalView {
  /** In sentences. */
  readonly lines: readonly string[];
  /** What a network that has learnt nothing would reach on these rows, in sentences. */
  readonly baseline: readonly string[];
}

/** An offer that answers an order. */
export interface AnswerRow {
  readonly dealId: Hex;
  readonly seller: Address;
  readonly state: Deal["state"];
  readonly times: DealTimes;
}

/** The buyer's own order. */
export interface OrderView {
  readonly orderHash: Hex;
  readonly order: Order;
  /** Unix seconds, the chain's clock. */
  readonly now: number;
  /** Whether it can still be funded. */
  readonly isOpen: boolean;
  /** The deal that the test set was revealed to. */
  readonly revealedTo: Hex | null;
  /** What the chain has for this order, the newest first. */
  readonly answers: readonly AnswerRow[];
  /** In sentences. */
  readonly statement: readonly string[];
}

interface Draft {
  readonly testSet: TestSet;
  readonly encoding: Encoding | null;
  readonly view: RowsView;
}

/** What the page asks about the buyer's orders. */
export class OrdersDesk {
  readonly #session: Session;
  /** The rows that were read last. They are not in the journal before they are in an order. */
  #draft: Draft | null = null;
  #turn = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The X25519 keys of this browser. */
  async keys(): Promise<NamedKey[]> {
    const { X25519Keys } = await import("@zkcmp/chain/x25519-keys");
    return new X25519Keys(this.#session.journal).list();
  }

  /** @throws {KeyNameError} */
  async makeKey(name: string): Promise<NamedKey> {
    const { X25519Keys } = await import("@zkcmp/chain/x25519-keys");
    return new X25519Keys(this.#session.journal).create(name);
  }

  /**
   * Reads the buyer's rows and keeps them in the worker, for the order that comes.
   * @param encoding how raw features become integers
   * @throws {RawDataError}, {CsvError}, {IdxError}, {EncodingError}, {FileFormatError}, {TestSetError}; then there are no rows
   */
  async readRows(files: readonly BinaryFile[], encoding: BinaryFile | null, choice: RowsChoice): Promise<RowsView> {
    this.#draft = null;
    const turn = ++this.#turn;
    const [{ parseEncodedData, parseEncodedTargets }, { encodingFromJson }, { parseJson }, { largestClassShare }] =
      await Promise.all([
        import("@zkcmp/network/raw-data"),
        import("@zkcmp/network/encoding"),
        import("@zkcmp/network/json-file"),
        import("@zkcmp/network/largest-class"),
      ]);
    const rule =
      encoding === null
        ? null
        : encodingFromJson(
            parseJson(new TextDecoder().decode(encoding.bytes), encoding.name, "an encoding", z.unknown()),
            encoding.name,
          );
    const { predicate, labelColumn, inputBits, range, classes } = choice;
    const options = {
      ...(labelColumn === null ? {} : { labelColumn }),
      ...(range === null ? {} : { rows: range }),
      ...(classes === null ? {} : { classes }),
    };
    const bits = inputBits ?? undefined;
    const isClasses = predicate === "accuracy";
    const { set: testSet, clipped } = isClasses
      ? { set: await parseEncodedData(files, options, rule, bits), clipped: 0 }
      : parseEncodedTargets(files[0]!, options, rule, bits);
    const view: RowsView = {
      predicate,
      rows: testSet.rows.length,
      features: testSet.rows[0]!.length,
      classes: testSet.classes,
      inputBits: testSet.inputBits,
      largestClassShare: isClasses ? largestClassShare(testSet) : null,
      digitsPerUnit: rule?.target?.scale ?? 1,
      clipped,
      hasEncoding: rule !== null,
    };
    // Whoever chose other files meanwhile gets those.
    if (turn === this.#turn) this.#draft = { testSet, encoding: rule, view };
    return view;
  }

  /** What a goal states on the rows that were read, before anything is signed. */
  async goal(choice: GoalChoice): Promise<GoalView> {
    const { baselineLines, statementLines } = await import("@zkcmp/sale/statement-words");
    const { testSet } = this.#rows();
    const goal = await this.#orderGoal(choice);
    const terms = { threshold: 0, errorBound: 0n, sampledRows: 0, ...goal, rows: testSet.rows.length };
    return { lines: statementLines(terms), baseline: baselineLines(terms, testSet) };
  }

  /**
   * Signs an order for the rows that were read last. Test set, salt, nonce and encoding are in the journal before this returns.
   * @returns its hash
   */
  async place(choice: OrderChoice, onProgress: OnProgress): Promise<Hex> {
    const { draftOrder } = await import("@zkcmp/chain/buyer/new-order");
    const { placeOrder } = await import("@zkcmp/chain/buyer/order");
    const { walletAddress } = await import("@zkcmp/chain/account");
    const { keepEncoding } = await import("@zkcmp/chain/known-order");
    const { chainTime } = await import("@zkcmp/chain/network-connection");
    const { parsePrice } = await import("@zkcmp/chain/token-price");
    const { X25519Keys } = await import("@zkcmp/chain/x25519-keys");
    const { orderHash } = await import("@zkcmp/sale/order");
    const { testSet, encoding } = this.#rows();
    const { escrow } = await this.#session.deployment();
    const party = await this.#session.party();
    const { connection, journal } = party;
    const keys = new X25519Keys(journal);
    const token = choice.token ?? ETHER;
    const draft = draftOrder({
      chainId: connection.chainId,
      escrow,
      buyer: walletAddress(party.wallet),
      token,
      price: await parsePrice(connection, choice.price, token),
      fundableUntil: (await chainTime(connection)) + choice.fundableFor,
      timeToRedeem: choice.timeToRedeem,
      ...{ testSet, encoding },
      goal: await this.#orderGoal(choice.goal),
      buyerKey: (await keys.pair(choice.keyName)).publicKey,
    });
    // Before the signature: a page that is closed while the wallet asks must not leave an order whose file nobody can write.
    if (encoding !== null) await keepEncoding(journal, encoding);
    onProgress({ what: "Asking the wallet for the signature" });
    await placeOrder(party, { ...draft, keyFile: keys.path(choice.keyName) });
    this.#draft = null;
    return orderHash(draft.order);
  }

  /** The order's file, as it goes to sellers. */
  async orderFile(hash: Hex): Promise<FileToSave> {
    const { orderFileOf } = await import("@zkcmp/chain/known-order");
    const { encodeOrderFile } = await import("@zkcmp/sale/order-file");
    const file = await orderFileOf(this.#session.journal, hash);
    return { name: `order-${hash.slice(2, 10)}.json`, text: encodeOrderFile(file) };
  }

  /** @returns null if the journal has no such purchase */
  async order(hash: Hex): Promise<OrderView | null> {
    const { chainTime } = await import("@zkcmp/chain/network-connection");
    const { listOffers } = await import("@zkcmp/chain/offers");
    const { dealTimes } = await import("@zkcmp/chain/deal-times");
    const { statementLines } = await import("@zkcmp/sale/statement-words");
    const record = await this.#session.journal.findPurchase(hash);
    if (record === null) return null;
    const { order } = record.signedOrder;
    const { escrowBlock } = await this.#session.deployment();
    const connection = await this.#session.connection({ chainId: order.chainId });
    const now = await chainTime(connection);
    const offers = await listOffers(connection, order.escrow, { fromBlock: escrowBlock });
    return {
      orderHash: hash,
      order,
      now,
      isOpen: now <= order.fundableUntil,
      revealedTo: record.revealed === undefined ? null : fieldToHex(record.revealed.dealId),
      answers: offers
        .filter(({ offered, contradiction }) => offered.orderHash === hash && contradiction === null)
        .map(({ offered, deal, offeredAt }) => ({
          dealId: fieldToHex(offered.dealId),
          seller: offered.seller,
          state: deal.state,
          times: dealTimes(deal, offeredAt, now),
        })),
      statement: statementLines(order),
    };
  }

  /**
   * Makes sure that a deal answers an order, before the page goes there.
   * @throws {RefusedError} if it is another order's, or there is no such deal
   */
  async expectAnswer(hash: Hex, dealId: Hex): Promise<void> {
    const { EscrowContract } = await import("@zkcmp/chain/escrow-contract");
    const { toFieldElement } = await import("@zkcmp/field/element");
    const { order } = (await this.#session.journal.purchase(hash)).signedOrder;
    const connection = await this.#session.connection({ chainId: order.chainId });
    const offer = await new EscrowContract(connection.provider, order.escrow).offered(
      toFieldElement(BigInt(dealId), "the deal's id"),
    );
    if (offer === null) {
      throw new RefusedError(
        "there is no deal with this id on chain",
        "Check the id with the seller, and wait until the offer is mined.",
      );
    }
    if (offer.orderHash !== hash) {
      throw new RefusedError("this deal answers another order", "Ask the seller for the deal that answers yours.");
    }
  }

  async #orderGoal(choice: GoalChoice): Promise<OrderGoal> {
    if (choice.predicate === "accuracy") return choice;
    const { errorBoundOf } = await import("@zkcmp/sale/error-bound");
    const { testSet, view } = this.#rows();
    const errorBound = errorBoundOf(choice.rmse, testSet.rows.length, view.digitsPerUnit);
    return { predicate: "squared-error", errorBound };
  }

  #rows(): Draft {
    if (this.#draft !== null) return this.#draft;
    throw new RefusedError("there are no rows yet", "Give your test set first.");
  }
}
