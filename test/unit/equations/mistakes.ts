/** Mistaken texts, each with the first error's line, column, problem and hint. */
export const mistakes: Readonly<
  Record<string, readonly (readonly [source: string, error: string])[]>
> = {
  'the text': [
    [
      '',
      '1:1: There are no equations here. Write at least one, such as s[t] = tanh(U x[t] + W s[t-1] + b).',
    ],
    [
      '# only a comment\r\n',
      '1:1: There are no equations here. Write at least one, such as s[t] = tanh(U x[t] + W s[t-1] + b).',
    ],
    ['s[t] a + b', '1:6: Expected “=”, but found “a”.'],
    [
      '= 3',
      '1:1: Expected a name or the end of the line, but found “=”. An equation has one = and starts a new line.',
    ],
    ['s[t] = b\n2 = 3', '2:1: Expected a name, an operator or the end of the line, but found “2”.'],
    [
      'sizes z = 3\ns[t] = b',
      '1:1: A line cannot start with sizes like this. Did you mean size? A line is an equation such as h[t] = …, or starts with init, size or output.',
    ],
    [
      'W x[t] = 3\ns[t] = b',
      '1:1: A line cannot start with W like this. A line is an equation such as h[t] = …, or starts with init, size or output.',
    ],
    [
      's[t] = a = b',
      '1:10: Expected an operator or the end of the line, but found “=”. An equation has one = and starts a new line.',
    ],
    [
      's[t] = b;',
      '1:9: Expected an operator or the end of the line, but found “;”. Write each equation on a line of its own.',
    ],
    ['s[t]] = b', '1:5: Expected “=”, but found “]”. No square bracket is open here.'],
    [
      `s[t] = ${'('.repeat(600)}b${')'.repeat(600)}`,
      '1:509: This expression is nested too deeply. Give parts of it equations of their own.',
    ],
  ],
  'values and operators': [
    [
      's[t] = a +',
      '1:11: Expected a value (a name, a number or a bracket), but the line ends here.',
    ],
    [
      's[t] = a +\n\n# r\nr[t] = b',
      '1:10: Nothing follows this +. Add what is missing, or remove it.',
    ],
    ['s[t] =\nr[t] = b', '1:6: Nothing follows this =. Add what is missing, or remove it.'],
    ['s[t] = a * * b', '1:12: Expected a value (a name, a number or a bracket), but found “*”.'],
    [
      's[t] = tanh(a, b)',
      '1:14: tanh has one argument. Only attend and cells have several arguments, and a decimal number has a point.',
    ],
    [
      's[t] = a b)',
      '1:11: Expected an operator or the end of the line, but found “)”. No round bracket is open here.',
    ],
    ['s[t] = (a + b', '1:8: This bracket is never closed. Add the missing ).'],
    ['s[t] = tanh(\nr[t] = b', '1:12: Nothing follows this (. Add what is missing, or remove it.'],
    ['s[t] = ()', '1:8: There is nothing in these brackets. Write a value between them.'],
    ['s[t] = 1e999', '1:8: This number is too large. The largest is about 3.4e38.'],
    ['s[t] = 3.5e38', '1:8: This number is too large. The largest is about 3.4e38.'],
    ...['1e-60', '.5e-45', '0.1e-999'].map((number): [string, string] => [
      `s[t] = b + ${number}`,
      '1:12: This number is too small. The smallest above 0 is about 1.4e-45; write 0 for less.',
    ]),
    [
      's[t] = h[t]^2',
      '1:12: Expected an operator or the end of the line, but found “^”. There are no powers: write a * a.',
    ],
    [
      's[t] = a²',
      '1:9: Expected an operator or the end of the line, but found “²”. There are no powers: write a * a.',
    ],
    [
      's[t] = W @ a',
      '1:10: Expected an operator or the end of the line, but found “@”. Write nothing between a matrix and a vector, as in W x[t].',
    ],
    [
      's[t] = a ⊙ b',
      '1:10: Expected an operator or the end of the line, but found “⊙”. Write * for the elementwise product, and nothing between a matrix and a vector.',
    ],
    [
      's[t] = a − b',
      '1:10: Expected an operator or the end of the line, but found “−”. Write the minus sign of the keyboard: -.',
    ],
    [
      's[t] = （b）',
      '1:8: Expected a value (a name, a number or a bracket), but found “（”. Write ( instead of （.',
    ],
    [
      's[t] = \\tanh(b)',
      '1:8: Expected a value (a name, a number or a bracket), but found “\\”. This is not TeX: write tanh(…), and h[t] for h_t.',
    ],
    [
      "s[t] = b'",
      "1:9: Expected an operator or the end of the line, but found “'”. There are no quotes or primes here: a name is made of letters, digits and underscores.",
    ],
    [
      's[t] = "b"',
      '1:8: Expected a value (a name, a number or a bracket), but found “"”. There are no quotes or primes here: a name is made of letters, digits and underscores.',
    ],
    [
      's[t] = \u0001',
      '1:8: Expected a value (a name, a number or a bracket), but found the character U+0001.',
    ],
  ],
  'left sides': [
    [
      's = U x[t] + b',
      '1:1: The left side has no time index. Write s[t] = …. For one vector of the whole example, read the end or the mean of a sequence, as in s[T] or mean(s).',
    ],
    [
      's[T] = b',
      '1:1: An equation defines all steps of a variable. Write s[t] = …; init s = … sets what stands before the first step.',
    ],
    ['s_t = b', '1:1: The left side has no time index. Write s[t] = ….'],
    [
      's[t-1] = b',
      '1:1: An equation defines a value at time t. Write s[t] = … and shift the right side by as many steps.',
    ],
    [
      's[t+1] = s[t]',
      '1:1: An equation defines a value at time t. Write s[t] = … and shift the right side by as many steps.',
    ],
    [
      's[t] = b\r\ns[t] = b',
      '2:1: s is defined twice. Give this one another name; the first is on line 1.',
    ],
    [
      'x[t] = b',
      '1:1: x is the input of the cell, so no equation can define it. Choose another name.',
    ],
    ['t[t] = b', '1:1: t is the time, so no equation can define it. Choose another name.'],
    ['tanh[t] = b', '1:1: tanh is a function, so no equation can define it. Choose another name.'],
    [
      'y[t] = softmax(V x[t])',
      '1:1: The cell defines nothing but its prediction y. Write an equation for what y is made from, such as h[t] = tanh(U x[t] + W h[t-1]).',
    ],
  ],
  time: [
    ['s[t] = s[t-k]', '1:9: The lag k is not a number. Write it out, as in s[t-1] or s[t-8].'],
    [
      's[t] = s[t-1.5]',
      '1:9: The lag 1.5 is not a whole number. Time goes in whole steps: write [t-1], [t-2] and so on.',
    ],
    ['s[t] = s[t--1]', '1:9: The lag -1 is not a number. Write it out, as in s[t-1] or s[t-8].'],
    ['s[t] = s[i]', '1:9: [i] is not a time. Write s[t], or s[t-k] with a number k.'],
    ['s[t] = s[]', '1:9: [] is not a time. Write s[t], or s[t-k] with a number k.'],
    ['s[t] = s[t-1', '1:9: This time index is never closed. Write s[t] or s[t-1].'],
    [
      's[t] = s[t-1000000]',
      '1:9: The lag 1000000 is too long. At most 1000 steps can be remembered.',
    ],
    [
      's[t] = t',
      '1:8: t is the time and can stand only in square brackets. Choose another name for a bias.',
    ],
    [
      's[t] = t[t-1]',
      '1:8: t is the time, so it cannot be the name of a variable. Choose another name.',
    ],
    [
      's[t] = W s',
      "1:10: The variable s has no time index. Write s[t] for this step's value or s[t-1] for the previous one.",
    ],
    [
      's[t] = x',
      "1:8: The variable x has no time index. Write x[t] for this step's value or x[t-1] for the previous one.",
    ],
    [
      's[t] = W s_t',
      "1:10: The time index of s goes in square brackets. Write s[t] for this step's value or s[t-1] for the previous one.",
    ],
    [
      's[t] = (b)[t]',
      '1:11: Expected an operator or the end of the line, but found “[”. A time index stands right after the name of a variable, as in h[t-1].',
    ],
  ],
  names: [
    [
      'hidden[t] = W hiden[t-1]',
      '1:15: No equation defines hiden. Did you mean hidden? Add an equation hiden[t] = …, or write hiden without a time index if it is a learnt bias.',
    ],
    [
      'h[t] = X[t]',
      '1:8: No equation defines X. Did you mean x? A matrix has no time index; a variable needs an equation X[t] = ….',
    ],
    [
      's[t] = W[t]',
      '1:8: No equation defines W. A matrix has no time index; a variable needs an equation W[t] = ….',
    ],
    [
      's[t] = b[t]',
      '1:8: No equation defines b. Add an equation b[t] = …, or write b without a time index if it is a learnt bias.',
    ],
    [
      'tanh[t-1] = 2\ns[t] = b',
      '1:1: tanh is a function, so no equation can define it. Choose another name.',
    ],
    [
      's[t] = tanh[t]',
      '1:8: tanh is a function, not a variable. Write tanh(…), or choose another name.',
    ],
    ['s[t] = exp', '1:8: exp is a function and needs an argument in brackets. Write exp(…).'],
  ],
  matrices: [
    [
      's[t] = W',
      '1:8: The matrix W has no operand. Write the vector it multiplies after it, as in W x[t] (in brackets if it has a sign); if W is a bias, write it in lowercase: w.',
    ],
    [
      's[t] = U x[t] + B',
      '1:17: The matrix B has no operand. Write the vector it multiplies after it, as in B x[t] (in brackets if it has a sign); if B is a bias, write it in lowercase: b.',
    ],
    [
      's[t] = W * x[t]',
      '1:8: W is a matrix, and * multiplies vectors elementwise. For matrix times vector write W before the vector with nothing between, as in W x[t].',
    ],
    [
      's[t] = x[t] * W',
      '1:8: W is a matrix, and * multiplies vectors elementwise. For matrix times vector write W before the vector with nothing between, as in W x[t].',
    ],
    [
      's[t] = W * V',
      '1:8: This is a matrix times a matrix, with no vector. Apply one matrix after the other to a vector, as in A B x[t].',
    ],
    [
      's[t] = W V',
      '1:8: W V is a matrix times a matrix, with no vector. Write a vector after them, as in W V x[t].',
    ],
    [
      's[t] = W -x[t]',
      '1:8: The matrix W has no operand. Write the vector it multiplies after it, as in W x[t] (in brackets if it has a sign); if W is a bias, write it in lowercase: w.',
    ],
    [
      's[t] = (A + B) x[t]',
      '1:8: Matrices cannot be combined before they are applied to a vector. Apply each to the vector: A x[t] + B x[t] for a sum, A B x[t] for a product.',
    ],
    [
      's[t] = (A B) x[t]',
      '1:8: Matrices cannot be combined before they are applied to a vector. Apply each to the vector: A x[t] + B x[t] for a sum, A B x[t] for a product.',
    ],
    [
      's[t] = W 2',
      '1:10: The matrix W multiplies a number. Its operand must be a vector, such as x[t].',
    ],
    [
      's[t] = W (1 + 2)',
      '1:10: The matrix W multiplies a number. Its operand must be a vector, such as x[t].',
    ],
    [
      's[t] = b x[t]',
      "1:8: b is lowercase, so it is no matrix and cannot stand before a value. Write * between them for an elementwise product; a matrix's name starts with an uppercase letter.",
    ],
    [
      's[t] = 2 W x[t]',
      '1:8: Two values stand side by side with nothing between. Write * between them for a product.',
    ],
    [
      's[t] = x[t] x[t]',
      '1:8: Two values stand side by side with nothing between. Write * between them for a product.',
    ],
    [
      's[t] = tanh(x[t]) x[t]',
      '1:8: Two values stand side by side with nothing between. Write * between them for a product.',
    ],
    [
      'W[t] = x[t]\ns[t] = W x[t]',
      "2:8: The variable W has no time index. Write W[t] for this step's value or W[t-1] for the previous one.",
    ],
  ],
  functions: [
    ['s[t] = Tanh(b)', '1:8: There is no function Tanh. Write tanh(…).'],
    ['s[t] = σ(b)', '1:8: There is no function σ. Write sigmoid(…).'],
    [
      's[t] = sigmod(b)',
      '1:8: There is no function sigmod. Did you mean sigmoid? The functions are tanh, sigmoid, relu, exp, log, softplus, sqrt, abs, softmax, layernorm, dropout, mean, max and attend; if sigmod is a bias, write sigmod * (…).',
    ],
    [
      's[t] = f(b)',
      '1:8: There is no function f. The functions are tanh, sigmoid, relu, exp, log, softplus, sqrt, abs, softmax, layernorm, dropout, mean, max and attend; if f is a bias, write f * (…).',
    ],
    ['s[t] = tanh', '1:8: tanh is a function and needs an argument in brackets. Write tanh(…).'],
    ['s[t] = tanh W x[t]', '1:8: The argument of tanh needs brackets. Write tanh(…).'],
    [
      's[t] = softmax(2)',
      '1:16: softmax acts on a whole vector, but this is a number. Write a vector in the brackets.',
    ],
    [
      's[t] = layernorm(1 - 2)',
      '1:18: layernorm acts on a whole vector, but this is a number. Write a vector in the brackets.',
    ],
  ],
  loops: [
    [
      's[t] = tanh(W s[t])',
      '1:15: s[t] needs itself: s[t] → s[t]. Break the loop with an earlier value, such as s[t-1].',
    ],
    [
      'a[t] = b[t]\nb[t] = tanh(c[t] + a[t-1])\nc[t] = W a[t]',
      '3:10: a[t] needs itself: a[t] → b[t] → c[t] → a[t]. Break the loop with an earlier value, such as a[t-1].',
    ],
    [
      'p[t] = q[t]\nq[t] = p[t]\nr[t] = q[t] + r[t]',
      '2:8: p[t] needs itself: p[t] → q[t] → p[t]. Break the loop with an earlier value, such as p[t-1].',
    ],
  ],
};
