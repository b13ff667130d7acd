/** Texts that index wrongly, each with the first error's line, column, problem and hint. */
export const shapeMistakes: Readonly<
  Record<string, readonly (readonly [source: string, error: string])[]>
> = {
  'steps and examples': [
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ny = softmax(V h[t] + c)',
      '2:1: The left side has no time index. Write y[t] = …. For one vector of the whole example, read the end or the mean of a sequence, as in s[T] or mean(s).',
    ],
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ny = softmax(V h + c)',
      '2:15: The variable h has no time index. From other steps read h[1], h[T], mean(h), max(h) or attend(…, h).',
    ],
    [
      'k = tanh(b)\nh[t] = k[t] + W h[t-1]',
      '2:8: k has no index: it is one vector for the example. Write k.',
    ],
    [
      's[t] = tanh(U x[t] + W s[t-1])\nd[u] = tanh(A s[t] + B d[u-1])',
      '2:15: This equation has one value for each step of u, but s[t] runs over t. From other steps read s[1], s[T], mean(s), max(s) or attend(…, s).',
    ],
    [
      's[t] = tanh(U x[t] + W s[t-1])\nd[u] = tanh(A s[u] + B d[u-1])',
      '2:15: s runs over t, so there is no s[u]. From other steps read s[1], s[T], mean(s), max(s) or attend(…, s).',
    ],
    [
      's[t] = tanh(U x[t] + W s[t-1])\nd[u] = tanh(A x[t] + B d[u-1])',
      '2:15: This equation has one value for each step of u, but x[t] runs over t. From other steps read x[1], x[T], mean(x), max(x) or attend(…, x).',
    ],
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ny = softmax(V h[2])',
      '2:16: [2] is no step that can be read. The first step is h[1], the last one h[T]; others are read from where a step stands, as in h[t-2].',
    ],
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ny = softmax(V h[T-1])',
      '2:16: [T-1] is not a time. The last step of an example is h[T].',
    ],
    [
      's[t] = x\ny[t] = softmax(V s[t] + U x[t])',
      "1:8: The variable x has no time index. Write x[t] for this step's value or x[t-1] for the previous one.",
    ],
  ],
  letters: [
    [
      'u[t] = x[t]\nd[u] = u[T]',
      '1:1: u counts the steps of the answer, so no equation can define it. Choose another name.',
    ],
    [
      's[t] = W x[t]\nd[u] = tanh(s[T] + u)',
      '2:20: u counts steps and can stand only in square brackets. Choose another name.',
    ],
    [
      's[t] = W x[t]\ny = softmax(T s[T])',
      '2:13: T is the last step and can stand only in square brackets. Choose another name.',
    ],
  ],
  loops: [
    [
      'h[t] = tanh(U x[t] + W h[t-1] + R h[t+1])',
      '1:35: h would run both ways: its loop reads h[t-1] and h[t+1]. A loop runs one way only: give each direction a variable of its own, as in f[t] = … f[t-1] … and b[t] = … b[t+1] ….',
    ],
    [
      'f[t] = tanh(U x[t] + W f[t-1] + P b[t])\nb[t] = tanh(Q b[t+1] + R f[t-1])',
      '2:15: f would run both ways: its loop reads f[t-1] and b[t+1]. A loop runs one way only: give each direction a variable of its own, as in f[t] = … f[t-1] … and b[t] = … b[t+1] ….',
    ],
    [
      'h[t] = tanh(U x[t] + W h[T])',
      '1:24: h[T] is known only when every step of h is, but h needs it. Read a single step instead, such as h[t-1].',
    ],
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ninit h = mean(h)',
      '2:10: mean(h) is known only when every step of h is, but h needs it. Read a single step instead, such as h[t-1].',
    ],
    [
      'k = tanh(A k)',
      '1:12: k needs itself: k → k. Break the loop with an earlier value, such as k[t-1].',
    ],
    [
      'b[t] = tanh(U x[t] + W b[t+1])\ny = softmax(V b[T] + c)',
      '2:15: b runs from right to left, so b[T] has read only the last step. Write b[1] for what has read all steps; if the last step is meant, give it a name of its own, as in e[t] = b[t], and write e[T].',
    ],
  ],
  'the answer': [
    [
      'd[u] = tanh(U x[u] + W d[u+1])\ny[u] = softmax(V d[u])',
      '1:24: d[u+1] knows the answer: y would be told what it is to predict. x[u] is the answer one step before, so what y is made from may read only earlier steps of it; a source that is known from the start is x[t].',
    ],
    [
      'd[u] = tanh(U x[u] + W d[u-1])\nk[u] = tanh(A d[u] + mean(d))\ny[u] = softmax(V k[u])',
      '2:22: mean(d) knows the answer: y would be told what it is to predict. x[u] is the answer one step before, so what y is made from may read only earlier steps of it; a source that is known from the start is x[t].',
    ],
    [
      's[t] = tanh(U x[t] + W s[t-1])\nd[u] = tanh(P x[u] + R d[u-1])\na[u] = attend(d[u], d)\ny[u] = softmax(V a[u] + Q s[T])',
      '3:8: attend(d[u], d) knows the answer: y would be told what it is to predict. x[u] is the answer one step before, so what y is made from may read only earlier steps of it; a source that is known from the start is x[t].',
    ],
  ],
  'sequences as a whole': [
    [
      'h[t] = W x[t]\ny = softmax(V mean(h[t]))',
      '2:20: mean reads all steps of h. Write h without an index.',
    ],
    [
      'h[t] = W x[t]\ny = softmax(V mean(tanh(h)))',
      '2:20: mean reads all steps of a sequence, by its name. Give the value an equation of its own, such as s[t] = …, and write s here.',
    ],
    [
      'h[t] = W x[t]\nk = max(h)\ny = softmax(V mean(k))',
      '3:20: k is one vector for the example, so it has no steps for mean to read. Write the name of a sequence, of what has an index where it is defined.',
    ],
    [
      'h[t] = W x[t]\ny = softmax(V mean(g))',
      '2:20: No equation defines g. It reads a sequence, such as the states of a cell.',
    ],
    [
      'h[t] = W x[t]\ny = softmax(V max(h, h))',
      '2:20: max has one argument. Only attend and cells have several arguments, and a decimal number has a point.',
    ],
    [
      'h[t] = W x[t]\ny = softmax(V attend(h[T]))',
      '2:15: attend has two, three or four arguments. Write attend(query, states), attend(query, keys, values), or attend(query, keys, values, v) with a score vector v.',
    ],
    [
      'h[t] = W x[t]\ny = softmax(V attend(h[T], h, h, V))',
      '2:34: The fourth argument of attend is a learnt vector. Write a lowercase name that no equation defines, such as v.',
    ],
    [
      'h[t] = W x[t]\nd[u] = P x[u]\na[u] = attend(d[u], h, d)',
      '3:8: h runs over t and d over u, but each key belongs to a value. Use keys and values that have the same steps.',
    ],
    [
      'h[t] = W x[t]\ny = softmax(V attend(1, h))',
      '2:22: The query of attend is a number. Write a vector to compare the keys with.',
    ],
    [
      'h[t] = (W x[t], b)',
      '1:15: A comma stands only between the arguments of attend or of a cell. A function has one argument, and a decimal number a point.',
    ],
  ],
  stacks: [
    [
      'h[t] = V [W x[t]]',
      '1:10: There is nothing to stack in these brackets. Put a semicolon between the parts, as in [a[t]; b[t]]; round brackets group a value.',
    ],
    [
      'h[t] = V [W x[t]; ]',
      '1:10: A part of this stack is missing. Write a value on both sides of each semicolon.',
    ],
    ['h[t] = V [W x[t]; b', '1:10: This bracket is never closed. Add the missing ].'],
    [
      'h[t] = V [W x[t]; 2]',
      '1:19: This part of the stack is a number. Stack vectors; a number has no width.',
    ],
  ],
  'applied cells': [
    [
      'h[t] = tanh(gru(x[t], h[t-1]))',
      '1:13: The cell gru stands alone on a right side, not within an expression. Give it an equation of its own, such as h[t] = gru(x[t], h[t-1]).',
    ],
    [
      'h[t] = gru(x[t])',
      '1:11: A cell has two arguments: what it reads, and its own state of another step. Write h[t] = gru(x[t], h[t-1]).',
    ],
    [
      'h[t] = gru(x[t], c[t-1])\nc[t] = h[t]',
      '1:18: The second argument of a cell is its own state, h[t-1] or h[t+1]. Write h[t] = gru(x[t], h[t-1]), or h[t+1] for a cell that runs from right to left.',
    ],
    [
      'h = gru(x, h)',
      '1:1: The left side has no time index. Write h[t] = …. For one vector of the whole example, read the end or the mean of a sequence, as in s[T] or mean(s).',
    ],
    [
      'h[t] = gr(x[t], h[t-1])',
      '1:8: There is no function gr. Did you mean gru? The functions are tanh, sigmoid, relu, exp, log, softplus, sqrt, abs, softmax, layernorm, dropout, mean, max and attend; if gr is a bias, write gr * (…).',
    ],
    [
      'h[t] = gru(x[t], h[t-1])\nh.z[t] = b',
      '2:1: h.z is defined twice. Give this one another name; the first is on line 1.',
    ],
  ],
  starts: [
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ninit h = W x[t]',
      '2:12: A start is one vector for the example, but x[t] has one for each step. Read its end, x[1] or x[T], or mean(x) or max(x).',
    ],
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ninit h = 1 / 2',
      '2:10: This start is made of numbers only. Write it as one number, as in init h = 0.5.',
    ],
    [
      'h[t] = tanh(U x[t])\ninit h = s0',
      '2:6: h is not a state: no equation reads h[t-1]. Only a state has a value before the first step.',
    ],
    [
      'h[t] = tanh(U x[t] + W h[t-1])\ninit W = tanh(b)',
      '2:10: W is learnt, so its initial value is not computed. Write a number, or one of uniform, normal, orthogonal or identity.',
    ],
  ],
};
