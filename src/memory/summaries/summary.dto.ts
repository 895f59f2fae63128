import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { SummaryState } from './summaries.service.js';
import type { SummaryMethod } from './summary.entity.js';

/** A message, and its number in the conversation. */
export class SummaryPlaceView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
  /** @example 1 */
  seq: number;
}

/** The messages of the active path from `from` to `to`. */
export class SummaryCoversView {
  from: SummaryPlaceView;
  to: SummaryPlaceView;
  /** How many that is.
   * @example 17 */
  messages: number;
}

/** A sentence, as it stands in a message. */
export class SummarySourceView {
  /** @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  messageId: string;
  /** `user` or `assistant`.
   * @example "user" */
  role: string;
  /** @example "2026-11-21T09:30:00.000Z" */
  saidAt: string;
  /** @example "Show me education sector health in 2024" */
  quote: string;
}

@ApiExtraModels(SummaryCoversView)
export class SummaryView {
  /** null: there is none yet; short conversations have none.
   * @example "2026-11-21, user: Show me education sector health in 2024" */
  text: string | null;
  /** `extractive`: made of sentences of the messages (SumBasic); `model`: worded by a language model.
   * @example "extractive" */
  method: SummaryMethod | null;
  /** Whose words they are; null where no language model's.
   * @example null */
  model: string | null;
  /** What it is a summary of; null where there is none. */
  @ApiProperty({
    type: 'object',
    allOf: [{ $ref: getSchemaPath(SummaryCoversView) }],
    nullable: true,
    additionalProperties: true,
  })
  covers: SummaryCoversView | null;
  /** The sentences that weigh most in what is covered, in the order they were said. An extractive text is made of them. */
  sources: SummarySourceView[];
  /** Messages of the active path that it does not cover. The last eight never are; more than 24 wait for a moment only.
   * @example 9 */
  waiting: number;
  /** @example "2026-11-21T09:31:12.345Z" */
  createdAt: Date | null;

  static of(this: void, { version, covers, waiting }: SummaryState): SummaryView {
    const sentences = version?.sentences ?? [];
    return {
      text: version?.text ?? null,
      method: version?.method ?? null,
      model: version?.model ?? null,
      covers: version === null || covers === null ? null : { ...covers, messages: version.covered },
      sources: sentences.map(({ messageId, role, at, text }) => ({ messageId, role, saidAt: at, quote: text })),
      waiting,
      createdAt: version?.createdAt ?? null,
    };
  }
}
