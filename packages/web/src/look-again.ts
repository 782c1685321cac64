const lookers = new Set<() => void>();

/** Lets everything on the page that shows the chain look at it now: something was done. */
export function lookAgain(): void {
  for (const look of lookers) look();
}

/** @returns how to stop listening */
export function onLookAgain(look: () => void): () => void {
  lookers.add(look);
  return () => lookers.delete(look);
}
