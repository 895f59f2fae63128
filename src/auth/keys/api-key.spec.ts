import { expect, it } from '@jest/globals';
import { keyText, newKey, parseKey } from './api-key.js';

it('reads back the keys that it makes, and nothing else', () => {
  for (let made = 0; made < 200; made++) {
    const key = newKey();
    expect(parseKey(keyText(key))).toEqual(key);
  }
  const text = keyText(newKey());
  for (const other of [
    '',
    'ek_',
    text.slice(1),
    text.slice(0, -1),
    `${text}x`,
    text.replace('ek_', 'sk_'),
    ` ${text}`,
  ]) {
    expect(parseKey(other)).toBeNull();
  }
});
