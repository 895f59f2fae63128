import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** How many a query's `limit` asks for: from 1 to `most`; may be left out. */
export const Limit = (most = 100): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: most }),
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(most),
  );
