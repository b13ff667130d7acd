import type { GraphModel } from './model';
import type { ElementStep, Instruction } from './program';

/** A name for what an instruction does, with the parameters it reads: `product with layer1.W, transposed`. */
export function describeInstruction(model: GraphModel, instruction: Instruction): string {
  const matrices = (storage: number): string =>
    [...model.storageOf]
      .find(([, index]) => index === storage)![0]
      .split(' ')
      .join(', ');
  switch (instruction.op) {
    case 'gather':
      return `rows of ${matrices(instruction.storage)}`;
    case 'onehot':
      return 'one-hot input';
    case 'product':
      return `product with ${matrices(instruction.storage)}${instruction.transposed ? ', transposed' : ''}`;
    case 'elementwise':
      return `elementwise: ${operationsOf(instruction.steps)}`;
    case 'softmax':
    case 'layernorm':
      return instruction.op;
    case 'softmaxGradient':
      return 'gradient of softmax';
    case 'layernormGradient':
      return 'gradient of layernorm';
    case 'dropoutMask':
      return 'dropout mask';
    case 'crossEntropy':
      return 'softmax and cross-entropy';
    case 'bernoulli':
      return 'sigmoid and cross-entropy';
    case 'squaredError':
      return 'squared error';
    case 'stepSum':
      return instruction.span === 'all' ? 'sum over steps' : 'values of the ends';
    case 'spread':
      return 'gradient of the ends';
    case 'perStep':
      return 'mean over steps';
    case 'argmax':
    case 'pick':
      return 'maximum over steps';
    case 'unpick':
      return 'gradient of the maximum over steps';
    case 'dot':
    case 'additive':
    case 'stepSoftmax':
    case 'mix':
      return 'attention';
    case 'unmix':
    case 'additiveGradient':
      return 'gradient of attention';
    case 'copyValues':
      return 'stacked vectors';
    case 'border':
      return 'what stands before and after a sequence';
    case 'outer':
    case 'scatter':
      return `gradient of ${matrices(instruction.storage)}`;
    case 'sum':
      return `gradient of ${biasAt(model, instruction.parameter)}`;
  }
}

/** `3 multiply, tanh`: what a chain does most comes first. */
function operationsOf(steps: readonly ElementStep[]): string {
  const counts = new Map<string, number>();
  for (const { operation } of steps) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([operation, count]) => (count > 1 ? `${String(count)} ${operation}` : operation))
    .join(', ');
}

function biasAt(model: GraphModel, offset: number): string {
  return model.parameters.find((parameter) => parameter.offset === offset)?.name ?? 'a bias';
}
