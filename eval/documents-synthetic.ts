import { randomFrom } from '../test/support/random.js';
import type { MemoryData } from './memory-score.js';

/*
 * Documents of the same kind about different things: the same sentences with other names, which is what a search mistakes for
 * each other. Each question is put in other words than the fact that answers it.
 */

const NAMES =
  'Harlow Brindle Tessaro Quillby Ostrava Penmark Velden Carrow Juniper Saltash Morvane Eskdale Ludgate Firth Kestrel Rowan Ambler Dunmore Wexley Thorpe Galway Norrland Pellworm Ardenne Vasto Kirkby Lomond Selby Tarbert Ulster Yarrow Zennor Aldan Bexley Corfe Dervio Elgin Fowey Girvan Hexham'.split(
    ' ',
  );

interface Kind {
  fact(name: string, number: number): string;
  ask(name: string): string;
}
const KINDS: readonly Kind[] = [
  {
    fact: (name, n) => `The ${name} bridge was opened to traffic in ${1900 + n} after four years of work.`,
    ask: (name) => `When did the ${name} bridge open?`,
  },
  {
    fact: (name, n) => `Repairs of the ${name} pump cost ${n},000 euros, paid by the insurance.`,
    ask: (name) => `How much did it cost to repair the ${name} pump?`,
  },
  {
    fact: (name, n) => `Dr ${name} has led the laboratory for ${n} years.`,
    ask: (name) => `How long has Dr ${name} been leading the laboratory?`,
  },
  {
    fact: (name, n) => `Staff of the ${name} office may work from home ${n} days a month.`,
    ask: (name) => `On how many days can employees of the ${name} office work from home?`,
  },
  {
    fact: (name, n) => `The ${name} contract ends with a notice of ${n} days.`,
    ask: (name) => `What is the notice period of the ${name} contract?`,
  },
  {
    fact: (name, n) => `At ${name} station ${n} trains stop every day.`,
    ask: (name) => `How many trains stop at ${name} station per day?`,
  },
];

/** `documents` of them, with a question for each fact; the same for the same seed. */
export function syntheticDocuments(seed: number, documents: number): MemoryData {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const questions: MemoryData['questions'][number][] = [];
  const free = [...NAMES];
  const conversations = Array.from({ length: documents }, (_, document) => {
    const own = Array.from({ length: Math.floor(NAMES.length / documents) }, () =>
      free.splice(below(free.length), 1),
    ).flat();
    const messages = own.flatMap((name, at) =>
      KINDS.map(({ fact, ask }, kind) => {
        const id = `${document}/${at}/${kind}`;
        questions.push({
          id,
          conversationId: String(document),
          query: ask(name),
          category: `kind ${kind}`,
          evidence: [id],
        });
        return { id, role: 'user' as const, author: null, content: fact(name, 10 + below(80)) };
      }),
    );
    return {
      id: String(document),
      messages: messages
        .map((message) => ({ message, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ message }) => message),
    };
  });
  return { name: 'synthetic', conversations, questions };
}
