import { describe, expect, it } from '@jest/globals';
import { bodyText, jsonText, sentAs } from './json-text.js';

describe('jsonText', () => {
  it('writes what JSON.stringify writes', () => {
    const values: object[] = [
      {},
      { a: 1, b: 'ü"\n', c: null, d: undefined, e: [1, undefined, { f: 2 }], 'a "b"': { g: new Date(0) } },
      { toString: 1, constructor: 'own' },
      { when: new Date(0), nothing: () => 1, nested: { deep: { list: [[]] } } },
    ];
    for (const value of values) expect(jsonText(value, {})).toBe(JSON.stringify(value));
  });

  it('takes the text of members that are written already', () => {
    const inner = { x: [1, 2] };
    expect(jsonText({ a: 1, inner }, { inner: jsonText(inner, {}) })).toBe('{"a":1,"inner":{"x":[1,2]}}');
  });
});

describe('bodyText', () => {
  it('is the text given for a body, else its JSON', () => {
    const body = { a: 1 };
    expect(bodyText(body)).toBe('{"a":1}');
    sentAs(body, () => '{"b":2}');
    expect([bodyText(body), bodyText([null]), bodyText(null)]).toEqual(['{"b":2}', '[null]', 'null']);
  });
});
