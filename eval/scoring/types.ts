import type { Row, Value } from './values.js';

/** What an engine made of one question. A line of the predictions file. */
export interface Prediction {
  readonly id: string;
  /** Absent = answered. Only answered ones can be right. */
  readonly status?: 'answered' | 'clarify' | 'refused';
  /** A self-contained Vega-Lite specification, for pictures. */
  readonly vegaLite?: Readonly<Record<string, unknown>> | null;
  readonly rows?: readonly Row[] | null;
  readonly rowColumns?: readonly string[];
  readonly answer?: Value | readonly Value[];
  /** The meaning of a picture, for follow-ups about pictures. */
  readonly chart?: ({ readonly mark: string } & Channels) | null;
  readonly filters?: readonly (Filter | FilterTuple)[];
  readonly columns?: readonly string[];
  readonly ms?: number;
}

export interface Channel {
  /** null with `count`: rows are counted. */
  readonly column: string | null;
  readonly aggregate: string | null;
}

export interface Channels {
  readonly x?: Channel | null;
  readonly y?: Channel | null;
  readonly color?: Channel | null;
  readonly size?: Channel | null;
}

export interface Filter {
  readonly column: string;
  readonly op: string;
  readonly value: Value | readonly Value[];
}

/** Column, operator, value. */
export type FilterTuple = readonly [string, string, Value | readonly Value[]];

interface GoldBase {
  readonly id: string;
  readonly stratum: Readonly<Record<string, unknown>>;
}

export interface ChartGold extends GoldBase {
  readonly suite: 'charts';
  readonly chart: {
    readonly mark: string;
    /** false: the question names no kind of chart, any fits. */
    readonly markNamed?: boolean;
    readonly color: unknown;
    readonly bin: unknown;
    readonly sort: { readonly by: string; readonly direction: string } | null;
  };
  readonly points: readonly Row[];
}

export interface DialogueGold extends GoldBase {
  readonly suite: 'dialogue';
  readonly rows: readonly Row[];
  readonly ordered: boolean;
}

export interface TableGold extends GoldBase {
  readonly suite: 'tableqa';
  readonly answer: readonly Value[];
}

export interface FinanceGold extends GoldBase {
  readonly suite: 'finance';
  readonly answer: readonly Value[];
  readonly program: string;
}

export interface FollowupGold extends GoldBase {
  readonly suite: 'followups';
  readonly mark: string;
  readonly channels: Channels;
  readonly filters: readonly (Filter | FilterTuple)[];
}

export type Gold = ChartGold | DialogueGold | TableGold | FinanceGold | FollowupGold;
export type Suite = Gold['suite'];

/** How one answered question was judged. `strict` also asks for the order (charts, dialogue) or the mark (follow-ups). */
export interface Judgement {
  readonly right: boolean;
  readonly strict?: boolean;
}
