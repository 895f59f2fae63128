import type { Asked } from '../../turn.js';
import {
  AGGREGATE_WORDS,
  MONTHS,
  OPERATOR_WORDS,
  STOP_WORDS,
  SUPERLATIVES,
  TASK_WORDS,
  TIME_UNITS,
} from '../english.js';
import { functionWords, isFunctionWord, languageOf } from '../language.js';
import { fold } from '../tokens.js';
import { type Grammar, keysOf } from './grammar.js';
import { grammarFor, readLanguages } from './languages.js';
import { Names } from './names.js';
import { type Written, writtenIn } from './written.js';

const ENGLISH = [STOP_WORDS, TASK_WORDS, OPERATOR_WORDS, AGGREGATE_WORDS, SUPERLATIVES, MONTHS, TIME_UNITS];
const isEnglish = (word: string): boolean => isFunctionWord(word, 'en') || ENGLISH.some((words) => words.has(word));

/** Words of the language, of all that name nothing in the data: names of places have fewer. */
const LEAST_SHARE = 0.3;

/** What a question is written in, with the help of the data's names and of what was spoken before. */
type Said = Pick<Asked, 'question' | 'history' | 'datasets'>;

/**
 * ISO 639-1. A language that questions are read in is taken where more of the question's words are of its grammar than of the
 * English one; "2020?" is in the language of the question before it.
 */
export function languageSpoken({ question, history, datasets }: Said): string {
  const before = history.at(-1)?.understanding?.language ?? 'en';
  if (before === 'en' && !readLanguages.some((language) => mayBe(question, language))) return languageOf(question);
  const counts = readLanguages.flatMap((language) => {
    const grammar = grammarFor(language);
    if (grammar === null) return [];
    const { own, named, english, words } = count(question, grammar, datasets);
    // Nouns that name columns are said in any language: "Umsatz by Gebiet" is English.
    return [{ language, own: english > 0 ? own : own + named, english, words }];
  });
  const said = unnamed(question, datasets);
  const other = languageOf(said);
  const best = counts.reduce<(typeof counts)[number] | null>(
    (most, one) => (most === null || one.own > most.own ? one : most),
    null,
  );
  if (best === null) return other;
  const goesOn = counts.find(({ language }) => language === before);
  if (goesOn !== undefined && goesOn.own > 0 && goesOn.own >= best.own && goesOn.own >= goesOn.english) return before;
  // What shares its small words with Spanish has more of its own.
  const foreign = other !== 'en' && !readLanguages.includes(other);
  if (foreign && (functionWords(said).counts.get(other) ?? 0) > best.own) return other;
  if (best.own > best.english && best.own >= LEAST_SHARE * best.words) return best.language;
  if (goesOn !== undefined && goesOn.own >= goesOn.english) return before;
  return foreign ? other : 'en';
}

/** Whether any word is of the language's grammar and not of the English one: what most questions in English are spared the rest by. */
function mayBe(question: string, language: string): boolean {
  const grammar = grammarFor(language);
  if (grammar === null) return false;
  const own = ({ key, text }: Written): boolean => !isEnglish(fold(text)) && speaks(key, grammar);
  return writtenIn(question, grammar).some(
    (word) => word.kind === 'word' && (own(word) || isCompound(word.key, grammar)),
  );
}

const isCompound = (key: string, { compounds }: Grammar): boolean =>
  compounds.some(
    ({ starts, ends }) => key.length > starts.length + ends.length + 2 && key.startsWith(starts) && key.endsWith(ends),
  );

/** The question without names of several words, which have words of any language. */
function unnamed(question: string, datasets: Asked['datasets']): string {
  const grammar = grammarFor(readLanguages[0] ?? '');
  if (grammar === null) return question;
  const names = new Names(grammar, datasets);
  const words = writtenIn(question, grammar);
  const kept: string[] = [];
  for (let at = 0; at < words.length;) {
    const name = names.at(words, at, words.length);
    const several = name?.exact === true && name.to > at + 1;
    if (!several) kept.push(words[at]?.text ?? '');
    at = several ? name.to : at + 1;
  }
  return kept.join(' ');
}

/** Words of grammar of the language alone, nouns of it that name something in the data just so, and words of English alone. */
function count(
  question: string,
  grammar: Grammar,
  datasets: Asked['datasets'],
): { readonly own: number; readonly named: number; readonly english: number; readonly words: number } {
  const names = new Names(grammar, datasets);
  let [own, named, english, all] = [/[¿¡]/.test(question) && grammar.data.code === 'es' ? 2 : 0, 0, 0, 0];
  const words = writtenIn(question, grammar);
  for (let at = 0; at < words.length;) {
    const word = words[at];
    const name = names.at(words, at, words.length);
    const isOwn =
      word !== undefined &&
      (speaks(word.key, grammar) || names.compound(word) !== null) &&
      !(at > 0 && /^\p{Lu}\p{Ll}{0,2}$/u.test(word.text));
    const said = word !== undefined && (isEnglish(fold(word.text)) || means(word.key, grammar));
    const several = name?.exact === true && name.to > at + 1;
    if (word?.kind !== 'word' || several || (name?.exact === true && !isOwn && !said)) {
      at = name?.exact === true ? name.to : at + 1;
      continue;
    }
    all += 1;
    const isName = name?.exact === true && !isGrammar(word.key, grammar) && !isEnglish(fold(word.text));
    if (isOwn && !said && isName) named += 1;
    else if (isOwn && !said) own += 1;
    if (said && !isOwn && !isName) english += 1;
    at += 1;
  }
  return { own, named, english, words: all };
}

const isGrammar = (key: string, { numbers, endings, vocabulary }: Grammar): boolean =>
  numbers.has(key) || keysOf(key, endings).some((one) => vocabulary.has(one));

/** Whether a word is of the language, by itself or as one of its nouns; "product" is no "producto". */
function speaks(key: string, grammar: Grammar): boolean {
  const { endings, nounWords } = grammar;
  if (isGrammar(key, grammar)) return true;
  if (means(key, grammar)) return false;
  const isInflected = (ending: string): boolean => key.endsWith(ending) && nounWords.has(key.slice(0, -ending.length));
  return nounWords.has(key) || endings.some(isInflected);
}

const means = (key: string, { meaningWords }: Grammar): boolean =>
  meaningWords.has(key) || meaningWords.has(key.replace(/s$/, ''));
