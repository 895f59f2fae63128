import { expect, it } from '@jest/globals';
import { asProblem } from './problem.filter.js';

it('tells a client to come back when the connection to the database is lost, by code or by the driver’s words', () => {
  for (const error of [
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('Client was closed and is not queryable'),
  ]) {
    expect(asProblem(error)).toMatchObject({ status: 503, code: 'database_unavailable' });
  }
  expect(asProblem(new Error('a defect'))).toBeNull();
  expect(asProblem(Object.assign(new Error('duplicate key'), { code: '23505' }))).toBeNull();
});
