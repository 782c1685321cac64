import { PageTitle } from "../../components/page-title.tsx";

export function MarketPage() {
  return <PageTitle>Market</PageTitle>;
}
