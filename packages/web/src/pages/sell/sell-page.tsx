import { PageTitle } from "../../components/page-title.tsx";

export function SellPage() {
  return <PageTitle>Sell</PageTitle>;
}
