import { formatSpan, formatTime, isoTime } from "@zkcmp/sale/time";

/** A moment: as a span from the chain's time, with the date beside it. @param at, now unix seconds */
export function When({ at, now }: { at: number; now: number }) {
  return (
    <time dateTime={isoTime(at) ?? undefined}>
      {spanWords(at, now)} <span className="when-date">{formatTime(at)}</span>
    </time>
  );
}

/** "in 3 h" or "2 d ago". @param at, now unix seconds */
export function spanWords(at: number, now: number): string {
  if (at === now) return "now";
  return at > now ? `in ${formatSpan(at - now)}` : `${formatSpan(now - at)} ago`;
}
