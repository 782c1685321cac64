import { PageTitle } from "../../components/page-title.tsx";

type Hex = `0x${string}`;

export function PurchasePage({ orderHash }: { orderHash: Hex }) {
  return <PageTitle>Order {orderHash.slice(0, 10)}…</PageTitle>;
}
