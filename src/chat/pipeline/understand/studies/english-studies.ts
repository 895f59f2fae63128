/* The English words that ask for a study. Another language is another module of this shape. */

const WORD = String.raw`outliers?|outlying|anomal(?:y|ies|ous|ously)|unusual(?:ly)?|abnormal(?:ly|it(?:y|ies))?|atypical|out of the ordinary`;
export const OUTLIERS = new RegExp(String.raw`\b(?:${WORD})\b`, 'i');
/** "Which months are anomalous in revenue?" */
export const WHICH = new RegExp(
  String.raw`^(?:in |on )?(?:which|what) ([\p{L} ]+?) (?:is|are|was|were|has|have|had|do|does|did|shows?|showed|looks?|seems?)\b.*?\b(?:${WORD})\b(.*)$`,
  'iu',
);
export const LEADING =
  /^(?:(?:please|can|could|would|you|is|are|was|were|there|do|does|did|i|we|find|show|me|us|give|get|detect|identify|list|spot|check|look|search|for|what|which|tell|any|some|all|the|an?|most|very|have|has|contain|contains)\b\s*)+/i;
export const THINGS =
  /\b(?:values?|rows?|(?:data )?points?|observations?|entries|records|ones|numbers?|things?)\b(?=\s*(?:$|[?.!]|in\b|of\b|for\b|among\b|within\b|with\b|by\b|on\b))/i;
export const METHODS =
  /\b(?:by|using|with)?\s*(?:the\s+)?(?:mad\b|modified z[- ]?scores?|z[- ]?scores?|tukey(?:'s)?(?: fences)?|fences)/i;
export const BY_MAD = /\b(?:mad|z[- ]?scores?)\b/i;
