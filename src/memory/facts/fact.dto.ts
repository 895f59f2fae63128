import { IsBoolean, IsIn, IsString, Length, Matches } from 'class-validator';
import { Optional } from '../../common/optional.js';
import { ListQuery, PageOf } from '../../common/page.dto.js';
import { FACT_KINDS, type FactKind, type FactOrigin } from './fact.entity.js';
import type { FactRow } from './facts.store.js';

const KEY = /^[a-z][a-z0-9_.:-]{0,119}$/;
const VISIBLE = /[^\s\p{C}]/u;

export class ListFacts extends ListQuery {
  /** Only facts of this kind.
   * @example "work" */
  @Optional()
  @IsIn(FACT_KINDS)
  kind?: FactKind;

  /** Only facts about this, with every version of it where `state` is `all`.
   * @example "work.place" */
  @Optional()
  @IsString()
  @Length(1, 1_000)
  key?: string;

  /** `current`: what holds now; `superseded`: what something newer took the place of; `all`: both. */
  @Optional()
  @IsIn(['current', 'superseded', 'all'])
  state?: 'current' | 'superseded' | 'all' = 'current';
}

export class AddFact {
  /** The fact in plain words.
   * @example "Works in the education ministry" */
  @IsString()
  @Length(1, 300)
  @Matches(VISIBLE, { message: 'statement must hold something visible' })
  statement: string;

  /** `other` when left out.
   * @example "work" */
  @Optional()
  @IsIn(FACT_KINDS)
  kind?: FactKind;

  /** What it is about: it supersedes the fact that holds under the same key. Made of its words when left out.
   * @example "work.place" */
  @Optional()
  @Matches(KEY, { message: 'key must be at most 120 lower-case letters, digits and _ . : -, beginning with a letter' })
  key?: string;
}

export class UpdateFact {
  /** The fact as it should be: a new version of it.
   * @example "Works in the education ministry" */
  @Optional()
  @IsString()
  @Length(1, 300)
  @Matches(VISIBLE, { message: 'statement must hold something visible' })
  statement?: string;

  /** false keeps the fact and never uses it.
   * @example true */
  @Optional()
  @IsBoolean()
  enabled?: boolean;
}

/** A message that says a fact. */
export class FactSourceView {
  /** @example "019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51" */
  conversationId: string;
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
  /** The part of the message that says it.
   * @example "I work in the education ministry" */
  quote: string;
  /** @example "2026-11-21T09:30:00.000Z" */
  saidAt: Date;
}

export class FactView {
  /** @example "019ab0c1-6b2f-7a11-8c3d-5e6f7a8b9c0d" */
  id: string;
  /** @example "work" */
  kind: FactKind;
  /** What it is about; a newer fact with the same key supersedes it.
   * @example "work.place" */
  key: string;
  /** The fact in plain words.
   * @example "Works in the education ministry" */
  statement: string;
  /** What is new in it.
   * @example "the education ministry" */
  value: string;
  /** `learned` from messages, `stated` by the user here, or `edited`: a version of another.
   * @example "learned" */
  origin: FactOrigin;
  /** The rule that found it; null: none did.
   * @example "work.place" */
  rule: string | null;
  /** @example 1 */
  ruleVersion: number | null;
  /** The language model that found it; null: none did.
   * @example null */
  model: string | null;
  /** How sure it is, from 0 to 1; 1: the user asked for it to be remembered, or stated it. An order, not a probability.
   * @example 0.9 */
  confidence: number;
  /** Whether it is used in answers.
   * @example true */
  enabled: boolean;
  /** Whether it holds now: nothing newer is known under its key.
   * @example true */
  current: boolean;
  /** When it was said.
   * @example "2026-11-21T09:30:00.000Z" */
  validFrom: Date;
  /** When something newer took its place; null: it holds.
   * @example null */
  validTo: Date | null;
  /** When an answer last saw it, to the minute; null: none did.
   * @example null */
  lastUsedAt: Date | null;
  /** @example "2026-11-21T09:30:02.000Z" */
  createdAt: Date;
  /** The latest messages that say it, newest first, at most ten. Empty for what the user stated here. A learned fact goes
   * when the last of its messages is deleted. */
  sources: FactSourceView[];

  static of(this: void, { isCurrent, sources, ...row }: FactRow): FactView {
    return {
      id: row.id,
      kind: row.kind,
      key: row.key,
      statement: row.statement,
      value: row.value,
      origin: row.origin,
      rule: row.rule,
      ruleVersion: row.ruleVersion,
      model: row.model,
      confidence: row.confidence,
      enabled: row.enabled,
      current: isCurrent,
      validFrom: row.validFrom,
      validTo: row.validTo,
      lastUsedAt: row.lastUsedAt,
      createdAt: row.createdAt,
      sources: sources.map(({ saidAt, ...source }) => ({ ...source, saidAt: new Date(saidAt) })),
    };
  }
}

export class FactPage extends PageOf(FactView) {}

export class LearningSettings {
  /** Whether facts are learned from what you say. What is said while it is off is never learned.
   * @example true */
  @IsBoolean()
  learning: boolean;
}
