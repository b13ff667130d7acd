/** relu and abs without their kinks: what a central difference can cross without harm. */
import { evaluateElement, type ElementOperation } from '../graph/elements';

export type EvaluateElement = (operation: ElementOperation, a: number, b?: number) => number;

export interface Pieces {
  /** To be given to the reference backend. */
  readonly evaluate: EvaluateElement;
  /** Does a forward pass, and notes on which side of its kink each operand was. */
  note(run: () => void): void;
  /**
   * Does the same pass with other parameters, where each operation goes on as on the side that was noted: smooth, and
   * equal to the noted pass in value and derivatives where that has any.
   */
  hold(run: () => void): void;
}

/** @param evaluate what elementwise operations do */
export function createPieces(evaluate: EvaluateElement = evaluateElement): Pieces {
  /** Signs of operands at 0, in the order in which they are evaluated; NaN for what is no number. */
  const sides: number[] = [];
  let doing: 'neither' | 'note' | 'hold' = 'neither';
  let next = 0;

  function pass(what: 'note' | 'hold', run: () => void): void {
    [doing, next] = [what, 0];
    try {
      run();
    } finally {
      doing = 'neither';
    }
  }

  return {
    evaluate(operation, a, b) {
      const hasKink = operation === 'relu' || operation === 'abs';
      if (!hasKink || doing === 'neither') return evaluate(operation, a, b);
      if (doing === 'note') {
        sides[next++] = Math.sign(a);
        return evaluate(operation, a, b);
      }
      const side = sides[next++]!;
      return a * (operation === 'relu' ? Math.max(side, 0) : side);
    },
    note(run) {
      sides.length = 0;
      pass('note', run);
    },
    hold(run) {
      pass('hold', run);
    },
  };
}
