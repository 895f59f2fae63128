import { expect, it } from '@jest/globals';
import { Problem } from './problem.js';
import { problemBody } from './problem-body.js';
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

it('says which type a body should have', () => {
  const error = Object.assign(new Error('Unsupported Media Type'), { statusCode: 415 });
  expect(asProblem(error)).toMatchObject({ status: 415, detail: expect.stringContaining('application/json') });
});

it('shortens what input of any depth makes long', () => {
  const path = `where.${'not.'.repeat(3_000)}left`;
  const problem = new Problem(400, 'validation_failed', `${path}: is wrong.`, {
    errors: [{ path, message: 'is wrong' }],
  });
  const { body } = problemBody(problem, { id: '1', url: '/' });
  expect(JSON.stringify(body).length).toBeLessThan(6_000);
  expect(body.errors[0]?.path).toMatch(/^where\.not.+….+left$/);
});
