const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** English words that say how a sentence is built and not what it is about. */
export const ENGLISH_STOP_WORDS = list(
  `a about above after again against all also am an and any are aren't as at be because been before being below between
  both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further
  had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i i'd
  i'll i'm i've if in into is isn't it it's its itself just let's me more most my myself no nor not of off on once only or
  other our ours ourselves out over own same she she'd she'll she's should shouldn't so some such than that that's the their
  theirs them themselves then there there's these they they'd they'll they're they've this those through to too under until
  up very was wasn't we we'd we'll we're we've were weren't what what's when when's where where's which while who who's whom
  why why's will with won't would wouldn't you you'd you'll you're you've your yours yourself yourselves`,
);

/**
 * Languages told by their commonest words, under the name of PostgreSQL's Snowball dictionary for each (`german_stem`).
 * The dictionary leaves out its own, longer list of stop words.
 */
export const FUNCTION_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'german',
    list(
      'der die das und ist ich nicht ein eine einen mit auf für von zu den dem des wann wie wer wo was war wir mein meine habe hat sich auch es im am bei nach oder wurde über',
    ),
  ],
  [
    'french',
    list(
      'le la les et est je ne pas un une des du au aux avec pour dans sur que qui où quand quel quelle comment mon ma mes nous vous il elle ce cette été était sont avons ai',
    ),
  ],
  [
    'spanish',
    list(
      'el los las y es yo no un una unos con para por en que quién cuándo cómo dónde qué cuál mi mis nosotros fue era son del al se lo su está estaba tengo ha',
    ),
  ],
  [
    'italian',
    list(
      'il lo gli e è io non un una con per che chi quando come dove quale mio mia nostro era sono del della dei nel nella al si ho abbiamo stato di da',
    ),
  ],
  [
    'portuguese',
    list(
      'o os as e é eu não um uma com para por em que quem quando como onde qual meu minha nós foi era são do da dos das no na se ao está tenho você',
    ),
  ],
  [
    'dutch',
    list(
      'de het een en is ik niet met op voor van te wanneer hoe wie waar wat was wij mijn heb heeft zich ook bij naar of werd over dat die zijn er',
    ),
  ],
  [
    'swedish',
    list(
      'och är jag inte en ett med på för av till när hur vem var vad vi min mitt har sig också hos efter eller blev om att den det som',
    ),
  ],
]);

/** Languages told by their script alone. */
export const SCRIPTS: ReadonlyMap<string, RegExp> = new Map([
  ['russian', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['arabic', /\p{Script=Arabic}/u],
]);
