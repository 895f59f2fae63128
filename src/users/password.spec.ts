import { describe, expect, it } from '@jest/globals';
import { hashPassword, NOBODYS_HASH, passwordFits } from './password.js';

describe('passwords', () => {
  it('fit their own hash only, however their characters are composed', async () => {
    const hash = await hashPassword('caf\u00e9 au lait');
    expect(await passwordFits('cafe\u0301 au lait', hash)).toBe(true);
    expect(await passwordFits('cafe au lait', hash)).toBe(false);
    expect(await hashPassword('caf\u00e9 au lait')).not.toBe(hash);
  });

  it('cost the same to check when there is no account', async () => {
    const cost = (hash: string) => hash.split('$').slice(0, 4).join('$');
    expect(cost(NOBODYS_HASH)).toBe(cost(await hashPassword('any password')));
    expect(await passwordFits('any password', null)).toBe(false);
  });
});
