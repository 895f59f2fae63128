import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsUUID, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Optional } from '../../common/optional.js';
import { ListQuery, PageOf } from '../../common/page.dto.js';
import type { RunRow, RunStatus } from './run.entity.js';

/** What went wrong, in plain words. */
export class RunErrorView {
  /** @example "interrupted" */
  code: string;
  /** @example "The server stopped before this was answered; continue, or ask again." */
  message: string;
  /** The layer it failed in; null where that does not matter.
   * @example null */
  @ApiProperty({ type: String, nullable: true })
  layer: string | null;
}

/** The execution of one turn. */
@ApiExtraModels(RunErrorView)
export class RunView {
  /** @example "019a5c3e-7f00-7000-8000-00000000c0de" */
  id: string;
  /** @example "019a5c3e-7f00-7000-8000-0000000000c1" */
  conversationId: string;
  /** The message it answers.
   * @example "019a5c3e-7f00-7000-8000-0000000000a1" */
  userMessageId: string;
  /** The answer; there from the start, with the status `streaming`. Becomes a message that says what went wrong, when it fails.
   * @example "019a5c3e-7f00-7000-8000-0000000000a2" */
  messageId: string;
  /** `queued`: waits for the run before it. `interrupted`: its process ended before it did; it can be continued.
   * @example "completed" */
  status: RunStatus;
  /** What went wrong, in plain words; null unless failed or interrupted.
   * @example null */
  @ApiProperty({
    type: 'object',
    allOf: [{ $ref: getSchemaPath(RunErrorView) }],
    nullable: true,
    additionalProperties: true,
  })
  error: RunErrorView | null;
  /** Number of its last event; 0 while it runs.
   * @example 17 */
  lastEvent: number;
  /** @example "2026-11-21T08:00:00.000Z" */
  startedAt: Date;
  /** @example "2026-11-21T08:00:00.012Z" */
  finishedAt: Date | null;

  static of(this: void, row: RunRow): RunView {
    const { id, conversationId, userMessageId, messageId, status, error, lastSeq, startedAt, finishedAt } = row;
    return { id, conversationId, userMessageId, messageId, status, error, lastEvent: lastSeq, startedAt, finishedAt };
  }
}

/** Which runs. */
export class ListRuns extends ListQuery {
  /** Of this conversation only. */
  @Optional()
  @IsUUID()
  conversationId?: string;

  /** true: those that are at work or wait; false: those that have ended. */
  @Optional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  active?: boolean;
}

export class RunPage extends PageOf(RunView) {}

/** From where to read. */
export class ReadEvents {
  /** Only events with a higher number; `Last-Event-ID` says the same. */
  @ApiPropertyOptional({ type: 'integer' })
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  after?: number;
}
