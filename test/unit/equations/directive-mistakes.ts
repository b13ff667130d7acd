/** Mistaken directives, each with the first error's line, column, problem and hint. */
export const directiveMistakes: Readonly<
  Record<string, readonly (readonly [source: string, error: string])[]>
> = {
  init: [
    ['s[t] = b\ninit b', '2:7: Expected “=”, but the line ends here.'],
    [
      's[t] = b\ninit b = ',
      '2:10: Expected a value (a name, a number or a bracket), but the line ends here.',
    ],
    [
      's[t] = b\ninit b = foo',
      '2:10: There is no initial value foo. Write a number, or one of uniform, normal, orthogonal or identity.',
    ],
    [
      's[t] = W x[t]\ninit W = ortogonal',
      '2:10: There is no initial value ortogonal. Did you mean orthogonal? Write a number, or one of uniform, normal, orthogonal or identity.',
    ],
    [
      's[t] = b\ninit b = orthogonal',
      '2:10: b is a bias, so it cannot start as orthogonal. Only a matrix can; write a number, uniform(a) or normal(s).',
    ],
    [
      's[t] = b\ninit b = identity(2)',
      '2:10: b is a bias, so it cannot start as identity. Only a matrix can; write a number, uniform(a) or normal(s).',
    ],
    [
      's[t] = b\ninit b = normal(-1)',
      '2:10: normal cannot have a negative argument. Write normal(1): it is the standard deviation.',
    ],
    [
      's[t] = b\ninit b = uniform(-1)',
      '2:10: uniform cannot have a negative argument. Write uniform(1): values lie between -1 and 1.',
    ],
    ['s[t] = b\ninit b = 1e300', '2:10: This number is too large. The largest is about 3.4e38.'],
    ['s[t] = b\ninit b = 1e999', '2:10: This number is too large. The largest is about 3.4e38.'],
    ...['1e-60', '-1e-60', 'uniform(1e-60)', '0.00000001e-999'].map((value): [string, string] => [
      `s[t] = b\ninit b = ${value}`,
      '2:10: This number is too small. The smallest above 0 is about 1.4e-45; write 0 for less.',
    ]),
    [
      's[t] = b\ninit b = normal(1e38)',
      '2:10: normal(1e+38) can give numbers that are too large. The largest number is about 3.4e38: write at most normal(3.9e37).',
    ],
    [
      's[t] = b\ninit bias = 1',
      '2:6: Nothing is called bias. init sets how a matrix, a bias or a state starts.',
    ],
    [
      'hidden[t] = W x[t]\ninit hiden = 1',
      '2:6: Nothing is called hiden. Did you mean hidden? init sets how a matrix, a bias or a state starts.',
    ],
    [
      's[t] = b\ninit s = 1',
      '2:6: s is not a state: no equation reads s[t-1]. Only a state has a value before the first step.',
    ],
    [
      's[t] = s[t-1]\ninit s = normal',
      '2:10: s is a state, so it cannot start as normal. Write a number, as in init s = 0.5, or values of the example, as in init s = s[T].',
    ],
    [
      's[t] = s[t-1]\ninit s[t] = 1',
      '2:7: init takes a name without a time index. It holds for all times: write init s = ….',
    ],
    [
      's[t] = x[t-1]\ninit x = 1',
      '2:6: x is the input, which has no initial value. Before the first step it is zero.',
    ],
    [
      's[t] = b\ninit b = 1\ninit b = 2',
      '3:1: The initial value of b is set twice. Keep one; the first is on line 2.',
    ],
    [
      's[t] = b\ninit b = 1 2',
      '2:10: b is learnt, so its initial value is not computed. Write a number, or one of uniform, normal, orthogonal or identity.',
    ],
    [
      's[t] = b\ninit b = 1/2',
      '2:10: b is learnt, so its initial value is not computed. Write a number, or one of uniform, normal, orthogonal or identity.',
    ],
  ],
  size: [
    ['s[t] = b\nsize s', '2:7: Expected “=”, but the line ends here.'],
    ['s[t] = b\nsize s = ', '2:10: Expected a name or a number, but the line ends here.'],
    [
      's[t] = b\nsize s = 0',
      '2:10: A size must be a whole number of at least 1. Write size s = 64, or a multiple of the hidden size: size s = 2 hidden.',
    ],
    [
      's[t] = b\nsize s = 1.5',
      '2:10: A size must be a whole number of at least 1. Write size s = 64, or a multiple of the hidden size: size s = 2 hidden.',
    ],
    ['s[t] = b\nsize s = -3', '2:10: Expected a name or a number, but found “-”.'],
    [
      's[t] = b\nsize s = 0 hidden',
      '2:10: A size must be a whole number of at least 1. Write size s = 64, or a multiple of the hidden size: size s = 2 hidden.',
    ],
    [
      's[t] = b\nsize s = hidden / 0',
      '2:10: A size must be a whole number of at least 1. Write size s = 64, or a multiple of the hidden size: size s = 2 hidden.',
    ],
    [
      's[t] = b\nsize s = hiden',
      '2:10: There is no size hiden. Did you mean hidden? Write a number, or a multiple of the hidden size, as in size s = 2 hidden.',
    ],
    [
      's[t] = b\nsize s = 2 input',
      '2:12: There is no size input. Write a number, or a multiple of the hidden size, as in size s = 2 hidden.',
    ],
    ['s[t] = b\nsize r = 3', '2:6: No equation defines r. size sets the width of a left side.'],
    [
      's[t] = b\nsize b = 3',
      '2:6: The size of the bias b follows from the equations. Give the size of a variable instead.',
    ],
    [
      's[t] = W x[t]\nsize W = 3',
      '2:6: The size of the matrix W follows from the equations. Give the size of a variable instead.',
    ],
    [
      's[t] = b\nsize x = 3',
      '2:6: x is as wide as the input. Its size follows from the text and the embedding.',
    ],
    [
      's[t] = b\ny[t] = softmax(V s[t])\nsize y = 3',
      '3:6: y is the prediction, as wide as the vocabulary. Leave this line out.',
    ],
    [
      's[t] = b\nsize s = 3\nsize s = 4',
      '3:1: The size of s is set twice. Keep one; the first is on line 2.',
    ],
  ],
  output: [
    ['s[t] = b\noutput', '2:1: Nothing follows output. Write a name after it, as in output h.'],
    ['s[t] = b\noutput 3', '2:8: Expected a name or “=”, but found “3”.'],
    ['s[t] = b\noutput r', '2:8: No equation defines r. The output is one of the left sides.'],
    [
      'state[t] = b\noutput stat',
      '2:8: No equation defines stat. Did you mean state? The output is one of the left sides.',
    ],
    ['s[t] = b\noutput b', '2:8: No equation defines b. The output is one of the left sides.'],
    ['s[t] = b\noutput x', '2:8: No equation defines x. The output is one of the left sides.'],
    [
      's[t] = b\noutput s[t]',
      '2:9: output takes a name without a time index. It holds for all times: write output s.',
    ],
    [
      's[t] = b\ny[t] = softmax(V s[t])\noutput y',
      '3:8: y is the prediction made from the output. Name the variable that goes to the next layer.',
    ],
    [
      's[t] = b\noutput s\noutput s',
      '3:1: The output is set twice. Keep one; the first is on line 2.',
    ],
  ],
};
