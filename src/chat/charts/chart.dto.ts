import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { type Theme, THEMES } from './theme.js';

/** How a chart is to look. */
export class ChartOptions {
  @IsOptional()
  @IsIn(THEMES)
  theme?: Theme = 'light';

  /** Of the whole picture, in CSS pixels; without it, as wide as the chart needs. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(200)
  @Max(2400)
  width?: number;

  /** Of the whole picture, in CSS pixels; without it, as high as the chart needs. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(150)
  @Max(2400)
  height?: number;
}

export class PngOptions extends ChartOptions {
  /** Pixels of the picture for each of the chart's own; 2 is sharp on most screens. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(4)
  scale?: number = 2;
}
