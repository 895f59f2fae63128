export interface StreamedEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Every event of a `text/event-stream` response, once it has ended. */
export async function streamedEvents(response: Response): Promise<StreamedEvent[]> {
  const frames = (await response.text()).split('\n\n').filter((frame) => frame.includes('data: '));
  return frames.map((frame) => {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1] ?? '';
    return {
      id: Number(field('id')),
      event: field('event'),
      data: JSON.parse(field('data')) as Record<string, unknown>,
    };
  });
}
