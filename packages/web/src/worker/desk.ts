import { expose } from "comlink";
import { Journal } from "@zkcmp/chain/journal";
import { DESK_LOADED, type DeskStart } from "../desk-channel.ts";
import { carryErrors } from "../error-crossing.ts";
import { toWalletError } from "../step-error.ts";
import { DealsDesk } from "./deals-desk.ts";
import { KeysDesk } from "./keys-desk.ts";
import { OrdersDesk } from "./orders-desk.ts";
import { RoundsDesk } from "./rounds-desk.ts";
import { SalesDesk } from "./sales-desk.ts";
import { Session } from "./session.ts";
import { SessionDesk } from "./session-desk.ts";

/** All that the page can ask for. Methods take and give plain data; the packages do the work. */
export class Desk {
  readonly session: SessionDesk;
  readonly deals: DealsDesk;
  readonly orders: OrdersDesk;
  readonly sales: SalesDesk;
  readonly rounds: RoundsDesk;
  readonly keys: KeysDesk;

  constructor(session: Session) {
    this.session = new SessionDesk(session);
    this.deals = new DealsDesk(session);
    this.orders = new OrdersDesk(session);
    this.sales = new SalesDesk(session);
    this.rounds = new RoundsDesk(session);
    this.keys = new KeysDesk(session);
  }
}

/** Prefix of the journal's files in this browser's database. */
const HOME = "zkcmp";

carryErrors(toWalletError);
self.addEventListener(
  "message",
  ({ data }: MessageEvent<DeskStart>) => {
    expose(new Desk(new Session(data.page, new Journal(HOME))), data.port);
  },
  { once: true },
);
// Held as long as this worker lives, however it ends: the page waits for it and so learns of the end.
void navigator.locks.request(self.name, () => {
  self.postMessage(DESK_LOADED);
  return new Promise<never>(() => undefined);
});
