/** Of a message that goes on, this is enough to say what it is about. */
const LONGEST = 240;
const SHORTEST = 8;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/**
 * The sentences of a message, each as it is written there, without what stands around it in a list; code, tables and what is too short to say
 * anything are left out. A long one ends at a word's end, so that it is a part of the message all the same.
 */
export function sentencesOf(content: string): string[] {
  const prose = content.replaceAll(/```[\s\S]*?(?:```|$)/g, '\n');
  return prose.split(/[\r\n\u2028\u2029]+/).flatMap((line) => {
    if (/^\s*\|/.test(line)) return [];
    const text = line.replace(/^\s*(?:[-*+•>#]+|\d+[.)])\s+/, '');
    return [...segmenter.segment(text)].map(({ segment }) => shortened(segment.trim())).filter(saysSomething);
  });
}

const saysSomething = (sentence: string): boolean => sentence.length >= SHORTEST && /\p{L}[\s\S]*\p{L}/u.test(sentence);

function shortened(sentence: string): string {
  if (sentence.length <= LONGEST) return sentence;
  const end = sentence.lastIndexOf(' ', LONGEST);
  return sentence.slice(0, end > LONGEST / 2 ? end : LONGEST).replace(/[\ud800-\udbff]$/, '');
}
