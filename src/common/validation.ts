import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, Problem } from './problem.js';

/** Checks every body, query and parameter: unknown fields are refused, and one answer names all that is wrong. */
export const validation = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => flatten(error, ''));
      const first = fields[0];
      return new Problem(
        400,
        'validation_failed',
        first === undefined
          ? 'The input is not valid.'
          : `${first.message}${fields.length > 1 ? ` (and ${fields.length - 1} more)` : ''}.`,
        { errors: fields },
      );
    },
  });

function flatten(error: ValidationError, prefix: string): FieldError[] {
  const path = prefix === '' ? error.property : `${prefix}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path))];
}
