import { conversationId, conversationOf, tokenOf, USERS } from './population.js';

/** One request of a load. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly body?: string;
  /** Told the answer's body, for loads whose next request depends on it. */
  readonly answered?: (body: string) => void;
}

export const OPERATIONS = ['store', 'turn', 'list', 'last'] as const;
export type Operation = (typeof OPERATIONS)[number];

export const LABELS: Readonly<Record<Operation, string>> = {
  store: 'storing a turn',
  turn: 'a whole analytical turn',
  list: 'the list (20)',
  last: 'the last 10 messages',
};

const ANSWER = `The average was 51.9 points over 141 countries, 2.1 points more than the year before. ${'One region stands out: it is well above the others, and most of the change comes from it. '.repeat(4)}`;

export const storeBody = (): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'How did this region do in 2020, and is that usual for it?' },
      { role: 'assistant', content: ANSWER },
    ],
  });

/** Conversations about the sample data, first questions and follow-ups; asked over and over in different years. */
const TALKS = [
  [
    'Show me education sector health in {y}',
    'Compare it with healthcare',
    'And in {z}?',
    'Which region is the lowest?',
    'Show that as a trend since 2015',
  ],
  ['Average healthcare score by region in {y}', 'Only the three highest', 'The same for education'],
  ['Which ten countries have the best economy score in {y}?', 'And the worst?', 'What about {z}?'],
  ['How many countries have an infrastructure score in {y}?', 'By income group', 'As a pie chart'],
  ['Show the trend of the economy score since 2015', 'For Sub-Saharan Africa only', 'Compare with South Asia'],
] as const;

const year = (random: () => number): string => String(2015 + Math.floor(random() * 9));

/** An endless stream of calls of one kind, as one connection makes them. */
export function caller(operation: Operation, tokens: readonly string[], random: () => number): () => Call {
  const someone = () => 1 + Math.floor(random() * USERS);
  const token = (user: number) => tokens[user - 1] ?? tokenOf(user);
  if (operation === 'turn') return talker(someone, token, random);
  return () => {
    const user = someone();
    const messages = `/api/v1/conversations/${conversationId(conversationOf(user, random))}/messages`;
    switch (operation) {
      case 'store':
        return { method: 'POST', path: messages, token: token(user), body: storeBody() };
      case 'list':
        return { method: 'GET', path: '/api/v1/conversations?limit=20', token: token(user) };
      case 'last':
        return { method: 'GET', path: `${messages}?limit=10`, token: token(user) };
    }
  };
}

/** Asks the questions of one talk after the other, each talk in a new conversation of some user. */
function talker(someone: () => number, token: (user: number) => string, random: () => number): () => Call {
  let user = 0;
  let talk: readonly string[] = [];
  let place = 0;
  let conversation: string | undefined;
  return () => {
    if (place >= talk.length || (place > 0 && conversation === undefined)) {
      user = someone();
      talk = TALKS[Math.floor(random() * TALKS.length)] ?? [];
      place = 0;
      conversation = undefined;
    }
    const query = (talk[place++] ?? '').replace('{y}', year(random)).replace('{z}', year(random));
    return {
      method: 'POST',
      path: '/api/v1/chat/messages',
      token: token(user),
      body: JSON.stringify({ query, ...(conversation !== undefined && { conversationId: conversation }) }),
      answered: (body) => {
        conversation = /"conversationId":"([0-9a-f-]{36})"/.exec(body)?.[1];
      },
    };
  };
}
