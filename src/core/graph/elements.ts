/** Elementwise operations: what they are called and what they do. */
export const elementOperations = [
  'copy', // a
  'add', // a + b
  'subtract', // a - b
  'multiply', // a · b
  'divide', // a / b
  'negate', // -a
  'tanh',
  'sigmoid',
  'relu',
  'exp',
  'log',
  'softplus', // log(1 + e^a), without overflow
  'sqrt',
  'abs',
  'tanhGradient', // a is tanh's output, b the incoming gradient: b (1 - a²)
  'sigmoidGradient', // a is sigmoid's output: b a (1 - a)
  'reluGradient', // a is relu's output: b where a > 0, else 0
  'absGradient', // a is abs' input: b sign(a), 0 at 0
] as const;
export type ElementOperation = (typeof elementOperations)[number];

/**
 * What an elementwise operation does to each value, in float64; operations of one operand pass over `b`.
 * softplus and sigmoid do not overflow.
 */
export function evaluateElement(operation: ElementOperation, a: number, b = 0): number {
  switch (operation) {
    case 'copy':
      return a;
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'negate':
      return -a;
    case 'tanh':
      return Math.tanh(a);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-a));
    case 'relu':
      return Math.max(a, 0);
    case 'exp':
      return Math.exp(a);
    case 'log':
      return Math.log(a);
    case 'softplus':
      return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    case 'sqrt':
      return Math.sqrt(a);
    case 'abs':
      return Math.abs(a);
    case 'tanhGradient':
      return b * (1 - a * a);
    case 'sigmoidGradient':
      return b * (a * (1 - a));
    case 'reluGradient':
      return a > 0 ? b : 0;
    case 'absGradient':
      return b * Math.sign(a);
  }
}
