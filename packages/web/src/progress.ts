/** How far a long step is. */
export interface StepProgress {
  /** What is done now, without a full stop. */
  readonly what: string;
  /** 0 to 1, where it is known. */
  readonly done?: number;
}

export type OnProgress = (progress: StepProgress) => void;
