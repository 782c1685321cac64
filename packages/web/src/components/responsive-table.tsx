import type { ReactNode } from "react";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  readonly align?: "right";
  /** The cell that names its row; the first column if none says so. */
  readonly heads?: boolean;
}

/** A table; on narrow screens each row is a card with the columns' titles beside the values. */
export function ResponsiveTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  /** Read by screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  const head = Math.max(
    0,
    columns.findIndex(({ heads }) => heads === true),
  );
  const classOf = ({ align }: Column<Row>): string | undefined => (align === "right" ? "align-right" : undefined);
  // The roles are written out because cards, which are no table for CSS, would lose them.
  return (
    <table className="responsive-table" role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.title} role="columnheader" scope="col" className={classOf(column)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map((column, index) =>
              index === head ? (
                <th
                  key={column.title}
                  role="rowheader"
                  scope="row"
                  data-title={column.title}
                  className={classOf(column)}
                >
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.title} role="cell" data-title={column.title} className={classOf(column)}>
                  <span>{column.cell(row)}</span>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
