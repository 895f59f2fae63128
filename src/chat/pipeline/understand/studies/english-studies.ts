/* The English words that ask for a study. Another language is another module of this shape. */

const WORD = String.raw`outliers?|outlying|anomal(?:y|ies|ous|ously)|unusual(?:ly)?|abnormal(?:ly|it(?:y|ies))?|atypical|out of the ordinary`;
export const OUTLIERS = new RegExp(String.raw`\b(?:${WORD})\b`, 'i');
/** "Which months are anomalous in revenue?" */
export const WHICH = new RegExp(
  String.raw`^(?:in |on )?(?:which|what) ([\p{L} ]+?) (?:is|are|was|were|has|have|had|do|does|did|shows?|showed|looks?|seems?)\b.*?\b(?:${WORD})\b(.*)$`,
  'iu',
);
export const LEADING =
  /^(?:(?:please|can|could|would|you|is|are|was|were|there|do|does|did|i|we|find|show|me|us|give|get|detect|identify|list|spot|check|look|search|for|what|which|tell|any(?:thing)?|some(?:thing)?|all|the|an?|most|very|have|has|contain|contains)\b\s*)+/i;
export const THINGS =
  /\b(?:values?|rows?|(?:data )?points?|observations?|entries|records|ones|numbers?|things?)\b(?=\s*(?:$|[?.!]|in\b|of\b|for\b|among\b|within\b|with\b|by\b|on\b))/i;
export const METHODS =
  /\b(?:by|using|with)?\s*(?:the\s+)?(?:mad\b|modified z[- ]?scores?|z[- ]?scores?|tukey(?:'s)?(?: fences)?|fences)/i;
export const BY_MAD = /\b(?:mad|z[- ]?scores?)\b/i;

export const FORECAST =
  /\b(?:forecast(?:s|ed|ing)?|predict(?:s|ed|ions?|ing)?|projections?|extrapolat(?:e[ds]?|ions?|ing))\b/i;
/** "What will revenue be in 2026?" */
export const WILL = /\b(?:will|going to|expect(?:ed)?)\b/i;
const UNIT = '(year|quarter|month|week|day)s?';
/** "the next 3 months", "next year". */
export const NEXT = new RegExp(
  String.raw`\b(?:(?:for|in|over|during|of)\s+)?(?:the\s+)?(?:next|coming|following|upcoming)\s+(?:(\d+|[a-z]+)\s+)?${UNIT}\b`,
  'i',
);
/** "3 months ahead", "two years from now". */
export const AHEAD = new RegExp(
  String.raw`\b(?:(?:for|in|over)\s+)?(\d+|[a-z]+)\s+${UNIT}\s+(?:ahead|from now|out|into the future)\b`,
  'i',
);
export const UNTIL_YEAR = /\b(?:in|for|by|until|till|to|through|of)\s+(?:the (?:end of|year) )?(\d{4})\b/i;
export const UNTIL_MONTH = /\b(?:in|for|by|until|till|to|through|of)\s+([a-z]{3,9})\s+(\d{4})\b/i;
export const UNTIL_QUARTER = /\b(?:in|for|by|until|till|to|through|of)\s+(?:the )?q([1-4])\s+(?:of )?(\d{4})\b/i;
/** Words of asking for a forecast, which say nothing of what is to be forecast. */
export const FORECAST_FILLERS =
  /\b(?:please|can|could|would|you|give|show|make|create|me|us|an?|the|what|whats|how|much|develops?|evolves?|changes?|looks?|go|will|be|going to|expect(?:ed)?|there|we|have|is|are|do|for|of|reach|look like|likely|future|into)\b/gi;

export const WHY =
  /^(?:(?:and|so|but|please|can you|could you)\s+)*(?:why|how come|explain why|what (?:caused|drove|explains?|is behind|was behind))\b/i;
export const FELL =
  /\b(?:fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|declin(?:e[ds]?|ing)|decreas(?:e[ds]?|ing)|down|lower|less|shr[aiu]nk|shrinking|dip(?:s|ped)?|los[et]|plunged?)\b/i;
export const ROSE =
  /\b(?:rise[sn]?|rising|rose|increas(?:e[ds]?|ing)|gr[eo]w(?:n|s|ing|th)?|up|higher|more|jump(?:s|ed)?|climb(?:s|ed)?|gain(?:s|ed)?|surged?)\b/i;
export const CHANGED =
  /\b(?:chang(?:e[ds]?|ing)|improv(?:e[ds]?|ing|ement)|worse(?:n(?:s|ed|ing)?)?|better|deteriorat(?:e[ds]?|ing))\b/i;
/** Words of a question for reasons, which say nothing of what changed. */
export const REASON_FILLERS =
  /\b(?:did|does|do|has|have|had|is|are|was|were|been|being|get|got|gotten|go|gone|went|so much|so|much|sharply|strongly|a lot|that|the)\b/gi;
/** Two ends rather than a stretch. */
export const FROM_TO = /\b(?:from\b.+\bto|between\b.+\band)\b/i;

/** "revenue by days" */
export const UNIT_OF_TIME = /\b(?:by|per|each|every)\s+(year|quarter|month|week|day|hour)s?\b/i;
