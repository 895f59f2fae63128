import { quoted } from '../facts/render-facts.js';
import type { Kept, SummaryRow } from './summary.entity.js';

/** Bytes of a summary in UTF-8: some four hundred tokens, which the default context has room for. */
export const LONGEST_SUMMARY = 1_600;
export const MOST_SENTENCES = 12;

export const bytesOf = (text: string): number => Buffer.byteLength(text);

/** Who said it and when, and the sentence. */
export const keptLine = ({ role, at, text }: Kept): string => `${at.slice(0, 10)}, ${role}: ${text}`;

/** A version as a part of a prompt: all that somebody said, or a model made of it, is quoted. */
export const summaryPart = ({ method, text, sentences }: Pick<SummaryRow, 'method' | 'text' | 'sentences'>): string =>
  method === 'model'
    ? quoted(text)
    : sentences.map((kept) => keptLine({ ...kept, text: quoted(kept.text) })).join('\n- ');
