import { nodeOf } from '../graph/graph';
import { readsAllSteps } from '../graph/operation';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { ExampleModel } from './model';

/**
 * A model reads an answer's later steps only where it does not read `x[u]`; then there is no order to answer in.
 * @throws InputError if the model's answer cannot be read step by step
 */
export function refuseReadingAhead(model: ExampleModel): void {
  const { graph, logits } = model.build({ dropout: false, steps: { example: 1, t: 1, u: 1 } });
  const isOfAnswer = (id: number): boolean => nodeOf(graph, id).domain === 'u';
  const readsAhead = graph.nodes.some(({ operation, inputs }) =>
    inputs.some(
      (id, index) =>
        isOfAnswer(id) &&
        (readsAllSteps(operation, index) || (operation.kind === 'delay' && operation.lag < 0)),
    ),
  );
  if (!isOfAnswer(logits)) {
    throw new Error('The model answers with no sequence of its own.');
  }
  if (readsAhead) {
    throw new InputError(
      sentence`The model reads later steps of its answer, so it cannot answer step by step.`,
      sentence`Write [u-1] for [u+1], and read the whole of the source ([t]) rather than of the answer.`,
    );
  }
}
