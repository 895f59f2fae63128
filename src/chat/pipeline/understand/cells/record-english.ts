/* Words and patterns of English questions about records and their arithmetic. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words that a question about cells may hold without naming one. */
export const CARRIES_NO_NAME: ReadonlySet<string> = set(`
  a an the this that these those there here it its they them their both two three four five six last first previous prior same such
  is are was were be been being do does did done has have had can could would will should may
  of in on at to from for by with without between and or as than then so also during over per into within since until through
  what which who how much many when where whose whats that's
  year years month months quarter quarters date dates time times period periods day days annual december january february march april june july august september october november may
  ended ending end beginning start started
  value values amount amounts number numbers total sum figure figures level specific specifically exact again respectively
  difference differences change changes changed changing fluctuation variation variance increase increased decrease decreased decline declined growth grow grew grown
  rise rose fall fell drop dropped loss reduction net overall
  percent percentage percentages percents rate ratio ratios proportion portion share fraction quotient divided division multiplied times product plus minus less subtract added adding add including include included
  represent represents represented representation relation relative compared comparison relate related respect terms expressed considering regarding concerning due attributed
  average mean combined together all across altogether
  give tell show me please find calculate compute know want need get was're
  company companys now ok okay yes no not only just about more most least higher lower greater smaller larger
  were're 's s t final final's original respective
  million millions thousand thousands billion billions dollars dollar hundred hundreds usd us
  price prices performance stock market index payment payments projected expected
  one ones two 100 1 2 original initial starting earlier base
`);

/** Words that ask for arithmetic; each of them may also stand in the name of a line. */
export const OPERATOR_WORD =
  /^(differences?|changes?|changed|fluctuations?|variations?|increased?s?|decreased?s?|declined?s?|growth|grew|rise|rose|fall|fell|drop|dropped|reductions?|percent|percentages?|portions?|proportions?|ratios?|quotient|share|fraction|represent\w*|sum|total|average|mean)$/;

/** The question asks for a change in percent. */
export const PERCENT_CHANGE =
  /\b(percent(age)?|%|per cent|proportional|relative)\s+(of\s+)?(the\s+)?(net\s+)?(total\s+)?(change|increase|decrease|decline|growth|drop|reduction|rise|fall|variation|fluctuation|difference)\b|\bgrowth rates?\b|\b(rate|percentage) of (growth|change|increase|decrease|decline|return)\b|\b(change|increase|decrease|decline|growth|drop|rise)s?\b[^?]*\b(in|as a) (percent(age)?s?|%)( terms)?\b|\bby what (percent|percentage)\b|\bhow much (percent|%)|\bwhat (growth|increase|decrease|decline|change) rate\b|\b(rate|roi) (does|did) (this|that) represent\b|\bwhat percentage (change|increase|decrease)/;

/** The question relates one number to another. */
export const RELATION =
  /\brepresent|\bin relation to\b|\bas a (percent|percentage|portion|proportion|share|fraction|ratio) of\b|\bwhat (percent|percentage|portion|proportion|share|fraction)\b|\bratio\b|\bquotient\b|\bdivided by\b|\brelative to\b|\bover the (19|20)\d\d\b|\b(percent|percentage|portion|proportion|share|fraction) of\b|\bas (a )?(percent|percentage)\b|\baccount(s|ed)? for\b/;

export const DIFFERENCE =
  /\b(difference|change|changes|changed|fluctuation|variation|increase|increased|decrease|decreased|decline|declined|growth|grew|rise|rose|fall|fell|drop|dropped|reduction)\b|\bhow (much|many) (more|less|fewer|higher|lower|greater|larger|smaller|bigger)\b/;

export const SUM = /\b(sum|total|combined|altogether|together|added|in all)\b/;
export const AVERAGE = /\b(average|mean)\b/;

/** The answer is wanted in percent. */
export const IN_PERCENT = /\b(percent|percents|percentage|percentages|portion|proportion|share|fraction)\b|%/;

/** Nouns that stand for the result of an earlier subtraction. */
export const CHANGE_NOUN =
  /\b(this|that|the|these|those|such) (net )?(total )?(change|difference|fluctuation|increase|decrease|decline|growth|variation|rise|fall|drop|reduction)\b/;

/** Words that stand for an earlier answer. */
export const POINTER = /\b(this|that|these|those|it|its|they|them|the former|the latter|the result)\b/;

/** Two earlier answers are meant. */
export const PAIR =
  /\b(these|those|them|the two|both|two (values|years|numbers|amounts|figures|percentages|percents|ratios))\b|\b(during|over|in|for|within|between) (this|that|the|these|those)( \w+)? (time|period|years?|span|months?)\b/;

/** Everything the time axis holds. */
export const WHOLE_PERIOD =
  /\bover (the|this|that) (\w+[- ])?(year|month|quarter)s?( period)?\b|\b(entire|whole|full) period\b/;
