/** Sentences of a statement. Those that begin with a space belong to the one before them. */
export function StatementList({ lines }: { lines: readonly string[] }) {
  const items: { line: string; details: string[] }[] = [];
  for (const line of lines) {
    const last = items.at(-1);
    if (line.startsWith(" ") && last !== undefined) last.details.push(line.trim());
    else items.push({ line, details: [] });
  }
  return (
    <ul>
      {items.map(({ line, details }) => (
        <li key={line}>
          {line}
          {details.length > 0 && (
            <ul>
              {details.map((detail) => (
                <li key={detail}>{detail}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
