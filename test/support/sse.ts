export interface StreamedEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream until `enough` says so, or to its end; then leaves. */
export async function eventsUntil(
  response: Response,
  enough: (event: StreamedEvent) => boolean,
): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('an answer without a body');
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return events;
    const frames = (rest + value).split('\n\n');
    rest = frames.pop() ?? '';
    for (const event of frames.filter((frame) => frame.includes('data: ')).map(parsed)) {
      events.push(event);
      if (!enough(event)) continue;
      await reader.cancel();
      return events;
    }
  }
}

/** Every event of a `text/event-stream` response, once it has ended. */
export async function streamedEvents(response: Response): Promise<StreamedEvent[]> {
  const frames = (await response.text()).split('\n\n').filter((frame) => frame.includes('data: '));
  return frames.map(parsed);
}

function parsed(frame: string): StreamedEvent {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1] ?? '';
  return {
    id: Number(field('id')),
    event: field('event'),
    data: JSON.parse(field('data')) as Record<string, unknown>,
  };
}
