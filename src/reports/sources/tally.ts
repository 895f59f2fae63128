import { checkFaithfulness, type Faithfulness, type Known } from '../../chat/pipeline/faithfulness/check.js';
import type { ReportGrounded } from '../report.js';

/** More of them would only be a longer list of the same fault. */
const MOST_NAMED = 20;

/** Counts the numbers of a report's texts as they are written, and those that the evidence of each bears out. */
export class Tally {
  private numbers = 0;
  private supported = 0;
  private readonly unsupported: string[] = [];

  check(text: string, ...evidence: readonly Iterable<Known>[]): void {
    this.add(checkFaithfulness(text, ...evidence));
  }

  /** What was checked when it was written. */
  add({ numbers, supported, unsupported }: Faithfulness): void {
    this.numbers += numbers;
    this.supported += supported;
    this.unsupported.push(...unsupported);
  }

  get grounded(): ReportGrounded {
    const { numbers, supported, unsupported } = this;
    return { numbers, supported, unsupported: unsupported.slice(0, MOST_NAMED) };
  }
}
