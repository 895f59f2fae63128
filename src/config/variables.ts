/** One environment variable: how it reads, what it is when unset, and what `.env.example` says of it. */
export interface Variable<T> {
  readonly about: string;
  /** Shown in `.env.example`; empty when there is none. */
  readonly example: string;
  readonly fallback: T;
  /** Throws a sentence that says what would be right. */
  parse(text: string): T;
}

export function integer(about: string, fallback: number, min: number, max: number): Variable<number> {
  return {
    about,
    fallback,
    example: String(fallback),
    parse(text) {
      const value = Number(text);
      if (!Number.isInteger(value) || value < min || value > max) {
        throw new Error(`a whole number from ${min} to ${max}`);
      }
      return value;
    },
  };
}

export function oneOf<const T extends string>(about: string, fallback: T, choices: readonly T[]): Variable<T> {
  return {
    about,
    fallback,
    example: fallback,
    parse(text) {
      const found = choices.find((choice) => choice === text);
      if (found === undefined) throw new Error(`one of ${choices.join(', ')}`);
      return found;
    },
  };
}

export function text(
  about: string,
  example = '',
  rule: { readonly test: (value: string) => boolean; readonly hint: string } = { test: () => true, hint: '' },
): Variable<string | null> {
  return {
    about,
    fallback: null,
    example,
    parse(value) {
      if (!rule.test(value)) throw new Error(rule.hint);
      return value;
    },
  };
}

export function list(about: string, example: string): Variable<readonly string[]> {
  return {
    about,
    fallback: [],
    example,
    parse: (value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
}

export function flag(about: string, fallback: boolean): Variable<boolean> {
  const base = oneOf(about, fallback ? 'true' : 'false', ['true', 'false']);
  return { about, fallback, example: base.example, parse: (value) => base.parse(value) === 'true' };
}

/** Named parts of a whole, each 0–1 and 1 together at most: `facts=0.1,window=0.5`. Those that are not named keep their own. */
export function shares<K extends string>(
  about: string,
  fallback: Readonly<Record<K, number>>,
): Variable<Readonly<Record<K, number>>> {
  const text = (values: Readonly<Record<K, number>>): string =>
    Object.entries<number>(values)
      .map(([name, share]) => `${name}=${share}`)
      .join(',');
  return {
    about,
    fallback,
    example: text(fallback),
    parse(given) {
      const named = given.split(',').map((part) => part.split('=').map((side) => side.trim()));
      const isShare = ([name = '', share = '', ...more]: string[]): boolean =>
        Object.hasOwn(fallback, name) && more.length === 0 && /^(?:0?\.\d+|[01](?:\.0*)?)$/.test(share);
      const values = { ...fallback, ...Object.fromEntries(named.map(([name, share]) => [name, Number(share)])) };
      const whole = Object.values<number>(values).reduce((sum, share) => sum + share, 0);
      if (!named.every(isShare) || whole > 1 + 1e-9) {
        throw new Error(`shares from 0 to 1 that make 1 at most together, such as ${text(fallback)}`);
      }
      return values;
    },
  };
}
