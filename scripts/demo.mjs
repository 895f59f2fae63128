/**
 * `npm run demo [-- URL]`: the five turns of README in the terminal, against a fresh instance or the one at URL.
 * Writes the charts as SVG files to demo-output/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drawing } from './lib/drawing.mjs';
import { freshInstance } from './lib/instance.mjs';
import { events } from './lib/sse.mjs';

const QUESTIONS = [
  'Show me education sector health in 2024',
  'Compare it with healthcare',
  'And in 2020?',
  'Which region is the lowest?',
  'Show that as a trend since 2015',
];
const STEPS = {
  intent: 'understanding',
  retrieval: 'reading the tables',
  analysis: 'analysing',
  visualization: 'drawing',
};
const output = path.resolve('demo-output');
const bold = (text) => `\x1b[1m${text}\x1b[0m`;
const faint = (text) => `\x1b[2m${text}\x1b[0m`;

const given = process.argv[2];
if (!given) console.log(faint('Starting a fresh Engram on an embedded database…'));
const instance = given ? { url: given.replace(/\/$/, ''), stop: async () => undefined } : await freshInstance();
try {
  await play(instance.url);
} finally {
  await instance.stop();
}

async function play(url) {
  const token = await account(url);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'text/event-stream' };
  mkdirSync(output, { recursive: true });
  let conversationId;
  for (const [index, query] of QUESTIONS.entries()) {
    console.log(`\n${bold(`› ${query}`)}`);
    const started = performance.now();
    const response = await fetch(`${url}/api/v1/chat/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, conversationId }),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    let message;
    for await (const { event, data } of events(response)) {
      if (event === 'message.stored') ({ conversationId } = data);
      if (event === 'step.started') process.stdout.write(faint(`  ${STEPS[data.name] ?? data.name}…`));
      if (event === 'message.completed') ({ message } = data);
      if (event === 'run.failed') throw new Error(data.error.message);
    }
    console.log(faint(` ${Math.round(performance.now() - started)} ms\n`));
    console.log(message.content);
    const { visualization } = message.metadata;
    if (!visualization) continue;
    console.log(`\n  ${bold(visualization.title)}`);
    for (const line of drawing(visualization.spec)) console.log(`  ${line}`);
    const file = path.join(output, `${index + 1}.svg`);
    const svg = await fetch(`${url}/api/v1/conversations/${conversationId}/messages/${message.id}/chart.svg`, {
      headers: { authorization: headers.authorization },
    });
    if (!svg.ok) throw new Error(`chart: ${svg.status}`);
    writeFileSync(file, await svg.text());
    console.log(faint(`  ${path.relative('.', file)}`));
  }
}

async function account(url) {
  const response = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `demo-${Date.now()}@example.com`, password: 'a demonstration only', name: 'Demo' }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`No account could be made at ${url}: ${body.detail}`);
  return body.accessToken;
}
