const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** The sentences of a text, each literally in it, without white space around. A line ends a sentence, too. */
export const cleaned = (text: string): string[] =>
  [...segmenter.segment(text)].flatMap(({ segment }) =>
    segment
      .split('\n')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
