import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newRefreshToken, newSalt, nextRefreshToken, parseRefreshToken, refreshTokenText } from './refresh-token.js';

describe('a refresh token', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (user, session) => {
        const token = newRefreshToken(user, session);
        expect(parseRefreshToken(refreshTokenText(token))).toEqual(token);
      }),
    );
  });

  it('has one text only: a changed character makes it another token, or none', () => {
    const text = refreshTokenText(newRefreshToken(fc.sample(fc.uuid(), 1)[0] ?? '', fc.sample(fc.uuid(), 1)[0] ?? ''));
    const same = parseRefreshToken(text);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 2 }), (at, other) => {
        fc.pre(!text.startsWith(other, at));
        expect(parseRefreshToken(text.slice(0, at) + other + text.slice(at + 1))).not.toEqual(same);
      }),
    );
  });

  it('is null for any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseRefreshToken(text)).toBeNull()));
  });

  it('has the same successor under the same salt, and another under another', () => {
    const token = newRefreshToken('019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4d', '019a9d3c-7b1e-7c34-9d5e-0f6f1a2b3c4e');
    const salt = newSalt();
    const next = nextRefreshToken(token, salt);
    expect(next).toEqual(nextRefreshToken(token, salt));
    expect(next).not.toEqual(nextRefreshToken(token, newSalt()));
    expect({ ...next, secret: null }).toEqual({ ...token, secret: null });
    expect(next.secret).not.toEqual(token.secret);
  });
});
