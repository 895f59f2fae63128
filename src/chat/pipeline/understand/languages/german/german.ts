import type { LanguageData } from '../language-data.js';
import { ASKING, TALKING } from './asking.js';
import { FUNCTION_WORDS } from './function-words.js';
import { CHARTS, COMPARING, NUMBERS_AND_ORDER, SHARES_AND_CHANGES, STUDIES } from './measuring.js';
import { GERMAN_NOUNS } from './nouns.js';
import { TIME } from './times.js';

/** German: names of the data keep their gender and case, so that all of this is about the words around them. */
export const GERMAN: LanguageData = {
  code: 'de',
  name: 'German',
  decimal: ',',
  ordinalPoint: true,
  capitalNouns: true,
  yesNo: ['ja', 'nein'],
  endings: 'e en em er es n s ern',
  numbers: `null=zero eins=one zwei=two drei=three vier=four fünf=five sechs=six sieben=seven acht=eight neun=nine zehn=ten elf=eleven
    zwölf=twelve fünfzehn=fifteen zwanzig=twenty dreissig=thirty vierzig=forty fünfzig=fifty`,
  phrases: [TALKING, ASKING, FUNCTION_WORDS, NUMBERS_AND_ORDER, COMPARING, SHARES_AND_CHANGES, STUDIES, TIME, CHARTS],
  nouns: GERMAN_NOUNS,
  compounds: `
    durchschnitts* = average *
    gesamt* = total *
    höchst* = highest *
    mindest* = minimum *
    maximal* = maximum *
    minimal* = minimum *
    median* = median *
    monats* = monthly *
    jahres* = yearly *
    tages* = daily *
    quartals* = quarterly *
    *anteil = share of *
    *anteile = share of *
    *summe = total *
    *durchschnitt = average *
    *entwicklung = * trend
    *trend = * trend
    *verlauf = * trend
    *wachstum = growth of *
    *verteilung = distribution of *
    *anzahl = number of *
    *vergleich = * comparison
  `,
};
