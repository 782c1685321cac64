/**
 * Unix seconds as date and time, UTC. Contracts and orders of others may name a second that no calendar has: it is
 * written as a number.
 */
export function formatTime(seconds: number): string {
  const iso = isoTime(seconds);
  return iso === null ? `second ${seconds} of unix time` : `${iso.replace("T", " ").replace(/\.\d+Z$/, "")} UTC`;
}

/** Unix seconds in ISO 8601; null where there is no such date. */
export function isoTime(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A span of seconds in its two largest units. */
export function formatSpan(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ] as const;
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
  }
  return parts.join(" ") || "0 s";
}
