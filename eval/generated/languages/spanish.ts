import { SPANISH_WORDS } from './spanish-words.js';
import type { Said, Wording } from './wording.js';

const PHRASES = `
How many {r} are there? => ¿Cuántos {r} hay? | ¿Cuántos {r} son? | número de {r}
Count the {r} => Cuenta los {r} | cantidad de {r}
What is the number of {r}? => ¿Cuál es el número de {r}? | ¿Cuántos {r} hay en la tabla?
how many rows are in the table => ¿Cuántas filas tiene la tabla? | ¿Cuántas filas hay en la tabla?
total number of {r} => número total de {r} | ¿Cuántos {r} hay en total?
How many {r} are not {d}? => ¿Cuántos {r} no están {d:mp}?
How many {r} were not {d}? => ¿Cuántos {r} no fueron {d:mp}?
How many {r} are {d}? => ¿Cuántos {r} están {d:mp}? | ¿Cuántos {r} son {d:mp}?
How many {r} were {d}? => ¿Cuántos {r} fueron {d:mp}?
number of {r} that are not {d} => número de {r} que no están {d:mp}
number of {r} that are {d} => número de {r} que están {d:mp}
How many {r} are there per {d}? => ¿Cuántos {r} hay por {d}? | ¿Cuántos {r} hay en cada {d}?
number of {r} by {d} => número de {r} por {d} | cantidad de {r} según {d}
count of {r} for each {d} => número de {r} para cada {d}
How many {r} for each {d}? => ¿Cuántos {r} por cada {d}?
Count {r} by {d} => Cuenta los {r} por {d}
How many {r} are there {p}? => ¿Cuántos {r} hay {p}?
Count of {r} {p} => cantidad de {r} {p}
number of {r} {p} => número de {r} {p}
How many {r} {p}? => ¿Cuántos {r} {p}?
How many different {d} values are there? => ¿Cuántos valores diferentes de {d} hay? | ¿Cuántos {d} distintos hay?
number of distinct {d} values => número de valores distintos de {d}
How many unique {d} values are there? => ¿Cuántos valores únicos de {d} hay?
count distinct {d} => cuenta los {d} distintos
How many distinct values does {d} have? => ¿Cuántos valores distintos tiene {d}? | ¿Cuántos valores distintos tiene {d:el}?
List the different {d} values => Lista los valores diferentes de {d} | Muestra los distintos {d}
What are the distinct {d} values? => ¿Cuáles son los valores distintos de {d}?
Show all unique {d} values => Muestra todos los valores únicos de {d}
List the {l} of {r} with a {m} above {n} => Lista {l:el} de los {r} con {m:un} superior a {n}
Which {r} have a {m} over {n}? Give the {l} => ¿Qué {r} tienen {m:un} de más de {n}? Dame {l:el}
Show the {l} where {m} is greater than {n} => Muestra {l:el} donde {m:el} es mayor que {n}
What is the {l} of the {o} with the {s}? => ¿Cuál es {l:el} del {o} con {s:el}?
What is the {m} of {v}? => ¿Cuál es {m:el} de {v}?
What {m} does {v} have? => ¿Qué {m} tiene {v}?
Show me the {m} for {v} => Muéstrame {m:el} de {v}
What is the {s} for each {d}? => ¿Cuál es {s:el} por {d}? | ¿Cuál es {s:el} para cada {d}?
What was the {s} for each {d} {p}? => ¿Cuál fue {s:el} para cada {d} {p}?
Show the {s} per {d} => Muestra {s:el} por {d} | Muéstrame {s:el} por {d}
{s} by {d} and {d2} => {s} por {d} y {d2}
What is the {s} for each {d} and {d2}? => ¿Cuál es {s:el} por {d} y {d2}?
{s} of {r} by {d} => {s} de los {r} por {d}
{s} by year => {s} por año
What was the {s} per year? => ¿Cuál fue {s:el} por año? | ¿Cuál fue {s:el} en cada año?
Show the {s} for each year => Muestra {s:el} para cada año
{s} by month => {s} por mes
What was the {s} per month? => ¿Cuál fue {s:el} por mes?
Show the {s} for each month => Muestra {s:el} para cada mes
{s} by {d} {p} => {s} por {d} {p}
{s} by {d} => {s} por {d} | {s} según {d}
What is the {s} of all {r}? => ¿Cuál es {s:el} de todos los {r}?
What's the {s} of all {r}? => ¿Cuál es {s:el} de todos los {r}?
What is the {s}? => ¿Cuál es {s:el}?
Show me the {s} => Muéstrame {s:el}
Calculate the {s} across all {r} => Calcula {s:el} de todos los {r}
What is the {s} {p}? => ¿Cuál es {s:el} {p}?
What was the {s} {p}? => ¿Cuál fue {s:el} {p}?
Tell me the {s} of {r} {p} => Dime {s:el} de los {r} {p}
{s} of {r} {p} => {s} de los {r} {p}
{s} {p} => {s} {p}
{s} => {s}
Bottom {k} {d} by {s} => Los {k} {d} con menor {s}
Which {k} {d} values have the {s}? => ¿Qué {k} {d} tienen {s:el}?
the {k} {d} with the {s} => los {k} {d} con {s:el}
Top {k} {d} by {s} => Top {k} {d} por {s} | Los {k} {d} con mayor {s}
Which {k} {r} have the {s}? => ¿Qué {k} {r} tienen {s:el}?
{k} {r} with the {s} => los {k} {r} con {s:el}
bottom {k} {r} by {m} => los {k} {r} con menor {m}
Top {k} {r} by {m} => Top {k} {r} por {m} | los {k} {r} con mayor {m}
the {l} of the {k} {r} with the {s} => {l:el} de los {k} {r} con {s:el}
Which {o} has the {s}? => ¿Qué {o} tiene {s:el}?
{l} with the {s} => {l} con {s:el}
Which {l} has the {s}? => ¿Qué {l} tiene {s:el}?
What {d} had the {s}? => ¿Qué {d} tuvo {s:el}?
Which {d} has the fewest {r}? => ¿Qué {d} tiene menos {r}?
What is the least common {d}? => ¿Cuál es {d:el} menos común? | ¿Cuál es {d:el} menos frecuente?
Which {d} has the most {r}? => ¿Qué {d} tiene más {r}?
What is the most common {d}? => ¿Cuál es {d:el} más común? | ¿Cuál es {d:el} más frecuente?
Which {d} has the highest number of {r}? => ¿Qué {d} tiene el mayor número de {r}?
What percentage of {r} are in {v}? => ¿Qué porcentaje de los {r} está en {v}?
What percentage of {r} are {v}? => ¿Qué porcentaje de los {r} es {v}?
What share of {r} is in {v}? => ¿Qué proporción de los {r} está en {v}?
What share of {r} is {v}? => ¿Qué proporción de los {r} es {v}?
percentage of {r} {p} => porcentaje de {r} {p}
What percentage of {s} comes from {v}? => ¿Qué porcentaje {s:del} viene de {v}? | ¿Qué porcentaje {s:del} corresponde a {v}?
What share of the {s} is from {v}? => ¿Qué parte {s:del} proviene de {v}?
{v} as a percentage of {s} => {v} como porcentaje {s:del}
share of {s} by {d} => porcentaje {s:del} por {d}
What percentage of {s} does each {d} have? => ¿Qué porcentaje {s:del} tiene cada {d}?
percentage of {m} by {d} => porcentaje {m:del} por {d}
What is the difference in {s} between {v} and {w}? => ¿Cuál es la diferencia {s:del} entre {v} y {w}? | ¿Cuál es la diferencia en {s:el} entre {v} y {w}?
How much higher is the {s} of {v} than {w}? => ¿Cuánto mayor es {s:el} de {v} que {w}? | ¿Cuánto más alto es {s:el} de {v} que el de {w}?
difference between {v} and {w} in {s} => diferencia entre {v} y {w} en {s}
By what percentage did the {s} change from {y} to {y2}? => ¿En qué porcentaje cambió {s:el} de {y} a {y2}?
What is the percentage change in {s} between {y} and {y2}? => ¿Cuál es el cambio porcentual {s:del} entre {y} y {y2}? | variación porcentual {s:del} de {y} a {y2}
percent growth of {s} from {y} to {y2} => crecimiento porcentual {s:del} de {y} a {y2}
How much did the {s} change from {y} to {y2}? => ¿Cuánto cambió {s:el} de {y} a {y2}? | ¿Cuánto ha cambiado {s:el} de {y} a {y2}?
What was the change in {s} between {y} and {y2}? => ¿Cuál fue el cambio {s:del} entre {y} y {y2}?
By how much did {s} grow from {y} to {y2}? => ¿Cuánto creció {s:el} de {y} a {y2}? | ¿En cuánto aumentó {s:el} entre {y} y {y2}?
Which {d} values have more than {k} {r}? => ¿Qué {d} tienen más de {k} {r}?
{d} with more than {k} {r} => {d} con más de {k} {r}
List each {d} that has more than {k} {r} => Lista cada {d} que tiene más de {k} {r}
Which {d} values have {s} above {n}? => ¿Qué {d} tienen {s:un} superior a {n}?
{d} with {s} over {n} => {d} con {s:un} de más de {n}
Which {d} has {s} of more than {n}? => ¿Qué {d} tiene {s:un} de más de {n}?
How does {v} rank by {s}? => ¿Qué puesto ocupa {v} por {s}?
What rank is {v} by {s}? => ¿Qué posición tiene {v} por {s}?
Where does {v} rank in {s}? => ¿Qué lugar ocupa {v} según {s:el}?
What is the difference between them? => ¿Cuál es la diferencia entre ellos? | ¿Cuál es la diferencia entre los dos?
What is the difference? => ¿Cuál es la diferencia?
How big is the difference between the two? => ¿Cuál es la diferencia entre los dos?
And as a percentage? => ¿Y en porcentaje? | ¿Y como porcentaje?
And in percent? => ¿Y en porcentaje?
as a percentage? => ¿en porcentaje? | como porcentaje
And by {d}? => ¿Y por {d}?
by {d} => por {d}
Break it down by {d} => Desglósalo por {d}
Show that per {d} => Muestra eso por {d}
No, I meant {y} => No, me refería a {y} | No, quise decir {y}
And in {y}? => ¿Y en {y}?
What about {y}? => ¿Qué pasa con {y}? | ¿Y en {y}?
sorry, I meant {y} => perdón, quise decir {y}
no, {y} => no, {y}
And the {s}? => ¿Y {s:el}?
What about {m}? => ¿Y {m:el}? | ¿Qué hay de {m:el}?
and the {m}? => ¿y {m:el}?
And the maximum? => ¿Y el máximo?
Now the maximum => Ahora el máximo
what about the maximum? => ¿y el máximo?
And the median? => ¿Y la mediana?
Now the median => Ahora la mediana
what about the median? => ¿y la mediana?
And for {v}? => ¿Y para {v}?
What about {v}? => ¿Qué pasa con {v}? | ¿Y {v}?
and {v}? => ¿y {v}?
Only for {v} => Solo para {v} | Sólo {v}
just {v} => solo {v}
Only where {d} is {v} => Solo donde {d} es {v}
where {d} is {v} or {w} => donde {d:el} es {v} o {w}
with {d} {v} or {w} => con {d} {v} o {w}
where the {d} is either {v} or {w} => donde {d:el} sea {v} o {w}
where {d} is not {v} => donde {d:el} no es {v} | cuyo {d} no es {v}
that are not {v} => que no son {v}
excluding {v} => sin contar {v} | excluyendo {v}
with a {d} other than {v} => con {d:un} distinto de {v}
except {v} => excepto {v} | salvo {v}
with a {m} above {n} => con {m:un} por encima de {n} | con {m:un} superior a {n}
with a {m} greater than {n} => con {m:un} mayor que {n}
where {m} is over {n} => donde {m:el} supera los {n} | donde {m:el} es superior a {n}
with {m} below {n} => con {m} por debajo de {n}
where the {m} is less than {n} => donde {m:el} es menor que {n} | donde {m:el} es inferior a {n}
with a {m} of at least {n} => con {m:un} de al menos {n}
where {m} >= {n} => con {m} >= {n}
with a {m} of at most {n} => con {m:un} de como máximo {n}
with {m} under {n} => con {m} de menos de {n}
where {m} is {n} or more => donde {m:el} es {n} o más
with a {m} between {n} and {n2} => con {m:un} entre {n} y {n2}
where {m} is between {n} and {n2} => donde {m:el} está entre {n} y {n2}
with {m} from {n} to {n2} => con {m:un} de {n} a {n2}
whose {l} starts with {v} => cuyo {l} empieza por {v} | cuyo {l} comienza con {v}
with a {l} beginning with {v} => con {l:un} que empieza con {v}
whose {l} contains {v} => cuyo {l} contiene {v}
with {v} in the {l} => con {v} en {l:el}
where the {l} contains {v} => donde {l:el} contiene {v}
between {y} and {y2} => entre {y} y {y2}
from {y} to {y2} => de {y} a {y2} | desde {y} hasta {y2}
before {t} => antes del {t}
after {t} => después del {t}
before {y} => antes de {y}
after {y} => después de {y}
since {y} => desde {y}
in {u} {y} => en {u} de {y}
in {y} => en {y} | en el año {y}
{p} and {q} => {p} y {q}
where the {d} is {v} => donde {d:el} es {v} | cuyo {d} es {v}
where {d} is {v} => donde {d} es {v}
with {d} {v} => con {d} {v}
for {d} {v} => para {d} {v} | para {d:el} {v}
the {d} is {v} => {d:el} es {v}
{d} is {v} => {d} es {v}
in {v} => en {v}
from {v} => de {v}
for {v} => para {v} | de {v}
`;

const ARTICLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  el: { m: 'el', f: 'la', mp: 'los', fp: 'las' },
  un: { m: 'un', f: 'una', mp: 'unos', fp: 'unas' },
  del: { m: 'del', f: 'de la', mp: 'de los', fp: 'de las' },
};
const ENDINGS: Readonly<Record<string, string>> = { m: 'o', f: 'a', mp: 'os', fp: 'as' };

/** What stands behind the noun; `highest` and `lowest` in front of it, when another does already. */
function adjective(word: string, gender: string): string {
  const o = ENDINGS[gender] ?? 'o';
  const plural = gender.endsWith('p');
  switch (word) {
    case 'total':
      return plural ? 'totales' : 'total';
    case 'average':
      return `medi${o}`;
    case 'mean':
      return 'promedio';
    case 'minimum':
      return `mínim${o}`;
    case 'maximum':
      return `máxim${o}`;
    case 'lowest':
      return `más baj${o}`;
    case 'smallest':
      return plural ? `más pequeñ${o}` : `más pequeñ${o}`;
    case 'highest':
      return `más alt${o}`;
    case 'largest':
      return plural ? 'más grandes' : 'más grande';
    default:
      return word;
  }
}

function form(slot: string, form: string, { text, gender, aggregate }: Said): string {
  if (slot === 'n') return written(text);
  if (slot === 't') return text.split('-').toReversed().join('/');
  if (slot === 'u') return MONTHS[ENGLISH_MONTHS.indexOf(text)] ?? text;
  if (form === 'mp') return text.replace(/o$/, 'os').replace(/o (?=de )/, 'os ');
  const words = aggregate
    .split(' ')
    .filter((word) => word !== '' && word !== 'of' && word !== 'sum' && word !== 'overall');
  if (/^sum|overall/.test(aggregate) && !words.includes('total')) words.push('total');
  if (words.includes('median')) {
    const article = form === 'del' ? 'de la' : form === 'un' ? 'una' : form === 'el' ? 'la' : '';
    return `${article} mediana ${ARTICLES['del']?.[gender] ?? 'de'} ${text}`.trim();
  }
  const article = ARTICLES[form]?.[gender] ?? '';
  // The nearest adjective first: "precio medio más alto".
  const behind = words.toReversed().map((word) => adjective(word, gender));
  return [article, text, ...behind].filter(Boolean).join(' ');
}

/** `12345.6` → `12.345,6`. */
function written(number: string): string {
  const [whole = '', decimals] = number.split('.');
  const grouped = whole.length > 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, '.') : whole;
  return decimals === undefined ? grouped : `${grouped},${decimals}`;
}

const ENGLISH_MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const MONTHS = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ');

export const SPANISH: Wording = { words: SPANISH_WORDS, phrases: PHRASES, form };
