import type { MessageView } from '../../conversations/message.dto.js';
import type { TurnRecord } from '../../chat/turn-record.js';

/** A message as `useChat` keeps it. */
export interface UiMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant' | 'system';
  readonly metadata: object;
  readonly parts: readonly UiPart[];
}

export type UiPart =
  | { readonly type: 'step-start' }
  | { readonly type: 'text'; readonly text: string; readonly state: 'done' }
  | DataPart
  | SourcePart;

export interface DataPart {
  readonly type: 'data-visualization' | 'data-result';
  /** The same whenever the message is told: a client replaces the part instead of adding another one. */
  readonly id: string;
  readonly data: object;
}

export interface SourcePart {
  readonly type: 'source-document';
  readonly sourceId: string;
  readonly mediaType: string;
  readonly title: string;
}

/** The data sets that an answer was taken from, as far as the user may still see them. */
export type SourcesOf = (datasetIds: readonly string[]) => Promise<readonly { id: string; title: string }[]>;

type Stored = Omit<MessageView, 'seq'>;
type Record = Partial<TurnRecord>;

/** The parts of a stored message, the same ones and in the same order as they are streamed. */
export async function uiMessage(message: Stored, sourcesOf: SourcesOf): Promise<UiMessage> {
  const text: UiPart[] = message.content === '' ? [] : [{ type: 'text', text: message.content, state: 'done' }];
  const { role, type, createdAt } = message;
  if (role === 'user' || (role === 'system' && type !== 'error')) {
    return { id: uiId(message), role, metadata: { createdAt }, parts: text };
  }
  return {
    id: uiId(message),
    role: 'assistant', // a failed turn is stored as the system's, but it stands where the answer was to be
    metadata: { ...idsOf(message), ...metadataOf(message) },
    parts: [{ type: 'step-start' }, ...text, ...pictureOf(message), ...(await evidenceOf(message, sourcesOf))],
  };
}

const idsOf = ({ conversationId, parentId, metadata }: Stored): object => ({
  conversationId,
  runId: (metadata as Record).runId,
  userMessageId: parentId,
});

/** What a client is told of an answer beside its parts. */
export function metadataOf({ status, createdAt, metadata }: Stored): object {
  const { intent, findings, refusal, reading, model } = metadata as Record;
  return {
    status,
    createdAt,
    ...(intent !== undefined && { intent: intent.kind }),
    ...(findings !== undefined && {
      insights: findings.map(({ kind, text, values }) => ({ kind, text, values })),
    }),
    ...(typeof reading === 'string' && { reading }),
    ...(refusal && { suggestions: refusal.suggestions }),
    ...(model && { model: model.model, ...(model.usage !== null && { usage: model.usage }) }),
  };
}

export const pictureOf = ({ id, metadata }: Stored): DataPart[] => {
  const { visualization } = metadata as Record;
  return visualization ? [picturePart(id, visualization)] : [];
};

export const picturePart = (messageId: string, data: object): DataPart => ({
  type: 'data-visualization',
  id: `${messageId}-visualization`,
  data,
});

/** What comes after the words and the picture: the rows, and what they were taken from. */
export async function evidenceOf({ id, metadata }: Stored, sourcesOf: SourcesOf): Promise<(DataPart | SourcePart)[]> {
  const { evidence } = metadata as Record;
  const passages = documentsOf(evidence?.passages ?? []);
  if (!evidence?.primary) return passages;
  const { datasetId, columns, rows, truncated, matchedRows } = evidence.primary;
  const joined = (evidence.primary.joined ?? []).map((join) => join.datasetId);
  const used = new Set([datasetId, ...joined, ...evidence.context.map(({ result }) => result.datasetId)]);
  const sources = await sourcesOf([...used]);
  return [
    { type: 'data-result', id: `${id}-result`, data: { datasetId, columns, rows, truncated, matchedRows } },
    ...sources.map(({ id: sourceId, title }): SourcePart => ({
      type: 'source-document',
      sourceId,
      mediaType: 'text/csv',
      title,
    })),
    ...passages,
  ];
}

/** Each document once, whose passages an answer cites. */
const documentsOf = (passages: readonly { documentId: string; title: string }[]): SourcePart[] =>
  [...new Map(passages.map(({ documentId, title }) => [documentId, title]))].map(([sourceId, title]) => ({
    type: 'source-document',
    sourceId,
    mediaType: 'text/plain',
    title,
  }));

/*
 * A client keeps the id of a message that it edits, and ids of clients are unique here: a new version is stored under the
 * client's id with a mark behind it.
 */
const VERSION = /^(.+)~e[\w-]{22}$/;

export const versionId = (id: string, digest: string): string => `${id}~e${digest.slice(0, 22)}`;

/** The id by which the client knows a message. */
export const uiId = ({ id, clientId }: Pick<Stored, 'id' | 'clientId'>): string =>
  clientId === null ? id : (VERSION.exec(clientId)?.[1] ?? clientId);
