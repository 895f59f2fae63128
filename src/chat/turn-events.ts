import { MessageView } from '../conversations/message.dto.js';
import type { MessageRow } from '../conversations/message.entity.js';
import { LAYERS, stepDetail } from './pipeline/step-detail.js';
import { type EndedStatus, deltas, ENDED, type RunEvent, type RunEventName } from './runs/run-event.js';
import type { RunRow } from './runs/run.entity.js';
import { ANALYSIS, type TurnRecord } from './turn-record.js';

type Told = readonly [RunEventName, object];

/** How every run begins. */
export const openingEvents = (
  { id, conversationId, messageId }: Pick<RunRow, 'id' | 'conversationId' | 'messageId'>,
  question: MessageRow,
): Told[] => [
  ['run.started', { runId: id, conversationId, messageId }],
  ['message.stored', { conversationId, message: MessageView.of(question) }],
];

/** How every run ends. */
export const closingEvents = (
  { id, conversationId }: Pick<RunRow, 'id' | 'conversationId'>,
  status: EndedStatus,
  error: RunRow['error'],
  message: MessageRow,
): Told[] => [
  ['message.completed', { conversationId, message: MessageView.of(message) }],
  [ENDED[status], { runId: id, status, ...(error === null ? {} : { error }) }],
];

/** Whether all that a run told follows from its message: it was worked out in one go, by rules alone. */
export const isReplayable = ({ type, status, metadata }: Pick<MessageRow, 'type' | 'status' | 'metadata'>): boolean =>
  type === ANALYSIS && status === 'complete' && metadata['model'] === undefined && 'timings' in metadata;

/**
 * What a run told that has ended, each event under the number it had. Runs that were over before anything was logged told
 * what their message holds; of runs whose log was removed only the beginning and the outcome are left.
 */
export function replay(
  run: Pick<RunRow, 'id' | 'conversationId' | 'messageId' | 'status' | 'error' | 'lastSeq'>,
  question: MessageRow,
  message: MessageRow,
  stored: readonly RunEvent[],
): RunEvent[] {
  const closing = closingEvents(run, run.status as EndedStatus, run.error, message);
  const last = (told: readonly Told[]): RunEvent[] =>
    told.map(([event, data], place) => ({ seq: run.lastSeq - told.length + 1 + place, event, data }));
  if (stored.length > 0) return [...stored, ...last(closing)];
  const opening = openingEvents(run, question);
  if (isReplayable(message)) {
    const all = [...opening, ...answerEvents(message), ...closing];
    if (all.length === run.lastSeq) return last(all);
  }
  const outcome: Told[] = message.content === '' ? [] : [['answer.delta', { text: message.content }]];
  return [
    ...opening.map(([event, data], place) => ({ seq: place + 1, event, data })),
    ...last([...outcome, ...closing]),
  ].filter(({ seq }, place, all) => place === 0 || seq > (all[place - 1]?.seq ?? 0));
}

function answerEvents({ content, metadata }: MessageRow): Told[] {
  const record = metadata as unknown as TurnRecord;
  return [
    ...LAYERS.flatMap((name): Told[] => [
      ['step.started', { name }],
      ['step.completed', { name, ...stepDetail(name, record, record.timings[name]) }],
    ]),
    ...deltas(content).map((text): Told => ['answer.delta', { text }]),
    ...(record.visualization === null ? [] : [['visualization', record.visualization] as const]),
  ];
}
