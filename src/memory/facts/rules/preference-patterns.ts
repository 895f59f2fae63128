import { begins, LANGUAGES, type Rule, ruleOf } from './patterns.js';

/** What an answer can be asked to do; "always happy to help" and "never heard of it" ask for nothing. */
const DO =
  'add|answer|avoid|call|check|cite|combine|compare|confirm|convert|display|draw|exclude|explain|express|format|give(?! up)|group|highlight|include|keep|limit|list|mention|name|omit|order|plot|present|prefer|prioriti[sz]e|provide|quote|recommend|refer|reply|report|respond|return|round|show|skip|sort|speak|specify|split|state|suggest|summari[sz]e|tell|translate|use|visuali[sz]e|write';
const EVER = String.raw`from\s+now\s+on|in\s+(?:the\s+)?future|going\s+forward|by\s+default|every\s+time|each\s+time|in\s+all\s+(?:your\s+)?answers`;
const BRIEF = String.raw`(?:briefly|brief|short|concise|concisely|to\s+the\s+point|in\s+short|in\s+detail|detailed|formal|formally|informal|simple|in\s+bullet\s+points|in\s+plain\s+(?:language|words)|in\s+(?:${LANGUAGES}))`;

/** Wishes about answers. What is asked for once ("show me a bar chart") is none. */
export const PREFERENCE_RULES: readonly Rule[] = [
  ruleOf({
    id: 'preference.always',
    kind: 'preference',
    key: 'preference',
    lead: begins(String.raw`(?:please\s+)?(?=(?:always|never)\s+(?:${DO})\b)`),
    shape: 'words',
    statement: '{value}',
  }),
  ruleOf({
    id: 'preference.from-now-on',
    kind: 'preference',
    key: 'preference',
    lead: begins(
      String.raw`(?:${EVER})\s*,?\s+(?:please\s+)?(?=(?:always\s+|never\s+|do\s+not\s+|don['’]t\s+)?(?:${DO})\b)`,
    ),
    shape: 'words',
    statement: '{value}',
  }),
  ruleOf({
    id: 'preference.lasting',
    kind: 'preference',
    key: 'preference',
    firstOnly: true,
    lead: begins(String.raw`(?:please\s+)?(?=(?:do\s+not\s+|don['’]t\s+)?(?:${DO})\b.*\b(?:${EVER})[\s.!]*$)`),
    shape: 'words',
    statement: '{value}',
  }),
  ruleOf({
    id: 'preference.style',
    kind: 'preference',
    key: 'preference',
    lead: begins(
      String.raw`(?:please\s+)?(?=(?:answer|reply|respond|be|keep\s+(?:it|them|things|(?:your\s+)?(?:answers|replies|responses)))\s+(?:to\s+me\s+|me\s+)?(?:more\s+|very\s+|always\s+)?${BRIEF}(?:\s+please)?[\s.!]*$)`,
    ),
    shape: 'words',
    statement: '{value}',
  }),
  ruleOf({
    id: 'preference.units',
    kind: 'preference',
    key: 'preference',
    lead: begins(
      String.raw`(?:please\s+)?(?=use\s+(?:only\s+)?(?:metric(?:\s+units)?|imperial(?:\s+units)?|the\s+(?:metric|imperial)\s+system|celsius|fahrenheit|kilomet(?:er|re)s|miles|euros|dollars|pounds)(?:\s+please)?[\s.!]*$)`,
    ),
    shape: 'words',
    statement: '{value}',
  }),
  ruleOf({
    id: 'preference.prefer',
    kind: 'preference',
    key: 'preference',
    lead: begins(
      String.raw`I\s+(?:(?:usually|generally|always|really|much|also|would\s+always)\s+)?prefer\s+|my\s+preference\s+is\s+(?:for\s+)?`,
    ),
    shape: 'choice',
    not: /^(?:not|it|this|that|these|those|the (?:first|second|third|last|latter|former|other|one)|your|him|her|them|to wait|to know)\b/i,
    statement: 'Prefers {value}',
  }),
];
