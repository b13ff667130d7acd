import { nodeOf, type Graph } from '../graph/graph';
import type { Instruction, Sequence, StepInstruction, View } from './program';

/** The instructions of a node that reads a whole sequence, or stacks vectors. */
export function emitStepNode(
  { graph, view }: { readonly graph: Graph; readonly view: (id: number) => View },
  id: number,
): Instruction[] {
  const { operation, inputs } = nodeOf(graph, id);
  const [a, b, c, d] = inputs as [number, number, number, number];
  const out = view(id);
  const sequence = (of: number): Sequence => ({ view: view(of), axis: nodeOf(graph, of).domain });
  const only = (instruction: StepInstruction): Instruction[] => [instruction];
  switch (operation.kind) {
    case 'step sum':
      return only({ op: 'stepSum', input: sequence(a), span: operation.span, out });
    case 'spread': {
      const { span } = operation;
      if (span === 'all') throw new Error('What all steps read is not written out.');
      return only({ op: 'spread', span, input: view(a), out });
    }
    case 'per step':
      return only({ op: 'perStep', axis: operation.axis, input: view(a), out });
    case 'argmax':
      return only({ op: 'argmax', input: sequence(a), out });
    case 'pick':
      return only({ op: 'pick', input: sequence(a), steps: view(b), out });
    case 'unpick':
      return only({ op: 'unpick', steps: view(a), gradient: view(b), out });
    case 'dot':
      return only({ op: 'dot', query: view(a), keys: sequence(b), out });
    case 'additive':
      return only({ op: 'additive', query: view(a), keys: sequence(b), vector: view(c), out });
    case 'step softmax':
      return only({ op: 'stepSoftmax', axis: operation.axis, input: view(a), out });
    case 'mix':
      return only({ op: 'mix', weights: view(a), values: sequence(b), out });
    case 'unmix':
      return only({ op: 'unmix', weights: sequence(a), gradient: view(b), out });
    case 'additive gradient': {
      // Scores have a row for each of the query, which itself may stand once for an example.
      const query = { view: view(a), axis: nodeOf(graph, d).domain };
      const operands = { query, keys: sequence(b), vector: view(c), scores: view(d) };
      return only({ op: 'additiveGradient', by: operation.by, ...operands, out });
    }
    case 'join': {
      let to = 0;
      return inputs.flatMap((input) => {
        const count = nodeOf(graph, input).width;
        to += count;
        return only({ op: 'copyValues', input: view(input), from: 0, out, to: to - count, count });
      });
    }
    case 'part': {
      const place = { from: operation.start, to: 0, count: nodeOf(graph, id).width };
      return only({ op: 'copyValues', input: view(a), ...place, out });
    }
    default:
      throw new Error(`${operation.kind} is no instruction.`);
  }
}
