import { Injectable, Logger } from '@nestjs/common';
import { ModelError } from '../../llm/language-model.js';
import { Models } from '../../llm/models.service.js';
import { IndexStore } from '../recall/index.store.js';
import { read, stemsOf } from '../../text/words.js';
import { NotASummary, summaryByModel } from './model-summary.js';
import { bytesOf, keptLine, LONGEST_SUMMARY, MOST_SENTENCES } from './render-summary.js';
import { sentencesOf } from './sentences.js';
import { type Covered, type Standing, SummariesStore } from './summaries.store.js';
import { chosen, counted } from './sum-basic.js';
import type { Kept, SummaryRow, WordCounts } from './summary.entity.js';

/*
 * The last LAG messages are never covered: they are what every window begins with. A step is made when more than WAITING
 * messages are not covered, so that a summary is made anew once in a while and not with every message.
 */
export const LAG = 8;
export const WAITING = 24;
/** Messages that one step covers. */
export const CHUNK = 24;

const SAID = new Set(['complete', 'stopped', 'interrupted']);

/**
 * Keeps the summary of a conversation going: each step makes a version of the one before and of the next messages, and costs
 * the same at the hundredth message and at the hundred thousandth.
 */
@Injectable()
export class Summarizer {
  private readonly log = new Logger('memory');

  constructor(
    private readonly store: SummariesStore,
    private readonly index: IndexStore,
    private readonly models: Models,
  ) {}

  /** One step, where one is due; whether another one is due after it. */
  async step(userId: string, conversationId: string, signal: AbortSignal): Promise<boolean> {
    const standing = await this.store.standing(userId, conversationId, CHUNK);
    if (standing === null) return false;
    const covered = standing.latest?.covered ?? 0;
    const uncovered = standing.messageCount - covered;
    if (uncovered <= WAITING) return false;
    const next = whole(standing.next).slice(0, uncovered - LAG);
    const last = next.at(-1);
    if (last === undefined) return false;
    const extract = await this.extract(standing.latest, next);
    const version = {
      uptoSeq: last.seq,
      covered: covered + next.length,
      ...extract,
      ...((await this.byModel(standing.latest, next, signal)) ?? {
        method: 'extractive' as const,
        model: null,
        text: extract.sentences.map(keptLine).join('\n'),
      }),
    };
    const isAdded = await this.store.add(userId, conversationId, version, { erasures: standing.erasures, next });
    return isAdded && uncovered - next.length > WAITING;
  }

  /** The best sentences of those kept so far and of what was said next. */
  private async extract(
    latest: SummaryRow | null,
    next: readonly Covered[],
  ): Promise<{ sentences: Kept[]; words: WordCounts }> {
    const kept = latest?.sentences ?? [];
    const more = next.filter(isSaid).flatMap(keptOf);
    const sentences = [...kept, ...more];
    const stems = await stemsOf(
      sentences.map(({ text }) => read(text)),
      (language, words) => this.index.stems(language, words),
    );
    const words = counted(latest?.words ?? { all: 0, of: {} }, stems.slice(kept.length));
    let room = LONGEST_SUMMARY;
    const best = chosen(stems, words, MOST_SENTENCES, (place) => {
      const sentence = sentences[place];
      const takes = sentence === undefined ? Infinity : bytesOf(keptLine(sentence)) + 1;
      if (takes > room) return false;
      room -= takes;
      return true;
    });
    return { sentences: best.sort((a, b) => a - b).flatMap((place) => sentences[place] ?? []), words };
  }

  /** null: there is no model, or what it wrote cannot be taken. */
  private async byModel(
    latest: SummaryRow | null,
    next: readonly Covered[],
    signal: AbortSignal,
  ): Promise<{ method: 'model'; model: string; text: string } | null> {
    const model = this.models.get(null);
    const said = next.filter(isSaid);
    if (model === null || said.length === 0) return null;
    try {
      const text = await summaryByModel(latest?.text ?? null, said, model, signal);
      return { method: 'model', model: `${model.provider}/${model.model}`, text };
    } catch (error) {
      if (!(error instanceof ModelError || error instanceof NotASummary) || signal.aborted) throw error;
      this.log.debug(`a summary is made of sentences: ${error.message}`);
      return null;
    }
  }
}

/** Up to the first message that is still being written. */
function whole(next: Standing['next']): Standing['next'] {
  const writing = next.findIndex(({ status }) => status === 'streaming');
  return writing === -1 ? next : next.slice(0, writing);
}

const isSaid = ({ role, status }: Covered): boolean => role !== 'system' && SAID.has(status);

const keptOf = ({ seq, id, role, content, createdAt }: Covered): Kept[] =>
  role === 'system'
    ? []
    : sentencesOf(content).map((text) => ({ seq, messageId: id, role, at: createdAt.toISOString(), text }));
