import { useState } from "react";
import type { NamedText } from "../../worker/keys-desk.ts";
import type { NetworkView, OrderView } from "../../worker/new-sale-steps.ts";
import { ModelStep } from "./model-step.tsx";
import { OrderStep } from "./order-step.tsx";
import { SealStep } from "./seal-step.tsx";

/** A file that was read, with what is in it. */
export interface ReadFile<View> {
  readonly file: NamedText;
  readonly view: View;
}

/** Order, model, seal. Until the seal nothing is kept: the files are on the seller's disk. */
export function NewSale() {
  const [order, setOrder] = useState<ReadFile<OrderView> | null>(null);
  const [network, setNetwork] = useState<ReadFile<NetworkView> | null>(null);
  return (
    <div className="stack">
      <OrderStep order={order} onOrder={setOrder} />
      <ModelStep order={order} network={network} onNetwork={setNetwork} />
      <SealStep order={order} network={network} />
    </div>
  );
}
