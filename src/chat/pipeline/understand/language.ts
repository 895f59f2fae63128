/**
 * The language of a question by its function words, the words that are frequent in one language and rare in others.
 * Questions are too short for letter statistics, which take "Berlin revenue" for French.
 */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en: 'the of and is are was were what which who how many much show me by for with in on at to from than per each all it that this do does did have has had there list give average total compare',
  de: 'der die das den dem des ein eine einer und ist sind war waren was welche welcher welches wer wie viele zeige mir nach für mit im am zu von als pro jede alle es dass hat haben gibt nicht durchschnittliche',
  es: 'el la los las un una de del y es son fue fueron qué que cuál cuáles quién cómo cuántos cuántas muestra me por para con en al desde cada todos hay no más menos promedio',
  fr: 'le la les un une des du de et est sont était quel quelle quels quelles qui comment combien montre moi par pour avec dans sur au aux depuis chaque tous il y a pas plus moins moyenne',
  it: 'il lo la gli le un una di del della e è sono era quale quali chi come quanti quante mostra mi per con nel nella da ogni tutti ci non più meno media',
  pt: 'o a os as um uma de do da dos das e é são foi qual quais quem como quantos quantas mostre me por para com em no na desde cada todos há não mais menos média',
  nl: 'de het een en is zijn was waren wat welke wie hoe veel toon mij naar voor met in op te van dan per elke alle er heeft hebben niet gemiddelde',
};

const NAMES: Readonly<Record<string, string>> = {
  de: 'German',
  es: 'Spanish',
  fr: 'French',
  it: 'Italian',
  pt: 'Portuguese',
  nl: 'Dutch',
};

const languages = new Map<string, string[]>();
for (const [language, words] of Object.entries(FUNCTION_WORDS)) {
  for (const word of words.split(' ')) languages.set(word, [...(languages.get(word) ?? []), language]);
}

export const isFunctionWord = (word: string, language: string): boolean =>
  languages.get(word)?.includes(language) ?? false;

/** Of a sentence; names of places have fewer ("Los Angeles versus La Paz"). */
const LEAST_SHARE = 0.45;

/** Function words of each language in a question, and how many words it has. */
export function functionWords(question: string): {
  readonly counts: ReadonlyMap<string, number>;
  readonly all: number;
} {
  const counts = new Map<string, number>();
  const words = question.toLowerCase().match(/\p{L}+/gu) ?? [];
  for (const word of words) {
    for (const language of languages.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return { counts, all: words.length };
}

/** ISO 639-1. English unless nearly half of the words, and more than of English, are function words of another language. */
export function languageOf(question: string): string {
  const { counts, all } = functionWords(question);
  const english = counts.get('en') ?? 0;
  const [best = 'en', hits = 0] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  return hits >= LEAST_SHARE * all && hits >= 2 && hits > english ? best : 'en';
}

/** The language's English name, for telling a person that it is not understood; null for English. */
export const foreignName = (language: string): string | null => NAMES[language] ?? null;
