import { Injectable } from '@nestjs/common';
import { MessagesService } from '../../conversations/messages.service.js';
import type { Persona } from '../../personas/persona.entity.js';
import { FactsService } from '../facts/facts.service.js';
import { factLine } from '../facts/render-facts.js';
import { resultLine } from '../results/render-results.js';
import { ResultsService } from '../results/results.service.js';
import type { Candidates, PartKind, Piece, WindowMessage } from './build-context.js';
import { summaryPart } from '../summaries/render-summary.js';
import { SummariesService } from '../summaries/summaries.service.js';
import { type Moment, RecalledService } from './recalled.service.js';
import type { SeenContext } from './seen-context.js';

/** Messages before the question that may come into the window. */
const WINDOW_MESSAGES = 100;
/** Past results that may come in, of those that the window cannot hold. */
const MOST_RESULTS = 5;
/** Facts about the user that may come in. */
const MOST_FACTS = 40;

/** Where a question stands, and who answers it. */
export interface Asked extends Moment {
  readonly persona: Pick<Persona, 'id' | 'version' | 'systemPrompt'>;
  /** Titles of the data sets that may be asked about. */
  readonly datasets: readonly string[];
}

/** Everything that a context may be made of. */
@Injectable()
export class CandidatesService {
  constructor(
    private readonly messages: MessagesService,
    private readonly facts: FactsService,
    private readonly results: ResultsService,
    private readonly summaries: SummariesService,
    private readonly recalled: RecalledService,
  ) {}

  async of(asked: Asked): Promise<Candidates> {
    const [window, facts, results, summary, recalled] = await Promise.all([
      this.windowOf(asked),
      this.factsOf(asked),
      this.resultsOf(asked),
      this.summaryOf(asked),
      this.recalled.pieces(asked),
    ]);
    return {
      rules: rulesOf(asked),
      question: asked.question,
      window,
      facts,
      results,
      recalled: withoutTold(recalled, results),
      summary,
    };
  }

  /** Only what an answer saw then, as far as it was not erased since. */
  async again(asked: Asked, { parts }: SeenContext): Promise<Candidates> {
    const sourcesOf = (kind: PartKind): readonly string[] => parts.find((part) => part.kind === kind)?.sources ?? [];
    const inWindow = new Set(sourcesOf('window'));
    const known = new Set([...sourcesOf('facts'), ...sourcesOf('results'), ...sourcesOf('summary')]);
    const wasSeen = ({ sources }: Piece): boolean => sources.every((id) => known.has(id));
    const [window, facts, results, summary, recalled] = await Promise.all([
      this.windowOf(asked),
      this.factsOf(asked),
      this.resultsOf(asked),
      this.summaryOf(asked),
      this.recalled.told(asked, sourcesOf('recalled')),
    ]);
    return {
      rules: rulesOf(asked),
      question: asked.question,
      window: window.map((turn) => turn.filter(({ id }) => inWindow.has(id))).filter((turn) => turn.length > 0),
      facts: facts.filter(wasSeen),
      results: results.filter(wasSeen),
      recalled,
      summary: summary !== null && wasSeen(summary) ? summary : null,
    };
  }

  private async factsOf({ userId, askedAt }: Asked): Promise<Piece[]> {
    const facts = await this.facts.holding(userId, askedAt, MOST_FACTS);
    return facts.map((fact) => ({ text: factLine(fact), sources: [fact.id, ...fact.sources] }));
  }

  private async resultsOf({ userId, conversationId, question, before, askedAt }: Asked): Promise<Piece[]> {
    const sought = { question, conversationId, before: before - WINDOW_MESSAGES, askedAt, limit: MOST_RESULTS };
    const found = await this.results.relevant(userId, sought);
    return found.map((result) => ({ text: resultLine(result), sources: [result.messageId] }));
  }

  private async summaryOf({ userId, conversationId, before, askedAt }: Asked): Promise<Piece | null> {
    const version = await this.summaries.before(userId, conversationId, before, askedAt);
    if (version === null) return null;
    return { text: summaryPart(version), sources: [...new Set(version.sentences.map(({ messageId }) => messageId))] };
  }

  /** Turns of the active path, oldest first; what was said without an answer, or answered without a question, is one too. */
  private async windowOf({ userId, conversationId, before }: Asked): Promise<WindowMessage[][]> {
    const rows = await this.messages.recent(userId, conversationId, WINDOW_MESSAGES, { before, members: [] });
    const turns: WindowMessage[][] = [];
    for (const { id, role, content, status } of rows) {
      if (role === 'system' || content === '' || status === 'failed') continue;
      if (role === 'user' || turns.length === 0) turns.push([]);
      turns.at(-1)?.push({ id, role, content });
    }
    return turns;
  }
}

/** A turn that is told as a result is not told as a message, too. */
function withoutTold(recalled: readonly Piece[], results: readonly Piece[]): Piece[] {
  const told = new Set(results.flatMap(({ sources }) => sources));
  return recalled.filter(({ sources }) => !sources.some((id) => told.has(id)));
}

/** The persona's prompt, and what every model must know beside it. */
export function rulesOf({
  persona,
  askedAt,
  datasets,
}: Pick<Asked, 'askedAt' | 'datasets'> & { persona: Pick<Persona, 'systemPrompt'> }): string {
  const about =
    datasets.length === 0
      ? 'There is no data set to answer from.'
      : `Data sets that questions can be asked about: ${datasets.join('; ')}.`;
  return `${persona.systemPrompt}\n\nToday is ${askedAt.toISOString().slice(0, 10)}. ${about} Figures of these come from queries only: state none as if it came from them unless it is given to you here.`;
}
