import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factLine } from './render-facts.js';

it('is one line that ends with the quoted statement, whatever the fact says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (statement) => {
      const line = factLine({ kind: 'remembered', statement, validFrom: new Date('2026-03-02T10:00:00Z') });
      expect(line).toMatch(/^remembered, said on 2026-03-02: "(?:[^"\\\n\r\u2028\u2029<>]|\\.)*"$/u);
      expect(JSON.parse(line.slice(line.indexOf('"')))).toBe(statement);
    }),
  );
});
