const OPENING = String.raw`(?:(?:no|nope|sorry|oh|wait|actually|rather|pardon)\b[ ,.!]*|i (?:mean|meant)\b[ ,:]*)`;
/** "Not 2024, 2020": what stood before is taken back. */
const BEFORE = new RegExp(
  String.raw`^(\s*${OPENING}*)(not [^,;.]{1,60}[,;.]\s*(?:but\b|rather\b|i meant?\b|it is\b)?)(?=\s*\S)`,
  'iu',
);
/** "I meant Sweden, not Norway": said as a correction, so that nothing is left out. */
const AFTER = new RegExp(
  String.raw`^(\s*${OPENING}+[^,;]{1,80}?)([,;]?\s*(?:and |but )?(?:not|instead of) [^,;]{1,60})$`,
  'iu',
);

/** A correction without the words that only take back what was asked before, every other word where it was. */
export function withoutTakenBack(question: string): string {
  const before = BEFORE.exec(question);
  if (before !== null) {
    const [, lead = '', gone = ''] = before;
    return lead + ' '.repeat(gone.length) + question.slice(lead.length + gone.length);
  }
  const after = AFTER.exec(question);
  return after === null ? question : (after[1] ?? question);
}
