import type { Type as Class } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Limit } from './limit.js';
import type { Page } from './page.js';

/** Query of every list. */
export class ListQuery {
  /** How many to give at most. */
  @Limit()
  limit?: number = 20;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;
}

/** The class of one page of `item`, for the API document: `class PersonaPage extends PageOf(PersonaView) {}`. */
export function PageOf<T>(item: Class<T>): Class<Page<T>> {
  class PageView implements Page<T> {
    @ApiProperty({ type: [item] })
    data: T[];

    @ApiProperty({ description: 'Whether there are more after these.', example: false })
    hasMore: boolean;

    @ApiProperty({
      description: 'Pass back as `cursor` for the next page; null on the last one.',
      type: String,
      nullable: true,
      example: null,
    })
    nextCursor: string | null;
  }
  return PageView;
}
