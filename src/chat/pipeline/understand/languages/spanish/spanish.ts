import type { LanguageData } from '../language-data.js';
import { ASKING, TALKING } from './asking.js';
import { FUNCTION_WORDS } from './function-words.js';
import { CHARTS, COMPARING, NUMBERS_AND_ORDER, SHARES_AND_CHANGES, STUDIES } from './measuring.js';
import { SPANISH_NOUNS } from './nouns.js';
import { TIME } from './times.js';

/** Spanish: adjectives stand behind the name they say something of, so that many lines begin with a name. */
export const SPANISH: LanguageData = {
  code: 'es',
  name: 'Spanish',
  decimal: ',',
  ordinalPoint: false,
  capitalNouns: false,
  yesNo: ['sí', 'no'],
  endings: 's es as os a o e',
  numbers: `cero=zero uno=one dos=two tres=three cuatro=four cinco=five seis=six siete=seven ocho=eight nueve=nine diez=ten once=eleven
    doce=twelve quince=fifteen veinte=twenty treinta=thirty cuarenta=forty cincuenta=fifty`,
  phrases: [TALKING, ASKING, FUNCTION_WORDS, NUMBERS_AND_ORDER, COMPARING, SHARES_AND_CHANGES, STUDIES, TIME, CHARTS],
  nouns: SPANISH_NOUNS,
  compounds: '',
};
