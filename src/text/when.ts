/** Whether a question asks when something was, or how long. */
export const asksWhen = (question: string): boolean =>
  /^when\b|\bwhen (?:did|do|does|is|was|were|will)\b|\b(?:what|which) (?:date|day|month|year|time)\b|\bhow (?:long|many (?:days|weeks|months|years)|much time)\b/i.test(
    question,
  );

/** Whether a text tells a time or a number: what such a question wants. */
export const tellsWhen = (text: string): boolean =>
  /\d|\b(?:january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|tomorrow|today|tonight|ago|weekend|(?:last|next|this) (?:week|month|year|night|weekend))\b/i.test(
    text,
  );
