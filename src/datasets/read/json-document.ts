import { TokenType, type Tokenizer } from '@streamparser/json';
import { Problem } from '../../common/problem.js';
import { hasHeader } from '../csv/dialect.js';
import { malformed, ValueBuilder } from './exact-json.js';
import { cellOf, flatten, isNested, Names, type Value } from './flatten.js';
import { type SpooledRecords, tooLargeInside } from './records.js';

type Token = Parameters<Tokenizer['onToken']>[0];

const NO_TABLE =
  'The JSON has no table in it. A table is a list of objects, an object with such a list, ' +
  'a list of lists, or an object of lists of equal length, one a column.';

/** Cells of a file that gives column after column; they are held until the last one has come. */
const MAX_HELD_CELLS = 5_000_000;
/** Lists whose first one may be a header are looked at so far. */
const HEAD = 200;
/** Members of a document beside its table that are looked at: more are no description of a table. */
const MAX_MEMBERS = 10_000;
/** What a list of names beside a list of lists is called. */
const NAMES = ['columns', 'header', 'headers', 'fields', 'names'];

/** Follows the tokens of a document, picks out the table in it and spools its records. */
export class JsonDocument {
  private state: 'start' | 'list' | 'object' | 'member' | 'end' = 'start';
  private readonly builder = new ValueBuilder();
  /** What the records turned out to be; null: none was seen yet. */
  private kind: 'objects' | 'lists' | 'columns' | null = null;
  /** Name of the member being read, and of the one that holds the table. */
  private member: string | null = null;
  private table: string | null = null;
  private isTold = false;
  private readonly names = new Names();
  private headerNames: readonly string[] | null = null;
  private readonly head: string[][] = [];
  private readonly columns = new Map<string, string[]>();
  private readonly others = new Map<string, Value>();
  private held = 0;
  private width = 0;
  private count = 0;

  constructor(private readonly spool: SpooledRecords) {}

  /** @throws {422} json_malformed · json_no_table · json_too_deep · too_many_columns · file_too_large_inside */
  push(token: Token): void {
    if (this.builder.isOpen) this.build(token);
    else if (this.state === 'start') this.start(token);
    else if (this.state === 'object') this.inObject(token);
    else if (this.state === 'end') throw malformed(': something follows its end');
    else if (token.token === TokenType.RIGHT_BRACKET) this.endList();
    else if (token.token !== TokenType.COMMA) this.build(token);
  }

  async end(): Promise<void> {
    if (this.state !== 'end') throw malformed(': it ends before its last bracket');
    if (this.kind === 'lists') this.tellHead();
    if (this.kind === 'columns') await this.endColumns();
    if (this.kind !== null) return;
    // One object is a table of one row.
    if (this.others.size === 0) throw noTable();
    this.kind = 'objects';
    this.spool.add(1, flatten(Object.fromEntries(this.others), this.names));
    this.others.clear();
  }

  shape(): { names: readonly string[] | null; width: number; notes: string[] } {
    const names =
      this.kind === 'objects'
        ? this.names.names
        : this.kind === 'columns'
          ? [...this.columns.keys()]
          : this.headerNames;
    const left = [...this.others.keys(), ...(this.kind === 'columns' ? [] : this.columns.keys())];
    const notes = [
      ...(this.table === null ? [] : [`The table is the list "${shown(this.table)}".`]),
      ...(left.length === 0
        ? []
        : [
            `Left out: ${left
              .slice(0, 20)
              .map((name) => `"${shown(name)}"`)
              .join(', ')}.`,
          ]),
    ];
    return { names, width: Math.max(names?.length ?? 0, this.width), notes };
  }

  private start({ token }: Token): void {
    if (token === TokenType.LEFT_BRACKET) this.state = 'list';
    else if (token === TokenType.LEFT_BRACE) this.state = 'object';
    else throw noTable();
  }

  private inObject(token: Token): void {
    if (token.token === TokenType.RIGHT_BRACE) this.state = 'end';
    else if (token.token === TokenType.COMMA) this.member = null;
    else if (token.token === TokenType.COLON) return;
    else if (this.member === null) {
      if (token.token !== TokenType.STRING) throw malformed();
      this.member = String(token.value);
    } else if (token.token === TokenType.LEFT_BRACKET) {
      this.state = 'member';
      this.isTold = false;
    } else this.build(token);
  }

  private endList(): void {
    this.state = this.state === 'list' ? 'end' : 'object';
  }

  private build(token: Token): void {
    const value = this.builder.push(token);
    if (value === undefined) return;
    if (this.state === 'object') this.leave(value);
    else this.element(value);
  }

  /** A member that is beside the table, or a field of the one row that the document is. */
  private leave(value: Value): void {
    if (this.others.size >= MAX_MEMBERS) {
      throw new Problem(422, 'too_many_columns', `The document has more than ${MAX_MEMBERS} members.`);
    }
    this.others.set(this.member ?? '', value);
  }

  private element(value: Value): void {
    const isRecord = isNested(value) || Array.isArray(value);
    if (this.state === 'list') {
      this.kind ??= isNested(value) ? 'objects' : 'lists';
    } else if (this.kind === null || this.kind === 'columns') {
      if (!isRecord) {
        this.kind = 'columns';
        this.hold(value);
        return;
      }
      this.kind = isNested(value) ? 'objects' : 'lists';
      this.table = this.member;
      this.headerNames = Array.isArray(value) ? this.namesFor(value.length) : null;
    } else if (this.table === null || this.table !== this.member) {
      if (!this.isTold) this.leave(null);
      this.isTold = true;
      return;
    }
    if (this.kind === 'objects') {
      if (!isNested(value)) throw noTable();
      this.spool.add(++this.count, flatten(value, this.names));
    } else this.list(Array.isArray(value) ? (value as readonly Value[]).map(cellOf) : [cellOf(value)]);
  }

  private namesFor(width: number): readonly string[] | null {
    for (const [name, cells] of this.columns) {
      if (cells.length !== width || !NAMES.includes(name.toLowerCase())) continue;
      this.columns.delete(name);
      return cells;
    }
    return null;
  }

  private hold(value: Value): void {
    if (++this.held > MAX_HELD_CELLS) {
      throw tooLargeInside('The file gives its table column by column, and has too many cells for that.');
    }
    const name = this.member ?? '';
    let column = this.columns.get(name);
    if (column === undefined) this.columns.set(name, (column = []));
    column.push(cellOf(value));
  }

  private list(cells: string[]): void {
    this.width = Math.max(this.width, cells.length);
    if (this.headerNames === null && this.count === 0) {
      this.head.push(cells);
      if (this.head.length === HEAD) this.tellHead();
      return;
    }
    this.spool.add(++this.count, cells);
  }

  /** Whether the first list names the columns is known when some have been seen. */
  private tellHead(): void {
    if (this.head.length > 1 && hasHeader(this.head)) this.headerNames = this.head.shift() ?? null;
    for (const cells of this.head) this.spool.add(++this.count, cells);
    this.head.length = 0;
  }

  private async endColumns(): Promise<void> {
    const columns = [...this.columns.values()];
    if (new Set(columns.map(({ length }) => length)).size > 1) throw noTable();
    for (let i = 0; i < (columns[0]?.length ?? 0); i++) {
      const cells = columns.map((column) => column[i] ?? '');
      if (this.spool.add(i + 1, cells)) await this.spool.drain();
    }
  }
}

const noTable = (): Problem => new Problem(422, 'json_no_table', NO_TABLE);
const shown = (name: string): string => name.slice(0, 100).toWellFormed();
