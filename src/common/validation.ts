import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { unstorable } from './plain-input.js';
import { type FieldError, Problem } from './problem.js';

/** Checks every body, query and parameter: unknown fields are refused, and one answer names all that is wrong. */
export const validation = (): ValidationPipe => new Validation();

class Validation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => invalid(errors.flatMap((error) => flatten(error, ''))),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'custom') {
      const wrong = unstorable(value);
      if (wrong !== null) throw invalid([within(metadata.data, wrong)]);
      // Validators look at the fields of an object, and would find nothing wrong with an array of them.
      if (metadata.type === 'body' && this.toValidate(metadata) && value !== undefined && !isObject(value)) {
        throw invalid([{ path: '', message: 'The body must be a JSON object' }]);
      }
    }
    return super.transform(value, metadata);
  }
}

function invalid(fields: readonly FieldError[]): Problem {
  const first = fields[0];
  return new Problem(
    400,
    'validation_failed',
    first === undefined
      ? 'The input is not valid.'
      : `${first.message}${fields.length > 1 ? ` (and ${fields.length - 1} more)` : ''}.`,
    { errors: fields },
  );
}

/** A named parameter (`@Param('id')`) comes without the name that its path should begin with. */
const within = (name: string | undefined, { path, message }: FieldError): FieldError =>
  name === undefined ? { path, message } : { path: path === '' ? name : `${name}.${path}`, message };

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function flatten(error: ValidationError, prefix: string): FieldError[] {
  const path = prefix === '' ? error.property : `${prefix}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path))];
}
