import type { Sequence, StepInstruction, View } from '../engine/program';
import type { Domain } from '../graph/operation';
import { By, Domain as DomainIndex } from './assembly/layout';

/**
 * The words of an instruction that reads a whole sequence, or writes around it.
 * @param view the words of a view; zeros where there is none
 */
export function stepOperands(
  instruction: StepInstruction,
  view: (view: View | undefined) => number[],
): number[] {
  const axis = (of: Domain): number => DomainIndex[of];
  const sequence = (of: Sequence): number[] => [axis(of.axis), ...view(of.view)];
  switch (instruction.op) {
    case 'stepSum': {
      const { input, span, out } = instruction;
      return [...sequence(input), span === 'all' ? 0x7fffffff : span, ...view(out)];
    }
    case 'spread':
      return [...view(instruction.input), instruction.span, ...view(instruction.out)];
    case 'perStep':
    case 'stepSoftmax':
      return [axis(instruction.axis), ...view(instruction.input), ...view(instruction.out)];
    case 'argmax':
      return [...sequence(instruction.input), ...view(instruction.out)];
    case 'pick':
      return [instruction.input.view, instruction.steps, instruction.out].flatMap(view);
    case 'unpick':
      return [instruction.steps, instruction.gradient, instruction.out].flatMap(view);
    case 'dot': {
      const { query, keys, out } = instruction;
      return [axis(keys.axis), ...[query, keys.view, out].flatMap(view)];
    }
    case 'additive': {
      const { query, keys, vector, out } = instruction;
      return [axis(keys.axis), ...[query, keys.view, vector, out].flatMap(view)];
    }
    case 'mix': {
      const { weights, values, out } = instruction;
      return [axis(values.axis), ...[weights, values.view, out].flatMap(view)];
    }
    case 'unmix': {
      const { weights, gradient, out } = instruction;
      return [...sequence(weights), ...view(gradient), ...view(out)];
    }
    case 'additiveGradient': {
      const { by, query, keys, vector, scores, out } = instruction;
      return [
        By[by],
        ...sequence(query),
        ...sequence(keys),
        ...[vector, scores, out].flatMap(view),
      ];
    }
    case 'copyValues': {
      const { input, from, out, to, count } = instruction;
      return [...view(input), from * 4, ...view(out), to * 4, count * 4];
    }
    case 'border': {
      const { out, lag, initial, start } = instruction;
      return [...sequence(out), lag, floatBits(initial), ...view(start)];
    }
  }
}

/** The bits of a float32. */
export function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}
