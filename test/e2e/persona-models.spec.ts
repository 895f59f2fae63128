import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../src/database/db.js';
import { Persona } from '../../src/personas/persona.entity.js';
import { PersonasService } from '../../src/personas/personas.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { administrator, type Client, type Json, registered } from '../support/client.js';

const PERSONAS = '/api/v1/personas';
const persona = {
  name: 'energy_advisor',
  displayName: 'Energy Advisor',
  systemPrompt: 'You are the Energy Advisor.',
  color: '#F59E0B',
  icon: 'bolt',
};

let app: TestApp;
let admin: Client;
let user: Client;

describe('the language model of a persona', () => {
  beforeAll(async () => {
    app = await startApp({
      LLM_PROVIDERS: 'local,cloud',
      LLM_LOCAL_BASE_URL: 'http://127.0.0.1:1/v1',
      LLM_LOCAL_MODEL: 'small',
      LLM_CLOUD_BASE_URL: 'http://127.0.0.1:2/v1',
      LLM_CLOUD_MODEL: 'large',
    });
    [admin, user] = await Promise.all([administrator(app), registered(app)]);
  });
  afterAll(() => app.close());

  it('is the default one unless an administrator chooses another, and every choice is a version', async () => {
    const made = await admin.ok('POST', PERSONAS, persona);
    expect(made).toMatchObject({ model: null, temperature: null });
    const path = `${PERSONAS}/${String(made['id'])}`;
    const chosen = { model: 'cloud/huge', temperature: 0.2 };
    expect(await admin.ok('PATCH', path, chosen)).toMatchObject({ ...chosen, version: 2 });
    expect(await admin.ok('PATCH', path, chosen)).toMatchObject({ version: 2 });
    expect(await admin.ok('GET', path)).toMatchObject(chosen);
    expect(await app.app.get(PersonasService).find(persona.name)).toMatchObject(chosen);
    expect(await admin.ok('PATCH', path, { model: null })).toMatchObject({ model: null, temperature: 0.2 });
    const { data } = await admin.ok<{ data: { content: Json }[] }>('GET', `${path}/versions`);
    expect(data.map(({ content: { model, temperature } }) => [model, temperature])).toEqual([
      [null, 0.2],
      ['cloud/huge', 0.2],
      [null, null],
    ]);
  });

  it('may be chosen from the start', async () => {
    const chosen = { ...persona, name: 'chooser', model: 'small', temperature: 2 };
    expect(await admin.ok('POST', PERSONAS, chosen)).toMatchObject(chosen);
  });

  it('is none of a version from before there was a choice', async () => {
    const { data } = await admin.ok<{ data: { content: Json }[] }>('GET', `${PERSONAS}/digital_twin_designer/versions`);
    expect(data[0]?.content).toMatchObject({ model: null, temperature: null });
  });

  it('is not shown to users', async () => {
    const shown = await user.ok('GET', `${PERSONAS}/digital_twin_designer`);
    expect(shown).not.toHaveProperty('model');
    expect(shown).not.toHaveProperty('temperature');
  });

  it('must be of a provider that is set up', async () => {
    const wrong = { model: 'clout/huge' };
    for (const answer of [
      await admin.call('POST', PERSONAS, { ...persona, name: 'wrong', ...wrong }),
      await admin.call('PATCH', `${PERSONAS}/digital_twin_designer`, wrong),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([422, 'model_unknown']);
      expect(answer.body['detail']).toContain('local, cloud');
    }
    expect((await admin.call('GET', `${PERSONAS}/wrong`)).status).toBe(404);
  });

  it('may be of a provider that is gone since, while everything else is edited', async () => {
    const { id } = await admin.ok('POST', PERSONAS, { ...persona, name: 'left_behind', model: 'cloud/huge' });
    await app.app.get(Db).manager.update(Persona, { id }, { model: 'vanished/huge' });
    const path = `${PERSONAS}/${String(id)}`;
    expect(await admin.ok('PATCH', path, { icon: 'sun', model: 'vanished/huge' })).toMatchObject({
      icon: 'sun',
      model: 'vanished/huge',
    });
    expect((await admin.call('PATCH', path, { model: 'vanished/other' })).status).toBe(422);
    expect(await admin.ok('PATCH', path, { model: 'local/small' })).toMatchObject({ model: 'local/small' });
  });

  it.each<[string, Json]>([
    ['model', { model: '' }],
    ['model', { model: 'two words' }],
    ['model', { model: 7 }],
    ['temperature', { temperature: -0.1 }],
    ['temperature', { temperature: 2.1 }],
    ['temperature', { temperature: 0.123 }],
    ['temperature', { temperature: 1e-320 }],
    ['temperature', { temperature: '0.2' }],
  ])('is not stored with a wrong %s: %j', async (field, wrong) => {
    const answer = await admin.call('PATCH', `${PERSONAS}/digital_twin_designer`, wrong);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ path: field })] }),
    ]);
  });
});
