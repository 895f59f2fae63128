import { periodOf } from '../../../../memory/recall/times.js';
import type { SaidAsked } from '../../turn.js';

const SAYING =
  '(?:say|said|tell|told|mention|mentioned|write|wrote|written|note|noted|ask|asked|talk|talked|discuss|discussed|speak|spoke|spoken)';
const DECIDING =
  '(?:decide|decided|agree|agreed|settle|settled|choose|chose|chosen|plan|planned|conclude|concluded|promise|promised)';
const DOING = `(?<verb>${SAYING}|${DECIDING})`;
const WHO = '(?<who>i|we|you)';
const ASKING = '(?:what|when|where|which|why|how|who)';
const TO = '(?: (?:you|me|us|each other))?';
const ON = '(?: (?:about|on|for|of|to|that|regarding|concerning|in))?';

/** The forms stand at the beginning: "the region where we decided" is of the data. */
const OPENING = '^\\W*(?:(?:so|and|please|now|ok|okay|well|(?:(?:can|could) you )?tell me|i wonder)\\W+)*';

/** Forms that ask what was said; what comes after them is what it was about. The first that fits counts. */
const FORMS: readonly RegExp[] = [
  `${ASKING}(?: else| exactly)? (?:did|have|had) ${WHO}(?: ever| already| just)? ${DOING}${TO}${ON}\\b`,
  `(?:did|have|had) ${WHO}(?: ever| already)? ${DOING}${TO}${ON}\\b`,
  `(?:remind me|do you (?:remember|recall)|can you recall|tell me again|repeat)(?: of)? (?:what|that|when|where|why|how) ${WHO}(?: have| had)?(?: ever| already)? ${DOING}${TO}${ON}\\b`,
  `what (?:was|were) (?<who>my|our|your) (?<verb>decisions?|agreements?|conclusions?|words)${ON}\\b`,
].map((source) => new RegExp(`${OPENING}(?:${source})`.replaceAll(' ', '\\s+'), 'iu'));

const DECIDED = new RegExp(`^(?:${DECIDING}|decisions?|agreements?|conclusions?)$`, 'iu');
/** Where it was said says nothing of what. */
const PLACES =
  /\b(?:in|during|from) (?:(?:an|the|my|our|one of (?:my|our)) )?(?:earlier|previous|past|last|other)? ?(?:conversations?|chats?|talks?|messages?)\b|\b(?:earlier|before|previously|last time|so far|again|already)\b/giu;

/** What a question asks of what was said; null: it asks something else. */
export function saidOf(question: string, askedAt: Date): SaidAsked | null {
  const text = question.replaceAll(/[’‘ʼ]/g, "'");
  for (const form of FORMS) {
    const found = form.exec(text);
    if (found === null) continue;
    const { who = '', verb = '' } = found.groups ?? {};
    const period = periodOf(text, askedAt);
    const rest = text.slice(found.index + found[0].length).replaceAll(/\s+/g, ' ');
    const about = without(rest, period?.said)
      .replaceAll(PLACES, ' ')
      .replaceAll(/[?!.,;:]+(?=\s|$)/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .replace(/^(?:about|on|for|of|that|regarding|concerning)\s+/iu, '');
    if (!/[\p{L}\p{N}]/u.test(about) && period === null) return null;
    return {
      about,
      by: /^(?:i|my)$/iu.test(who) ? 'user' : /^you/iu.test(who) ? 'assistant' : 'anyone',
      period:
        period === null ? null : { from: period.from.toISOString(), to: period.to.toISOString(), words: period.said },
      isDecision: DECIDED.test(verb),
    };
  }
  return null;
}

/** `said` is in lower case, with single spaces. */
function without(text: string, said: string | undefined): string {
  if (said === undefined) return text;
  const at = text.toLowerCase().indexOf(said);
  return at === -1 ? text : `${text.slice(0, at)} ${text.slice(at + said.length)}`;
}
