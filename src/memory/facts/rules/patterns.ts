import type { FactKind } from '../fact.entity.js';
import type { Shape } from './values.js';

/**
 * What people say of themselves, as data. A pattern is tried where a clause begins, up to where its value begins; the value
 * is what follows, in the pattern's shape. `{name}` in a statement is the pattern's group, `{value}` the value.
 * A change of what a rule finds is a new version of it: facts name the version that found them.
 */
export interface Rule {
  readonly id: string;
  readonly version: number;
  readonly kind: FactKind;
  /** What a newer fact of the same key supersedes; `{value}`: one fact for each value. */
  readonly key: string;
  readonly lead: RegExp;
  readonly shape: Shape;
  readonly statement: string;
  /** "I no longer …": it ends what the same key and value say, and teaches nothing else. */
  readonly ends?: true;
  /** Only where its sentence begins. */
  readonly firstOnly?: true;
  /** The whole value must look like this. */
  readonly value?: RegExp;
  /** The value must not begin like this. */
  readonly not?: RegExp;
}

const I_AM = String.raw`I(?:\s+am|['’]m)`;
const NOW = String.raw`(?:\s+(?:currently|now|presently|also|still|actually|mainly|mostly))?`;

/** Last words of what people are; "I'm a …" is said of much else ("a bit tired", "a big fan"). */
const OCCUPATION =
  `accountant|administrator|advisor|adviser|agronomist|analyst|anaesthetist|archaeologist|architect|artist|
  assistant|astronomer|attorney|auditor|author|baker|banker|barber|bartender|beekeeper|bioinformatician|biologist|blogger|
  bookkeeper|botanist|builder|butcher|buyer|carpenter|cashier|ceo|cfo|cto|chef|chemist|civil servant|cleaner|clerk|coach|
  columnist|composer|conductor|consultant|contractor|controller|coordinator|copywriter|counsellor|counselor|curator|dancer|
  data scientist|dentist|designer|developer|dietitian|diplomat|director|doctor|driver|ecologist|economist|editor|educator|
  electrician|engineer|entrepreneur|epidemiologist|executive|farmer|filmmaker|firefighter|florist|founder|freelancer|
  gardener|geographer|geologist|geophysicist|hairdresser|head teacher|headteacher|historian|hydrologist|illustrator|inspector|
  instructor|interpreter|investor|janitor|journalist|judge|lawyer|lecturer|librarian|linguist|machinist|manager|marketer|
  mathematician|mechanic|meteorologist|midwife|miner|minister|musician|neurologist|novelist|nurse|nutritionist|officer|
  official|operator|painter|paralegal|paramedic|pastor|pediatrician|pharmacist|photographer|physician|physicist|
  physiotherapist|pilot|planner|plumber|poet|policy maker|policymaker|politician|postdoc|producer|professor|programmer|
  project lead|psychiatrist|psychologist|publisher|realtor|receptionist|recruiter|reporter|representative|researcher|retiree|
  sailor|salesman|salesperson|saleswoman|scholar|scientist|sculptor|secretary|shopkeeper|singer|social worker|sociologist|
  software developer|soldier|solicitor|specialist|statistician|strategist|student|supervisor|surgeon|surveyor|tailor|teacher|
  team lead|technician|technologist|therapist|trainer|translator|tutor|undergraduate|veterinarian|vet|volunteer|waiter|
  waitress|welder|writer|zoologist`.replaceAll(/\s*\n\s*/g, '');
/** Words before an occupation, as in "senior data analyst", and not as in "friend of the manager". */
const MODIFIER = String.raw`(?!(?:bit|little|lot|big|huge|fan|friend|my|your|his|her|our|their|the|that|this|to|of|and|but|with|for|by|as|like|not|no|than|in|on|at|who|bad|terrible|horrible|good|great|former|ex|future|aspiring|would-be|retired)\s)[\p{L}&/+-]+(?:['’]s)?\s+`;
const A_JOB = String.raw`(?:an?|the)\s+(?=(?:${MODIFIER}){0,4}(?:${OCCUPATION})(?![\p{L}'’-]))`;
const AT_A_JOB = String.raw`(?:an?|the)\s+(?:${MODIFIER}){0,4}(?:${OCCUPATION})\s+`;

export const begins = (source: string): RegExp => new RegExp(`^(?:${source})`, 'iu');
const exactly = (source: string): RegExp => new RegExp(`^(?:${source})$`, 'iu');

const NO_WORKPLACE =
  /^(?:it|this|that|these|those|here|there|home|night|nights|day|weekends?|times|the (?:moment|morning|evening|afternoon|night|same|weekend|background|dark|following|new)|an? (?:team|group|project|new|different|similar|small group)|teams?|groups?|pairs?|shifts?|silence|progress|parallel|tandem|general|particular|practice|collaboration|partnership|my|our own|him|her|them|you|us|both|all|some|several|many|different|various|\d)\b/i;
const NO_CHARGE = /^(?:it|this|that|him|her|them|my own|myself|what|everything|anything)\b/i;

export const LANGUAGES =
  'English|German|French|Spanish|Italian|Portuguese|Dutch|Russian|Ukrainian|Polish|Czech|Greek|Turkish|Arabic|Persian|Farsi|Hebrew|Hindi|Urdu|Bengali|Tamil|Telugu|Chinese|Mandarin|Cantonese|Japanese|Korean|Vietnamese|Thai|Indonesian|Malay|Swahili|Amharic|Yoruba|Hausa|Swedish|Norwegian|Danish|Finnish|Hungarian|Romanian|Bulgarian|Serbian|Croatian|Catalan';

export const ruleOf = (rule: Omit<Rule, 'version'> & { readonly version?: number }): Rule => ({ version: 1, ...rule });

export const SELF_RULES: readonly Rule[] = [
  ruleOf({
    id: 'identity.name',
    kind: 'identity',
    key: 'identity.name',
    lead: begins(String.raw`my\s+(?:full\s+|first\s+)?name(?:\s+is|['’]s)\s+|${I_AM}\s+called\s+`),
    shape: 'name',
    statement: 'Is called {value}',
  }),
  ruleOf({
    id: 'identity.introduced',
    kind: 'identity',
    key: 'identity.name',
    lead: /^I(?: am|['’]m) (?=\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?,? (?:an? \p{L}|and I['’]m an? |from \p{Lu}))/u,
    shape: 'introduced',
    statement: 'Is called {value}',
  }),
  ruleOf({
    id: 'identity.call-me',
    kind: 'identity',
    key: 'identity.name',
    lead: /^(?:please\s+|you can\s+)?(?:[Cc]all me|[Pp]lease call me)\s+(?=\p{Lu})/u,
    shape: 'name',
    statement: 'Is called {value}',
  }),
  ruleOf({
    id: 'identity.age',
    kind: 'identity',
    key: 'identity.age',
    lead: begins(String.raw`${I_AM}${NOW}\s+(?=\d{1,3}(?:\s+years?\s+old\b|\s+and\b|\s*,|$))`),
    shape: 'number',
    statement: 'Is {value} years old',
  }),
  ruleOf({
    id: 'identity.birthday',
    kind: 'identity',
    key: 'identity.birthday',
    lead: /^[Mm]y birthday(?: is|['’]s) (?:on )?(?=(?:the )?(?:\d|\p{Lu}))/u,
    shape: 'phrase',
    statement: 'Has their birthday on {value}',
  }),
  ruleOf({
    id: 'identity.mother-tongue',
    kind: 'identity',
    key: 'identity.mother-tongue',
    lead: begins(String.raw`my\s+(?:native\s+language|mother\s+tongue|first\s+language)(?:\s+is|['’]s)\s+`),
    shape: 'phrase',
    value: exactly(LANGUAGES),
    statement: 'Speaks {value} as their first language',
  }),
  ruleOf({
    id: 'identity.speaks',
    kind: 'identity',
    key: 'identity.speaks:{value}',
    lead: begins(String.raw`I\s+(?:also\s+)?speak\s+(?:fluent\s+)?`),
    shape: 'phrase',
    value: exactly(LANGUAGES),
    statement: 'Speaks {value}',
  }),
  ruleOf({
    id: 'work.place',
    kind: 'work',
    key: 'work.place',
    lead: begins(
      String.raw`I${NOW}\s+work\s+(?<how>in|at|for)\s+|${I_AM}${NOW}\s+(?:working|employed)\s+(?<how2>in|at|for|by)\s+`,
    ),
    shape: 'phrase',
    not: NO_WORKPLACE,
    statement: 'Works {how} {value}',
  }),
  ruleOf({
    id: 'work.job-at',
    kind: 'work',
    key: 'work.place',
    lead: begins(String.raw`(?:${I_AM}${NOW}|I${NOW}\s+work\s+as)\s+${AT_A_JOB}(?<how>at|for|in)\s+`),
    shape: 'phrase',
    not: NO_WORKPLACE,
    statement: 'Works {how} {value}',
  }),
  ruleOf({
    id: 'work.joined',
    kind: 'work',
    key: 'work.place',
    lead: begins(
      String.raw`I(?:['’]ve|\s+have)?\s+(?:just\s+|recently\s+)?(?:started\s+(?:working|a\s+new\s+job)|got\s+a\s+(?:new\s+)?job)\s+(?<how>in|at|for)\s+`,
    ),
    shape: 'phrase',
    not: NO_WORKPLACE,
    statement: 'Works {how} {value}',
  }),
  ruleOf({
    id: 'work.employer',
    kind: 'work',
    key: 'work.place',
    lead: /^[Mm]y (?:employer|company|organi[sz]ation|ministry)(?: is(?: called)?|['’]s) (?=(?:the )?\p{Lu})/u,
    shape: 'phrase',
    statement: 'Works for {value}',
  }),
  ruleOf({
    id: 'work.role',
    kind: 'work',
    key: 'work.role',
    lead: begins(String.raw`(?:${I_AM}${NOW}(?:\s+\p{L}+,)?|I${NOW}\s+work\s+as|${I_AM}\s+working\s+as)\s+${A_JOB}`),
    shape: 'role',
    statement: 'Is a {value}',
  }),
  ruleOf({
    id: 'work.title',
    kind: 'work',
    key: 'work.role',
    lead: begins(
      String.raw`my\s+(?:job|job\s+title|role|position|profession|occupation)(?:\s+is|['’]s)\s+(?:an?\s+|the\s+)?`,
    ),
    shape: 'role',
    not: /^(?:to|not|in|at|on|about|very|so|too|going|being|getting|quite|pretty|really|hard|easy|fine|safe|boring|stressful|demanding|important|killing|what|that)\b/i,
    statement: 'Is a {value}',
  }),
  ruleOf({
    id: 'work.head-of',
    kind: 'work',
    key: 'work.responsibility',
    lead: begins(
      String.raw`${I_AM}${NOW}\s+(?<how>responsible\s+for|in\s+charge\s+of|the\s+head\s+of|head\s+of|accountable\s+for)\s+|I${NOW}\s+(?<how2>run|lead|head|manage)\s+(?=(?:the|our)\s+[\p{L}\s-]*(?:team|department|division|unit|office|ministry|agency|programme|program|school|hospital)\b)`,
    ),
    shape: 'phrase',
    not: NO_CHARGE,
    statement: 'Is responsible for {value}',
  }),
  ruleOf({
    id: 'work.left',
    kind: 'work',
    key: 'work.place',
    ends: true,
    lead: begins(
      String.raw`I\s+(?:no\s+longer|don['’]t|do\s+not)\s+work\s+(?:in|at|for)\s+|I(?:['’]ve|\s+have)?\s+(?:just\s+)?(?:left|quit)\s+(?:my\s+job\s+(?:in|at)\s+)?`,
    ),
    shape: 'phrase',
    not: /^(?:for|to|it|this|that|my (?!job)|the (?:house|office|room|party|door|window))\b/i,
    statement: 'No longer works for {value}',
  }),
  ruleOf({
    id: 'place.home',
    kind: 'place',
    key: 'place.home',
    lead: begins(
      String.raw`I${NOW}\s+live\s+in\s+|${I_AM}${NOW}\s+(?:living|based)\s+in\s+|I(?:['’]ve|\s+have)?\s+(?:just\s+|recently\s+)?moved\s+to\s+`,
    ),
    shape: 'place',
    statement: 'Lives in {value}',
  }),
  ruleOf({
    id: 'place.home-named',
    kind: 'place',
    key: 'place.home',
    lead: /^[Mm]y (?:home ?town|home|city) is (?:in )?(?=\p{Lu})/u,
    shape: 'place',
    statement: 'Lives in {value}',
  }),
  ruleOf({
    id: 'place.left',
    kind: 'place',
    key: 'place.home',
    ends: true,
    lead: begins(
      String.raw`I\s+(?:no\s+longer|don['’]t|do\s+not)\s+live\s+in\s+|I(?:['’]ve|\s+have)?\s+moved\s+(?:away\s+from|out\s+of)\s+`,
    ),
    shape: 'place',
    statement: 'No longer lives in {value}',
  }),
  ruleOf({
    id: 'place.origin',
    kind: 'place',
    key: 'place.origin',
    lead: /^(?:I(?: am|['’]m)(?: originally)? from|I come from|I was born in|I grew up in)\s+(?=(?:the )?\p{Lu})/u,
    shape: 'place',
    statement: 'Comes from {value}',
  }),
  ruleOf({
    id: 'place.time-zone',
    kind: 'place',
    key: 'place.time-zone',
    lead: begins(String.raw`my\s+time\s?zone(?:\s+is|['’]s)\s+`),
    shape: 'phrase',
    not: /^(?:not|different|the same|\w+ing)\b/i,
    statement: 'Is in the time zone {value}',
  }),
];
