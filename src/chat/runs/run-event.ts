/** What a client that streams is told, in this order (see the API document). */
export type RunEventName =
  | 'run.started'
  | 'message.stored'
  | 'step.started'
  | 'step.completed'
  | 'answer.delta'
  | 'answer.reset'
  | 'visualization'
  | 'message.completed'
  | 'run.completed'
  | 'run.failed'
  | 'run.stopped'
  | 'run.interrupted';

export interface RunEvent {
  /** From 1, rising; a gap where a run was taken up again. */
  readonly seq: number;
  readonly event: RunEventName;
  readonly data: object;
}

/** The last event of a run, by what became of it. */
export const ENDED = {
  completed: 'run.completed',
  failed: 'run.failed',
  stopped: 'run.stopped',
  interrupted: 'run.interrupted',
} as const satisfies Record<string, RunEventName>;
export type EndedStatus = keyof typeof ENDED;

/** Two events end every run: the whole message, and the run's end. */
export const CLOSING_EVENTS = 2;

/**
 * A run that is taken up again goes on this far after the last event that was stored: its process may have told some more
 * before it died, and a client that heard them must still get what follows.
 */
export const RESUME_GAP = 1_000;

/** Pieces of an answer as they would be typed: words joined to some 40 characters. */
export function deltas(text: string): string[] {
  return text.match(/[\s\S]{1,40}(?:\s+|$)|[\s\S]{1,40}/g) ?? [];
}
