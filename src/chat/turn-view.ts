import { jsonText, sentAs } from '../common/json-text.js';
import { MessageView } from '../conversations/message.dto.js';
import type { MessageRow } from '../conversations/message.entity.js';
import type { RunRow } from './runs/run.entity.js';
import type { EvidenceView, GroundedView, InsightView, TurnView, VisualizationView } from './chat.dto.js';

/** What a client gets of a turn; all of it is in the stored message, so that a repeat gets the same. */
export function turnView(
  { id: runId, status }: Pick<RunRow, 'id' | 'status'>,
  userMessage: MessageRow,
  message: MessageRow,
): TurnView {
  const { findings, visualization, evidence, grounded } = message.metadata as {
    findings?: InsightView[];
    visualization?: VisualizationView | null;
    evidence?: EvidenceView;
    grounded?: GroundedView | null;
  };
  const view: TurnView = {
    conversationId: userMessage.conversationId,
    runId,
    status,
    userMessage: MessageView.of(userMessage),
    message: MessageView.of(message),
    insights: (findings ?? []).map(({ kind, text, values, support, earlier }) => ({
      kind,
      text,
      values,
      support,
      ...(earlier !== undefined && { earlier }),
    })),
    visualization: visualization ?? null,
    grounded: grounded ?? null,
    evidence: evidence ?? { primary: null, context: [], pastResults: [] },
  };
  sentAs(view, () => textOf(view));
  return view;
}

/** Picture and evidence are most of it, and are in the message's metadata too: they are written once for both. */
function textOf(view: TurnView): string {
  const { evidence, visualization, message } = view;
  const large = { evidence: JSON.stringify(evidence), visualization: JSON.stringify(visualization) };
  const metadata = jsonText(message.metadata, 'evidence' in message.metadata ? large : {});
  return jsonText(view, { ...large, message: jsonText(message, { metadata }) });
}
