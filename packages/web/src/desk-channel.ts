/** What page and worker say to each other before comlink takes over. */
export interface DeskStart {
  /** The page's whole address: names its folder and its parameters. */
  readonly page: string;
  readonly port: MessagePort;
}

/** The worker's first word, when its code has run: only then does it hear messages. */
export const DESK_LOADED = "zkcmp-desk-loaded";
