/* Words of English that mean nearly the same in tables' headers and in questions. General vocabulary, nothing of one data set. */

const groups = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s*\|\s*/));

/** Each line: words or short phrases that may stand for each other when a column is named. */
export const SYNONYMS: readonly (readonly string[])[] = groups(`
  sex | gender
  country | nation
  nationality | ethnicity | citizenship
  price | cost | costs
  weight | weigh | weighs | mass
  height | tall | altitude | elevation
  age | old | ages
  salary | wage | pay | income
  earnings | earn | earned | earner | winnings | prize money | money
  revenue | sales | turnover | income
  sales | revenue | turnover
  total | revenue | sales | turnover | order value
  total amount | revenue | sales | turnover | order value
  total price | revenue | sales | turnover | order value
  order total | revenue | sales | turnover | order value
  population | people live | inhabitants | residents
  name | title | called | full name
  type | kind | category | sort
  address | live | lives | residence
  phone | telephone | phone number | mobile number
  email | e mail | mail
  date of birth | birth date | birthday | dob | birth | born
  birth year | born | year of birth
  birth place | birthplace | born | place of birth
  head of state | leader | president | ruler
  rank | ranking | position | place | standing
  finish | place | position | result
  founded | established | creation | founding | foundation
  start date | start | began | beginning
  end date | end | ended
  location | place | located | where
  venue | stadium | place | location
  city | town | municipality
  state | province
  area | size
  surface area | area | size
  description | details
  quantity | amount | number | units | units sold | pieces
  amount | sum | value
  number | no | num | nr | count
  students | enrollment | enrolled
  enrollment | enrolment | students
  capacity | seats | seating
  attendance | attended | attendees | spectators | crowd
  result | outcome | score
  score | points | result
  points | score
  opponent | against | versus
  rating | rated | rate
  language | spoken | speak
  author | writer | written by
  director | directed by | directed
  publisher | published by
  manufacturer | maker | make | made by
  profession | job | occupation
  department | dept
  instructor | teacher | professor | lecturer
  company | firm | business
  film | movie
  episode | episodes
  share | percentage | percent
  percent | percentage | pct | share
  temperature | temp
  precipitation | rain | rainfall
  duration | length | time | runtime | how long
  length | long | duration
  distance | far
  speed | fast
  date | when | day
  year | when
  time | when
  killed | deaths | dead | casualties | death toll
  deaths | killed | died | casualties | death toll
  injured | wounded | injuries
  wins | won | victories
  losses | lost | defeats
  goals | scored
  winner | won | champion
  team | club | squad
  party | political party
  votes | voted
  net worth | wealth | worth | fortune
  profit | profits | earnings
  market value | value
  life expectancy | lifespan
  destination | go to | going to | arrive
  origin | depart | departing
  release | released | release year
  album | record
  song | single | track
  first name | given name | forename
  last name | surname | family name
  identifier | id
  code | codes
  status | state
  nickname | nicknames
  mascot | nickname
  religion | denomination | affiliation
  member | members
`);

/** Header shorthand → what people say. Looked up for each word of a column name. */
export const ABBREVIATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['fname', ['first name']],
  ['lname', ['last name', 'surname', 'family name']],
  ['mname', ['middle name']],
  ['dob', ['date of birth', 'birth date', 'birthday']],
  ['qty', ['quantity']],
  ['amt', ['amount']],
  ['num', ['number']],
  ['no', ['number']],
  ['nr', ['number']],
  ['nbr', ['number']],
  ['pct', ['percent', 'percentage']],
  ['perc', ['percent', 'percentage']],
  ['avg', ['average']],
  ['dept', ['department']],
  ['addr', ['address']],
  ['desc', ['description']],
  ['loc', ['location']],
  ['lang', ['language']],
  ['lat', ['latitude']],
  ['lon', ['longitude']],
  ['lng', ['longitude']],
  ['yr', ['year']],
  ['mon', ['month']],
  ['temp', ['temperature']],
  ['precip', ['precipitation']],
  ['pop', ['population']],
  ['tel', ['telephone', 'phone']],
  ['ssn', ['social security number']],
  ['stu', ['student']],
  ['fac', ['faculty']],
  ['emp', ['employee']],
  ['cust', ['customer']],
  ['prod', ['product']],
  ['mgr', ['manager']],
  ['org', ['organization', 'organisation']],
  ['max', ['maximum']],
  ['min', ['minimum']],
  ['pts', ['points']],
  ['pos', ['position']],
  ['att', ['attendance']],
  ['pld', ['played', 'games played']],
  ['pl', ['played']],
  ['gp', ['games played']],
  ['w', ['wins', 'won']],
  ['l', ['losses', 'lost']],
  ['d', ['draws', 'drawn']],
  ['ref', ['reference']],
]);

/** Codes that cells hold → the words people use for them. */
export const CODES: ReadonlyMap<string, readonly string[]> = new Map([
  ['f', ['female', 'females', 'woman', 'women', 'girl', 'girls']],
  ['m', ['male', 'males', 'man', 'men', 'boy', 'boys']],
  ['y', ['yes']],
  ['n', ['no']],
  ['us', ['united states', 'usa', 'america', 'american', 'u s', 'united states of america']],
  ['usa', ['united states', 'us', 'america', 'american', 'u s a', 'united states of america']],
  ['united states', ['us', 'usa', 'america', 'american', 'united states of america', 'u s a']],
  ['united states of america', ['us', 'usa', 'america', 'american', 'united states']],
  ['uk', ['united kingdom', 'britain', 'great britain', 'british']],
  ['united kingdom', ['uk', 'britain', 'great britain', 'british']],
  ['male', ['men', 'man', 'males', 'boys', 'boy']],
  ['female', ['women', 'woman', 'females', 'girls', 'girl']],
  ['uae', ['united arab emirates']],
]);

/** Adjective → place where neither is the beginning of the other. */
export const DEMONYMS: ReadonlyMap<string, string> = new Map(
  `french france|german germany|spanish spain|polish poland|dutch netherlands|danish denmark|swedish sweden|finnish finland|turkish turkey|greek greece
  swiss switzerland|british united kingdom|english england|scottish scotland|welsh wales|irish ireland|norwegian norway|portuguese portugal|italian italy
  chinese china|japanese japan|russian russia|ukrainian ukraine|thai thailand|filipino philippines|vietnamese vietnam|korean korea|american united states
  mexican mexico|canadian canada|belgian belgium|hungarian hungary|czech czech republic|slovak slovakia|slovenian slovenia|croatian croatia|serbian serbia
  european europe|african africa|asian asia|oceanian oceania|icelandic iceland|peruvian peru|chilean chile|argentine argentina|argentinian argentina
  brazilian brazil|indian india|pakistani pakistan|israeli israel|iraqi iraq|iranian iran|saudi saudi arabia|egyptian egypt|moroccan morocco|kenyan kenya
  nigerian nigeria|ghanaian ghana|ethiopian ethiopia|australian australia|new zealander new zealand|cypriot cyprus|maltese malta|cuban cuba|jamaican jamaica
  colombian colombia|venezuelan venezuela|ecuadorian ecuador|bolivian bolivia|uruguayan uruguay|paraguayan paraguay|austrian austria|romanian romania
  bulgarian bulgaria|latvian latvia|lithuanian lithuania|estonian estonia|albanian albania|macedonian macedonia|bosnian bosnia`
    .split(/[|\n]/)
    .map((entry) => entry.trim())
    .map((entry): [string, string] => {
      const at = entry.startsWith('new zealander') ? 13 : entry.indexOf(' ');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
);
