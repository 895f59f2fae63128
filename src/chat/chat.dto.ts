import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath, PickType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { Optional } from '../common/optional.js';
import type { RunStatus } from './runs/run.entity.js';
import { MessageView } from '../conversations/message.dto.js';
import { type AskedSource, type Source, SOURCES } from './pipeline/turn.js';

/** Characters of a question. */
export const LONGEST_QUESTION = 10_000;

/** A question to a persona. */
export class SendMessage {
  /** What the user says, 1 to 10,000 characters.
   * @example "Show me education sector health in 2024" */
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_QUESTION)
  @Matches(/\S/, { message: 'query must not be blank' })
  query: string;

  /** The conversation to go on with; a new one is made when left out.
   * @example "019a5c3e-7f00-7000-8000-0000000000c1" */
  @Optional()
  @IsUUID()
  conversationId?: string;

  /** Name or id of the persona of a new conversation; the Transformation Analyst when left out.
   * @example "transformation_analyst" */
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  persona?: string;

  /** Data sets to answer from; when left out the persona's, else all that the user may see. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsUUID(undefined, { each: true })
  datasetIds?: string[];

  /** Stored after this message of the conversation instead of after its last one (null: as a first message); what came
   * after it leaves the active path, and is kept. */
  @IsUUID()
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  parentId?: string | null;

  /** The client's own id of the message; a repeat with the same one answers with the first result.
   * @example "web-4711" */
  @Optional()
  @IsString()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'clientId must be 1 to 128 visible characters' })
  clientId?: string;
}

/** How a send is to be taken. */
export class SendQuery {
  /** While another run of the conversation is at work: `reject` answers 409, `queue` stores it and answers it after. */
  @Optional()
  @IsIn(['reject', 'queue'])
  onBusy?: 'reject' | 'queue';
}

/** A question in other words. */
export class EditMessage extends PickType(SendMessage, ['query', 'datasetIds', 'clientId']) {}

/** What to answer anew from. */
export class RegenerateMessage extends PickType(SendMessage, ['datasetIds']) {}

/** One claim of an answer, with the rows that support it. */
export class InsightView {
  /** @example "difference" */
  kind: string;
  /** @example "Healthcare is 19.8 points above Education." */
  text: string;
  /** Every number in the text, by name.
   * @example { "difference": 19.8 } */
  values: Record<string, number>;
  /** Which rows of which result: 0 is the primary one, 1 the first of the context. */
  support: { result: number; rows: number[] }[];
  /** The message of the earlier result (one of `evidence.pastResults`) that it compares with; left out where it does with none.
   * @example "019a5c3e-7f00-7000-8000-0000000000c0" */
  earlier?: string;
}

/** A picture of the answer. */
export class VisualizationView {
  /** A self-contained Vega-Lite specification. */
  spec: Record<string, unknown>;
  /** @example "Average score by sector, 2024" */
  title: string;
  /** What it shows, for those who cannot see it. */
  altText: string;
  /** The values that the conversation has given a colour, in the order of the palette, by data set and column: a value keeps its colour from answer to answer. */
  colors?: Record<string, unknown>;
}

/** Whether the numbers of an answer, its picture's title and its alternative text are borne out by the evidence. */
export class GroundedView {
  /** How many numbers they write.
   * @example 14 */
  numbers: number;
  /** How many of them are a number of the evidence, of a finding or of the question, as rounded.
   * @example 14 */
  supported: number;
  /** The others, as written.
   * @example [] */
  unsupported: string[];
  /** @example "grounded: 14 of 14" */
  summary: string;
}

/** One place where an answer may come from. */
export class AskedSourceView {
  /** @example "documents" */
  @ApiProperty({ enum: SOURCES })
  source: Source;
  /** @example true */
  asked: boolean;
  /** Why, or why not.
   * @example "figures do not tell reasons" */
  why: string;
  /** The data set's title, or the words that were searched; null: neither.
   * @example "Why did education fall in 2021?" */
  of: string | null;
  /** Rows, passages, results or messages that the answer has of it.
   * @example 2 */
  found: number;
  /** `none`: there is nothing of the kind to ask; `late`: it did not answer in time.
   * @example "answered" */
  @ApiProperty({ enum: ['not_asked', 'answered', 'none', 'late', 'failed'] })
  state: AskedSource['state'];
}

/** What an answer was taken from. */
export class EvidenceView {
  /** The result that answers the question: columns, rows, the analytical query, and the SQL that ran. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  primary: Record<string, unknown> | null;
  /** Results that put it into context. */
  context: Record<string, unknown>[];
  /** Earlier answers of yours about the same things, in whatever conversation: by message, with the values found then. */
  pastResults: Record<string, unknown>[];
  /** Passages of documents that speak of it, with the sentences that are quoted; left out where documents were not asked. */
  passages?: Record<string, unknown>[];
  /** Messages that tell what was said about it, each with where, when and the words quoted; left out where that was not asked. */
  messages?: Record<string, unknown>[];
  /** Where an answer was looked for and where not (tables, documents, earlier results, earlier conversations), why, and what came of it. */
  sources?: AskedSourceView[];
}

/** One turn: the question as it was stored, and its answer. */
@ApiExtraModels(VisualizationView, GroundedView)
export class TurnView {
  /** @example "019a5c3e-7f00-7000-8000-0000000000c1" */
  conversationId: string;
  /** @example "019a5c3e-7f00-7000-8000-00000000c0de" */
  runId: string;
  /** How its run ended: `completed`, `failed`, `stopped` or `interrupted`.
   * @example "completed" */
  status: RunStatus;
  userMessage: MessageView;
  /** The answer; a `system` message of type `error` when a layer failed. */
  message: MessageView;
  insights: InsightView[];
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    allOf: [{ $ref: getSchemaPath(VisualizationView) }],
    nullable: true,
  })
  visualization: VisualizationView | null;
  /** null where nothing was worked out: talk of a language model, a failed turn. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    allOf: [{ $ref: getSchemaPath(GroundedView) }],
    nullable: true,
  })
  grounded: GroundedView | null;
  evidence: EvidenceView;
}
