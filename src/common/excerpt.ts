const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * The first words of a text on one line, at most `max` UTF-16 units, cut at a word's end. Where a single word (or a
 * language without spaces) fills most of it, between two characters. Empty when there is nothing to see.
 */
export function excerpt(text: string, max: number): string {
  // The head is enough, however long the text: white space before the first word is skipped without a copy per step.
  const start = text.search(/[^\s\p{Cc}]/u);
  if (start < 0) return '';
  const head = text.slice(start, start + max * 4);
  const line = head
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/\p{Cs}/gu, '') // half a character, where the head ends
    .trimEnd();
  if (line.length <= max) return line;
  const space = line.lastIndexOf(' ', max);
  return (space >= max / 2 ? line.slice(0, space) : wholeCharacters(line, max)).trimEnd();
}

function wholeCharacters(line: string, max: number): string {
  let end = 0;
  for (const { index, segment } of characters.segment(line)) {
    if (index + segment.length > max) break;
    end = index + segment.length;
  }
  return line.slice(0, end === 0 ? max : end);
}
