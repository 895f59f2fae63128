import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsUUID } from 'class-validator';
import { Optional } from './optional.js';

const MOST = 20;

const lowerCase = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((each: unknown) => (typeof each === 'string' ? each.toLowerCase() : each)) : value;

/** A list of up to twenty ids, each once, that may be left out. */
export const UuidList = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'uuid', isArray: true, maxItems: MOST, uniqueItems: true }),
    Optional(),
    IsArray(),
    ArrayMaxSize(MOST),
    Transform(({ value }: { value: unknown }) => lowerCase(value)),
    ArrayUnique(),
    IsUUID(undefined, { each: true }),
  );
