import type { ReactNode } from "react";

/** Facts: a name and a value each. Entries without a value are left out. */
export function DataList({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="data-list">
      {facts
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
