import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class PngOptions {
  /** Pixels of the picture for each of the chart's own; 2 is sharp on most screens. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(4)
  scale?: number = 2;
}
