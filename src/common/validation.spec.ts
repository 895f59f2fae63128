import { describe, expect, it } from '@jest/globals';
import type { ArgumentMetadata } from '@nestjs/common';
import { ListQuery } from './page.dto.js';
import { validation } from './validation.js';

class ShorterList extends ListQuery {}

describe('validation of queries', () => {
  const pipe = validation();
  const check = (value: object, metatype: ArgumentMetadata['metatype'] = ListQuery): Promise<ListQuery> =>
    pipe.transform(value, { type: 'query', metatype }) as Promise<ListQuery>;

  it('gives the same query again, and another one for others', async () => {
    const first = await check({ limit: '7' });
    expect({ ...first }).toEqual({ limit: 7 });
    expect(await check({ limit: '7' })).toBe(first);
    expect(await check({ limit: '8' })).toMatchObject({ limit: 8 });
    expect(await check({ limit: '7' }, ShorterList)).toBeInstanceOf(ShorterList);
    expect(await check({})).toMatchObject({ limit: 20 });
  });

  it('gives what nobody can change for the next one', async () => {
    expect(Object.isFrozen(await check({ limit: '9' }))).toBe(true);
  });

  it('refuses what is wrong each time', async () => {
    for (let time = 0; time < 2; time++) {
      await expect(check({ limit: '0' })).rejects.toMatchObject({ code: 'validation_failed' });
      await expect(check({ unknown: '1' })).rejects.toMatchObject({ code: 'validation_failed' });
    }
  });
});
