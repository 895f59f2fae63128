import { describe, expect, it } from '@jest/globals';
import { validation } from '../common/validation.js';
import { CreateReport } from './report.dto.js';

describe('what a report is asked by', () => {
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
