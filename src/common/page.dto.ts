import type { Type as Class } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Page } from './page.js';

/** Query of every list. */
export class ListQuery {
  /** How many to give at most. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
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
