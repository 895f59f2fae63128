import { describe, expect, it } from '@jest/globals';
import { jsonIn, withSchemaInWords } from './structured.js';

describe('JSON in what a model wrote', () => {
  it.each([
    ['{"a":1}'],
    [' \n{"a": 1}\n'],
    ['```json\n{"a":1}\n```'],
    ['```\n{"a":1}\n```\nThat is all.'],
    ['Here it is:\n```JSON\n{"a":1}```'],
    ['Sure! {"a":1} I hope that helps.'],
    ['<think>The user wants {"a":2}.</think>\n{"a":1}'],
  ])('is found in %j', (text) => {
    expect(jsonIn(text)).toEqual({ a: 1 });
  });

  it.each([
    ['[1, 2]', [1, 2]],
    ['The list: [{"a":1}].', [{ a: 1 }]],
    ['{"code":"```js\\nx```"}', { code: '```js\nx```' }],
  ])('of other shapes is found in %j', (text, value) => {
    expect(jsonIn(text)).toEqual(value);
  });

  it.each(['', 'red', '"red"', '{"a":', 'a } before {', '{a: 1}'])('is not found in %j', (text) => {
    expect(() => jsonIn(text)).toThrow(SyntaxError);
  });
});

describe('a schema in words', () => {
  const schema = { name: 'x', jsonSchema: { type: 'object' }, parse: (value: unknown) => value };
  const { signal } = new AbortController();

  it('joins the system message there is, and is one where there is none', () => {
    const user = { role: 'user', content: 'Hi' } as const;
    const [joined, ...others] = withSchemaInWords(
      { messages: [{ role: 'system', content: 'Be brief.' }, user], signal },
      schema,
    ).messages;
    expect(joined?.content).toMatch(/^Be brief\.\n\n.*\n\{"type":"object"\}$/);
    expect(others).toEqual([user]);
    expect(withSchemaInWords({ messages: [user], signal }, schema).messages).toMatchObject([{ role: 'system' }, user]);
  });
});
