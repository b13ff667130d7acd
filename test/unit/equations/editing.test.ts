import assert from 'node:assert/strict';
import fc from 'fast-check';
import { builtinCells } from '../../../src/core/cells';
import { formatCell } from '../../../src/core/equations/format';
import { namePlaces, readableStatements } from '../../../src/core/equations/lenient';
import { occurrencesOf } from '../../../src/core/equations/occurrences';
import { parseCell } from '../../../src/core/equations/parse';
import { printEquation } from '../../../src/core/equations/print';
import { renameProblem } from '../../../src/core/equations/rename';
import { openCall } from '../../../src/core/equations/tokens';
import { toEnglish } from '../../../src/core/sentence';
import { mistakes } from './mistakes';

const untidy = `\t# a comment of its own   
h [ t ]=tanh( U x[ t ]+W   h[t - 1]+b )# why
   c[t] =   ( 1-z[t])*
c[t-1] + # half of it
 z[t]* -h[t]


z[t]=sigmoid(2*V(x[t]+h[t-1]))
init   b=- 1
init W = orthogonal ( 1.5 )
size z = 2hidden
output  c`;

const tidy = `# a comment of its own
h[t] = tanh(U x[t] + W h[t-1] + b)  # why
c[t] = (1 - z[t]) *
  c[t-1] +  # half of it
  z[t] * -h[t]


z[t] = sigmoid(2 * V (x[t] + h[t-1]))
init b = -1
init W = orthogonal(1.5)
size z = 2 hidden
output c
`;

/** Written with other white space between its tokens. */
const respaced = fc
  .tuple(
    fc.constantFrom(...builtinCells.values(), tidy),
    fc.infiniteStream(fc.constantFrom(' ', '  ', '\t')),
  )
  .map(([source, gaps]) => source.replace(/(?<=\S)[ ](?=\S)/gu, () => gaps.next().value as string));

const equationsOf = (source: string) => parseCell(source, 'cell').equations.map(printEquation);
const commentsOf = (source: string) => source.match(/#.*/gu)?.map((text) => text.trimEnd());

describe('the layout of cells', () => {
  it('is put in order, comments and empty lines kept', () => {
    assert.equal(formatCell(untidy, '  '), tidy);
    assert.deepEqual(commentsOf(tidy), commentsOf(untidy));
  });

  it('stays as it is once it is the usual one, as that of the built-in cells is', () => {
    for (const source of [tidy, ...builtinCells.values()])
      assert.equal(formatCell(source, '  '), source);
  });

  it('changes nothing of what a cell says, whatever the white space was', () => {
    fc.assert(
      fc.property(respaced, (source) => {
        const once = formatCell(source, '  ')!;
        assert.equal(formatCell(once, '  '), once);
        assert.deepEqual(equationsOf(once), equationsOf(source));
        assert.deepEqual(commentsOf(once), commentsOf(source));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the kind of line ends, and leaves alone what is no cell', () => {
    assert.equal(formatCell('h[t]=x[t]\r\n# end', '  '), 'h[t] = x[t]\r\n# end\r\n');
    assert.equal(formatCell('h[t] = = x[t]', '  '), undefined);
  });
});

describe('names of cells that may be wrong', () => {
  const named = (source: string) => namePlaces(readableStatements(source));

  it('are at the same places as those of cells without errors', () => {
    for (const source of [...builtinCells.values(), tidy]) {
      const wanted = occurrencesOf(parseCell(source, 'cell'))
        .filter(({ meaning }) => ['variable', 'matrix', 'bias'].includes(meaning.kind))
        .map(({ meaning, start, end, defines }) => ({ name: meaning.name, start, end, defines }));
      const found = named(source).map(({ name, start, end, defines }) => ({
        name,
        start,
        end,
        defines,
      }));
      assert.deepEqual(found, wanted);
    }
  });

  it('are found around a line that cannot be read', () => {
    const source = 'a[t] = U x[t]\nb[t] = tanh(] +\nc[t] = a[t] +\nd[t] = c[t] + W a[t-1]\n';
    const lines = readableStatements(source).map(({ start, end }) => source.slice(start, end));
    assert.deepEqual(lines, ['a[t] = U x[t]', 'd[t] = c[t] + W a[t-1]']);
    assert.equal(named(source).filter(({ name }) => name === 'a').length, 2);
  });

  it('of every mistaken text can be looked for', () => {
    for (const [source] of Object.values(mistakes).flat()) {
      for (const { start, end, name } of named(source)) {
        assert.equal(source.slice(start, end).normalize(), name);
      }
    }
  });

  for (const [from, to, problem] of [
    ['c', 'cell', undefined],
    ['Wi', 'W_in', undefined],
    ['bf', 'forget', undefined],
    ['c', 'h', 'There is a h already.'],
    ['c', 'x', 'x is the input of the cell.'],
    ['c', 't', 't is the time.'],
    ['c', 'tanh', 'tanh is a function.'],
    [
      'c',
      '2c',
      'A name is made of letters, digits and underscores, and does not start with a digit.',
    ],
    ['Wi', 'w', 'Wi is a matrix: its name starts with a capital letter.'],
    ['bf', 'B', 'bf is a bias: its name starts with a small letter.'],
  ] as const) {
    it(`may be changed only to what can be read: ${from} to ${to}`, () => {
      const found = renameProblem(builtinCells.get('lstm')!, from, to);
      assert.equal(found && toEnglish(found), problem);
    });
  }

  it('of functions are known while their brackets are open', () => {
    for (const [text, name] of [
      ['h[t] = tanh(', 'tanh'],
      ['h[t] = tanh(W sigmoid(x[t]) + ', 'tanh'],
      ['h[t] = tanh(W (x[t] + ', undefined],
      ['h[t] = tanh(x[t])', undefined],
      ['h[t] = tanh(\nc[t] = sigmoid(', 'sigmoid'],
      ['h[t] = tanh(x[t] # see exp(', undefined],
      ['init W = uniform(', 'uniform'],
    ] as const) {
      const found = openCall(text, text.length)?.name;
      // A matrix before a bracket is no function; who asks looks for the name.
      assert.equal(found === 'W' ? undefined : found, name, text);
    }
  });
});
