/** "Remember that …", "forget …", "don't remember …": what a user asks of the memory itself. */

const PLEASE = String.raw`(?:please\s+|can\s+you\s+|could\s+you\s+)?`;
const OF_MEMORY = String.raw`(?:\s*,)?(?:\s+(?:from|in)\s+(?:your\s+|the\s+)?memory|\s+please|\s+now)*[\s.!]*$`;

/** Up to where what is to be remembered begins. "Remember when …" and "do you remember …" ask for nothing to be kept. */
const REMEMBER = new RegExp(
  String.raw`^${PLEASE}(?:(?:remember|memori[sz]e|keep\s+in\s+mind|bear\s+in\s+mind|make\s+a\s+note|do\s+not\s+forget|don['’]t\s+(?:ever\s+)?forget|never\s+forget|always\s+remember)(?:\s+(?:also|too|this))?(?:\s+for\s+(?:me|later|next\s+time|the\s+future))?(?:\s*:\s*(?:that\s+)?|\s*,\s*that\s+|\s*,\s*(?=(?:I|I['’]\p{L}+|my|our|we)\s)|\s+that[:,]?\s+|\s+(?=(?:I|I['’]\p{L}+|my|our|we|we['’]\p{L}+)\s)))(?!(?:time|day|one\s+time|when|how|what|who|why|where|the\s+last|you\s+(?:said|told))\b)`,
  'iu',
);

const FORGET = new RegExp(
  String.raw`^${PLEASE}(?:forget|erase|delete|stop\s+remembering|(?:do\s+not|don['’]t)\s+(?:ever\s+)?(?:remember|save|store|memori[sz]e|keep))\s+(?:about\s+)?`,
  'i',
);
const SILENCE = /^(?:please\s+)?(?:do\s+not|don['’]t)\s+(?:ever\s+)?(?:remember|save|store|memori[sz]e|keep|learn)\b/i;
const ALL = new RegExp(
  String.raw`^(?:everything|all|anything|whatever)\s+(?:that\s+)?(?:(?:of\s+)?(?:what\s+)?you(?:['’]ve|\s+have)?\s+(?:know|knew|learned|learnt|remember|stored|saved)(?:\s+(?:about|of)\s+me)?|about\s+me|I(?:['’]ve|\s+have)?\s+(?:told|said\s+to)\s+you\s+about\s+(?:me|myself))${OF_MEMORY}`,
  'i',
);
/** "Forget it" is a figure of speech. */
const NOTHING = new RegExp(
  String.raw`^(?:it|that|this|these|those|me|everything|all|anything|about\s+it|the\s+last\s+(?:question|one|message))${OF_MEMORY}`,
  'i',
);
const TOLD =
  /^(?:that\s+)?(?:what|everything|anything|all|the\s+things?)\s+(?:that\s+)?I(?:['’]ve|\s+have)?\s+(?:said|told\s+you|mentioned)\s+(?:about|of|on)\s+/i;

/** What "my job" or "where I live" means by keys. */
const NAMED: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^(?:my|what my) (?:name|first name|full name)(?: is)?$|^what I(?: am|['’]m) called$/i, 'identity.name'],
  [/^(?:my age|how old I am|what my age is)$/i, 'identity.age'],
  [/^(?:my birthday|when my birthday is|when I was born)$/i, 'identity.birthday'],
  [
    /^(?:my (?:address|home|home town|hometown|city|residence|location)|where I(?: live|['’]m based| am based| am))$/i,
    'place.home',
  ],
  [/^(?:my origin|where I(?: come from|['’]m from| am from| was born| grew up))$/i, 'place.origin'],
  [/^(?:my time ?zone)$/i, 'place.time-zone'],
  [/^(?:where I work|who I work for|my (?:employer|company|workplace))$/i, 'work.place'],
  [/^(?:my (?:role|title|job title|position|profession|occupation)|what I do(?: for a living)?)$/i, 'work.role'],
  [/^(?:my (?:job|work)|what I work on)$/i, 'work.'],
  [/^(?:my (?:responsibility|responsibilities)|what I(?: am|['’]m) responsible for)$/i, 'work.responsibility'],
  [/^(?:all )?(?:of )?(?:my preferences|what I prefer)$/i, 'preference.'],
];

export type Forget =
  | { readonly of: 'all' }
  /** Facts whose key begins like this. */
  | { readonly of: 'key'; readonly prefix: string }
  | { readonly of: 'fact'; readonly key: string; readonly value: string }
  /** Facts that have all of these words. */
  | { readonly of: 'words'; readonly text: string };

/** Where in the clause what is to be remembered begins; null: nothing is. */
export function rememberAt(clause: string): number | null {
  const found = REMEMBER.exec(clause);
  return found === null || clause.slice(found[0].length).trim() === '' ? null : found[0].length;
}

/** What is to be forgotten; null: nothing is. */
export function forgetOf(clause: string): Forget | null {
  const found = FORGET.exec(clause);
  if (found === null) return null;
  const what = clause.slice(found[0].length).replace(new RegExp(OF_MEMORY, 'i'), '').trim();
  if (ALL.test(what)) return { of: 'all' };
  if (what === '' || NOTHING.test(what)) return null;
  const named = NAMED.find(([pattern]) =>
    pattern.test(
      what
        .replace(TOLD, 'my ')
        .replace(/^that\s+/i, '')
        .replace(/^my my /i, 'my '),
    ),
  );
  if (named !== undefined) return { of: 'key', prefix: named[1] };
  return { of: 'words', text: what.replace(TOLD, '').replace(/^that\s+/i, '') };
}

/** "Don't remember this": the message that says it teaches nothing. */
export const asksForSilence = (clause: string): boolean => SILENCE.test(clause);
