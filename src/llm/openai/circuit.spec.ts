import { describe, expect, it } from '@jest/globals';
import { ModelError, type ModelErrorKind } from '../language-model.js';
import { Circuit } from './circuit.js';

describe('Circuit', () => {
  function aCircuit(...failures: ModelErrorKind[]): { circuit: Circuit; later: (ms: number) => void } {
    let now = 0;
    const circuit = new Circuit(() => now);
    for (const kind of failures) {
      circuit.enter();
      circuit.failed(kind);
    }
    return { circuit, later: (ms) => (now += ms) };
  }

  it('opens after three failures in a row to reach the provider', () => {
    const { circuit } = aCircuit('unreachable', 'timeout', 'unreachable');
    expect(() => circuit.enter()).toThrow(ModelError);
  });

  it.each<[string, ModelErrorKind[]]>([
    ['two', ['timeout', 'timeout']],
    ['an answer among them, even a bad one', ['timeout', 'timeout', 'server', 'timeout', 'timeout']],
    ['calls that were stopped', ['aborted', 'aborted', 'aborted', 'aborted']],
  ])('stays closed after %s', (_, failures) => {
    const { circuit } = aCircuit(...failures);
    expect(() => circuit.enter()).not.toThrow();
  });

  it('counts from the start after a success', () => {
    const { circuit } = aCircuit('timeout', 'timeout');
    circuit.answered();
    circuit.failed('timeout');
    expect(() => circuit.enter()).not.toThrow();
  });

  it('lets one call try again after a while, and all when it succeeds', () => {
    const { circuit, later } = aCircuit('timeout', 'timeout', 'timeout');
    later(14_999);
    expect(() => circuit.enter()).toThrow(ModelError);
    later(1);
    circuit.enter();
    expect(() => circuit.enter()).toThrow(ModelError);
    circuit.answered();
    circuit.enter();
    circuit.enter();
  });

  it('waits again when that call fails, and lets the next one try when it was stopped', () => {
    const { circuit, later } = aCircuit('timeout', 'timeout', 'timeout');
    later(15_000);
    circuit.enter();
    circuit.failed('unreachable');
    expect(() => circuit.enter()).toThrow(ModelError);
    later(15_000);
    circuit.enter();
    circuit.failed('aborted');
    expect(() => circuit.enter()).not.toThrow();
  });
});
