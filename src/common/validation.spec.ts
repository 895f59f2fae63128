import { describe, expect, it } from '@jest/globals';
import type { ArgumentMetadata } from '@nestjs/common';
import { CreateReport } from '../reports/report.dto.js';
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

describe('validation of a body', () => {
  const id = '019ab0c1-5a10-7d2c-9a41-0c9e8d7f6b51';
  const check = (more: object): Promise<unknown> =>
    validation().transform({ source: { kind: 'dataset', id }, ...more }, { type: 'body', metatype: CreateReport });

  it.each([null, '5', 2.5, 'many', true])('says of %p that it is no whole number', async (rows) => {
    await expect(check({ rows })).rejects.toMatchObject({
      detail: 'rows must be a whole number from 1 to 100.',
      extra: { errors: [{ path: 'rows', message: 'rows must be a whole number from 1 to 100' }] },
    });
  });

  it('says of a whole number which bound it is beyond', async () => {
    await expect(check({ rows: 101 })).rejects.toMatchObject({ detail: 'rows must not be greater than 100.' });
    await expect(check({ rows: 100 })).resolves.toMatchObject({ rows: 100 });
  });
});
