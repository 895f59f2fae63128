import { type JsonTypes, Tokenizer, TokenType } from '@streamparser/json';
import { Problem } from '../../common/problem.js';
import { MAX_DEPTH, tooDeep, type Value } from './flatten.js';

/** Parts of one record; more are no table's. */
const MAX_PARTS = 100_000;

type Token = Parameters<Tokenizer['onToken']>[0];

/** Leaves numbers that a double cannot hold exactly (long ids) as they are written. */
export class ExactTokenizer extends Tokenizer {
  protected override parseNumber(text: string): number {
    // The parser passes on what it gets from here without looking at it.
    return exactNumber(text) as JsonTypes.JsonPrimitive as number;
  }
}

export const exactNumber = (text: string): number | string =>
  text.length <= 15 || String(Number(text)) === text ? Number(text) : text;

/**
 * Puts one value together from its tokens, with bounds on its depth and size that hold while it grows: a document made to be
 * deep or wide ends its reading, not the process.
 */
export class ValueBuilder {
  private readonly stack: (Value[] | Record<string, Value>)[] = [];
  private readonly keys: (string | null)[] = [];
  private parts = 0;

  get isOpen(): boolean {
    return this.stack.length > 0;
  }

  /** The value when the token was its last; undefined while it is not whole. */
  push({ token, value }: Token): Value {
    switch (token) {
      case TokenType.LEFT_BRACE:
        return this.open(Object.create(null) as Record<string, Value>);
      case TokenType.LEFT_BRACKET:
        return this.open([]);
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        return this.close(token === TokenType.RIGHT_BRACKET);
      case TokenType.COMMA:
      case TokenType.COLON:
      case TokenType.SEPARATOR:
        return undefined;
      default:
        return this.leaf(value as Value);
    }
  }

  private open(container: Value[] | Record<string, Value>): undefined {
    if (this.stack.length >= MAX_DEPTH) throw tooDeep();
    this.count();
    this.stack.push(container);
    this.keys.push(null);
    return undefined;
  }

  private close(isList: boolean): Value {
    const container = this.stack.pop();
    const key = this.keys.pop();
    if (container === undefined || Array.isArray(container) !== isList || key !== null) throw malformed();
    return this.stack.length === 0 ? this.whole(container) : this.attach(container);
  }

  private leaf(value: Value): Value {
    this.count();
    const container = this.stack.at(-1);
    if (container === undefined) return this.whole(value);
    if (!Array.isArray(container) && this.keys.at(-1) === null) {
      if (typeof value !== 'string') throw malformed();
      this.keys[this.keys.length - 1] = value;
      return undefined;
    }
    return this.attach(value);
  }

  private attach(value: Value): undefined {
    const container = this.stack.at(-1);
    if (Array.isArray(container)) {
      container.push(value);
      return undefined;
    }
    const key = this.keys.at(-1);
    if (container === undefined || key === null || key === undefined) throw malformed();
    container[key] = value;
    this.keys[this.keys.length - 1] = null;
    return undefined;
  }

  private whole(value: Value): Value {
    this.parts = 0;
    return value;
  }

  private count(): void {
    if (++this.parts > MAX_PARTS) {
      throw new Problem(422, 'too_many_columns', `One record of the file has more than ${MAX_PARTS} values.`);
    }
  }
}

export const malformed = (where = ''): Problem =>
  new Problem(
    422,
    'json_malformed',
    `The file cannot be read as JSON${where}. Check it with a JSON tool, or send the table as CSV.`,
  );
