import { OpenAI } from 'openai';
import type { LlmSettings, ProviderSettings } from '../../config/llm-settings.js';
import type { ModelError } from '../language-model.js';
import { Circuit } from './circuit.js';
import { Deadline } from './deadline.js';
import { Dialect } from './dialect.js';
import { explained, isPassing, toldInBody, waitBefore } from './failure.js';

export type CallLimits = Pick<LlmSettings, 'timeoutMs' | 'silenceTimeoutMs' | 'retries'>;

/** One OpenAI-compatible endpoint and what its models have in common: the connection, its limits and its circuit. */
export class Provider {
  readonly client: OpenAI;
  readonly name: string;
  readonly defaultModel: string;
  private readonly apiKey: string | null;
  private readonly dialects = new Map<string, Dialect>();

  constructor(
    { name, baseUrl, apiKey, model }: ProviderSettings,
    private readonly limits: CallLimits,
    private readonly circuit = new Circuit(),
  ) {
    this.name = name;
    this.defaultModel = model;
    this.apiKey = apiKey;
    this.client = new OpenAI({
      baseURL: baseUrl.replace(/\/+$/, ''),
      apiKey: apiKey ?? 'none',
      // Given, so that the package does not look for them in the environment.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      logLevel: 'off',
      maxRetries: 0,
      timeout: limits.timeoutMs,
      fetch: (url, init) => fetch(url, { ...init, headers: needed(init?.headers, apiKey !== null) }),
    });
  }

  /** What was learned of a model since the start. */
  dialect(model: string): Dialect {
    const known = this.dialects.get(model) ?? new Dialect();
    this.dialects.set(model, known);
    return known;
  }

  /** Begins a call. @throws {ModelError} unreachable, while the provider counts as down */
  call(signal: AbortSignal, timeoutMs: number = this.limits.timeoutMs): Call {
    this.circuit.enter();
    const deadline = new Deadline(signal, { totalMs: timeoutMs, silenceMs: this.limits.silenceTimeoutMs });
    return new Call(deadline, this.circuit, this.limits.retries, this.apiKey);
  }
}

/** One call with its attempts. */
export class Call {
  private isSettled = false;

  constructor(
    readonly deadline: Deadline,
    private readonly circuit: Circuit,
    private readonly retries: number,
    private readonly apiKey: string | null,
  ) {}

  /** The first attempt that succeeds. What passes is tried again. @throws {ModelError} */
  async attempts<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work();
        this.settle(() => this.circuit.answered());
        return result;
      } catch (error) {
        const failure = this.explained(error);
        const isLast = attempt > this.retries || !isPassing(failure);
        if (isLast || !(await this.deadline.pause(waitBefore(attempt, failure)))) throw failure;
      }
    }
  }

  explained(error: unknown): ModelError {
    return this.deadline.ended(error) ?? explained(error, this.apiKey);
  }

  /** An error that the server told in the middle of its answer. */
  told(error: { readonly code?: unknown; readonly message?: unknown }): ModelError {
    return toldInBody(error, this.apiKey);
  }

  /** The call is over. `failure`: how, when it did not end well. */
  end(failure: ModelError | null): void {
    this.settle(() => this.circuit.failed(failure?.kind ?? 'aborted'));
    this.deadline.end();
  }

  private settle(how: () => void): void {
    if (!this.isSettled) how();
    this.isSettled = true;
  }
}

/** The package describes the machine and itself in a dozen headers, and adds what an environment variable says. */
function needed(given: RequestInit['headers'], withKey: boolean): Headers {
  const all = new Headers(given);
  const names = ['accept', 'content-type', ...(withKey ? ['authorization'] : [])];
  const headers = new Headers({ 'user-agent': 'engram' });
  for (const name of names) {
    const value = all.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
