import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { LRUCache } from 'lru-cache';
import { unstorable } from './plain-input.js';
import { type FieldError, Problem } from './problem.js';

/** Checks every body, query and parameter: unknown fields are refused, and one answer names all that is wrong. */
export const validation = (): ValidationPipe => new Validation();

/** Nearly all lists are asked for with one of a few queries, and checking one takes longer than most of what answers it. */
const MOST_QUERIES = 500;

class Validation extends ValidationPipe {
  private readonly queries = new LRUCache<string, object>({ max: MOST_QUERIES });
  private readonly kinds = new Map<unknown, number>();

  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      stopAtFirstError: true,
      validationError: { target: true, value: true },
      exceptionFactory: (errors) => invalid(errors.flatMap((error) => flatten(error, ''))),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return metadata.type === 'query' && metadata.data === undefined
      ? this.query(value, metadata)
      : this.check(value, metadata);
  }

  /** The same query of the same route gives the same, frozen, object. */
  private async query(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const kind = this.kinds.get(metadata.metatype) ?? this.kinds.size;
    this.kinds.set(metadata.metatype, kind);
    const key = `${kind} ${JSON.stringify(value)}`;
    const known = this.queries.get(key);
    if (known !== undefined) return known;
    const checked = await this.check(value, metadata);
    if (isObject(checked) && Object.values(checked).every((each) => typeof each !== 'object')) {
      this.queries.set(key, Object.freeze(checked));
    }
    return checked;
  }

  private check(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
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

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function flatten(error: ValidationError, prefix: string): FieldError[] {
  const path = prefix === '' ? error.property : `${prefix}.${error.property}`;
  const whole = wholeNumberMessage(error);
  const told = whole === null ? Object.values(error.constraints ?? {}) : [whole];
  const own = told.map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path))];
}

/** What is no whole number is too large and too small for all validators, of which one is named; null: that is not what is wrong. */
function wholeNumberMessage({ constraints = {}, target, property, value }: ValidationError): string | null {
  const isBound = ['isInt', 'min', 'max'].some((name) => name in constraints);
  if (!isBound || Number.isInteger(value) || target === undefined) return null;
  const rules = getMetadataStorage()
    .getTargetValidationMetadatas(target.constructor, '', false, false)
    .filter(({ propertyName }) => propertyName === property);
  const boundOf = (name: string): unknown => rules.find((rule) => rule.name === name)?.constraints?.[0];
  const [min, max] = [boundOf('min'), boundOf('max')];
  const isWhole = rules.some(({ name }) => name === 'isInt');
  return isWhole && typeof min === 'number' && typeof max === 'number'
    ? `${property} must be a whole number from ${min} to ${max}`
    : null;
}
