import { afterAll, beforeAll, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Client, registered } from '../support/client.js';
import { fileForm } from '../support/upload.js';
import { readFileSync } from 'node:fs';

let app: TestApp;
let user: Client;
beforeAll(async () => {
  app = await startApp();
  user = await registered(app);
});
afterAll(() => app.close());
const customers = ['id,name,segment,country,credit_limit,signup_date'];
const names = ['Acme', 'Bolt', 'Cobalt', 'Delta', 'Echo', 'Fable', 'Gusto', 'Helix'];
names.forEach((n, i) => customers.push(`${i + 1},${n},${['Enterprise', 'Small business', 'Public sector'][i % 3]},${['Norway', 'Sweden', 'Denmark', 'Norway'][i % 4]},${(i + 1) * 1000},2020-0${i + 1}-10`));
const orders = ['order_id,order_date,customer_id,product,quantity,revenue'];
for (let i = 0; i < 60; i++) orders.push(`${1000 + i},202${3 + (i % 2)}-0${(i % 9) + 1}-11,${i % 20 === 7 ? 99 : (i * 7) % 8 + 1},${['Lamp', 'Desk', 'Chair'][i % 3]},${(i % 5) + 1},${((i * 37) % 90) + 10}`);
it('shows', async () => {
  const up = async (content: string, title: string) => (await user.ok<{ id: string }>('POST', '/api/v1/datasets', fileForm(content, { title }))).id;
  await up(customers.join('\n'), 'Customers');
  const o = await up(orders.join('\n'), 'Orders');
  const { data } = await user.ok<{ data: any[] }>('GET', `/api/v1/datasets/${o}/relations`);
  console.log(JSON.stringify(data, null, 1));
  for (const talk of JSON.parse(readFileSync('/tmp/j/talks.json', 'utf8'))) {
    let conversationId: string | undefined;
    for (const q of talk) {
      if (q === '!confirm') { await user.ok('PATCH', `/api/v1/datasets/${o}/relations/${data[0].id}`, { status: 'confirmed' }); continue; }
      const t = await user.ok<any>('POST', '/api/v1/chat/messages', { query: q, ...(conversationId && { conversationId }) });
      conversationId = t.conversationId;
      const m = t.message.metadata;
      process.stdout.write(`› ${q}\n${t.message.content}\n   [${m.refusal?.code ?? ''} ${m.grounded ? m.grounded.supported + '/' + m.grounded.numbers : JSON.stringify(m.grounded)} ${m.intent?.kind} ${m.intent?.confidence}] ${t.evidence.primary ? JSON.stringify(t.evidence.primary.query.select.map((s: any) => s.value)).slice(0, 200) + ' ' + JSON.stringify(t.evidence.primary.query.where ?? '').slice(0,200): ''} edits ${JSON.stringify(m.edits)}\n\n`);
    }
    process.stdout.write('----\n');
  }
});
