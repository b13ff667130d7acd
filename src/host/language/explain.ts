import { l10n, MarkdownString } from 'vscode';
import type { Meaning } from '../../core/equations/occurrences';
import { derivative } from '../../core/equations/derivative';
import { parseCell } from '../../core/equations/parse';
import { startNames, type FunctionName, type PoolName } from '../../core/equations/syntax';
import { builtinCells } from '../../core/cells';
import { purposeOf } from './purpose';

/** Equations in a hover are coloured as in the editor. */
export const equationLanguage = 'rnn-cell';

type SequenceFunction = PoolName | 'attend';
type Start = (typeof startNames)[number];
type Directive = Extract<Meaning, { kind: 'directive' }>['name'];

/** What a function is, in the notation of derivatives, and what it is for. */
export function explainFunction(name: FunctionName | SequenceFunction): MarkdownString {
  if (name === 'mean' || name === 'max' || name === 'attend') return explainSequence(name);
  const { definition, text } = functionTexts()[name];
  // What the language says of `s[t] = tanh(a)` is what it says of every tanh.
  const { text: slope } = derivative(parseCell(`s[t] = ${name}(a)`, name), 's', 'a', 0);
  return new MarkdownString()
    .appendCodeblock(`${name}(a) = ${definition}`, equationLanguage)
    .appendText(text)
    .appendMarkdown('\n\n')
    .appendText(l10n.t('Where s[t] = {0}(a):', name))
    .appendCodeblock(slope, equationLanguage);
}

/** What reads all steps of a sequence. */
function explainSequence(name: SequenceFunction): MarkdownString {
  const texts: Readonly<Record<SequenceFunction, { definition: string; text: string }>> = {
    mean: {
      definition: 'mean(s) = (s[1] + … + s[T]) / T',
      text: l10n.t(
        'The mean of all steps of a sequence, entry by entry: one vector for the example.',
      ),
    },
    max: {
      definition: 'max(s) = max(s[1], …, s[T])',
      text: l10n.t(
        'The largest of all steps of a sequence, entry by entry: one vector for the example.',
      ),
    },
    attend: {
      definition: 'attend(q, k, s) = Σ_t softmax_t(q · k[t]) s[t]',
      text: l10n.t(
        'Attention (Bahdanau et al. 2015, Luong et al. 2015): the mean of s weighted by how well a query fits each key; attend(q, s) has the values themselves as keys, and a fourth argument v scores v · tanh(q + k[t]).',
      ),
    },
  };
  const { definition, text } = texts[name];
  return new MarkdownString().appendCodeblock(definition, equationLanguage).appendText(text);
}

/** A built-in cell that is applied by its name. */
export function explainCell(name: string): MarkdownString {
  return new MarkdownString()
    .appendCodeblock(builtinCells.get(name) ?? '', equationLanguage)
    .appendText(purposeOf(name))
    .appendMarkdown('\n\n')
    .appendText(
      l10n.t(
        'Its equations stand here with names of their own, such as h.W; the second argument says which way it runs.',
      ),
    );
}

function functionTexts(): Readonly<Record<FunctionName, { definition: string; text: string }>> {
  return {
    tanh: {
      definition: '(exp(a) - exp(-a)) / (exp(a) + exp(-a))',
      text: l10n.t(
        'The hyperbolic tangent of each entry, from -1 to 1. Far from zero it saturates: its derivative vanishes.',
      ),
    },
    sigmoid: {
      definition: '1 / (1 + exp(-a))',
      text: l10n.t(
        'The logistic function of each entry, from 0 to 1, as gates use it. Far from zero it saturates: its derivative vanishes.',
      ),
    },
    relu: { definition: 'max(a, 0)', text: l10n.t('Each entry, or 0 where it is negative.') },
    exp: { definition: 'eᵃ', text: l10n.t('The exponential of each entry.') },
    log: { definition: 'ln(a)', text: l10n.t('The natural logarithm of each entry.') },
    softplus: {
      definition: 'log(1 + exp(a))',
      text: l10n.t('A smooth relu of each entry, always above 0.'),
    },
    sqrt: { definition: '√a', text: l10n.t('The square root of each entry.') },
    abs: { definition: '|a|', text: l10n.t('The absolute value of each entry.') },
    softmax: {
      definition: 'exp(a) / sum(exp(a))',
      text: l10n.t(
        'Of the whole vector: positive entries whose sum is 1. y[t] = softmax(…) is the prediction of the next token.',
      ),
    },
    dropout: {
      definition: 'mask(a) * a',
      text: l10n.t(
        'In training each entry is dropped (set to 0) with the probability of the dropout setting, and the others are scaled up by as much; afterwards nothing is dropped.',
      ),
    },
    layernorm: {
      definition: '(a - mean(a)) / std(a)',
      text: l10n.t(
        'Of the whole vector: shifted and scaled to mean 0 and variance 1, with 1e-5 added to the variance. It has no parameters of its own.',
      ),
    },
  };
}

/** What a line that begins so sets. */
export function explainDirective(name: Directive): MarkdownString {
  const texts: Readonly<Record<Directive, { example: string; text: string }>> = {
    init: {
      example: 'init b = 1',
      text: l10n.t('The initial value of a matrix or a bias, or of a state before the first step.'),
    },
    size: {
      example: 'size z = 64',
      text: l10n.t(
        'The width of a variable: a number, or a multiple of the hidden size such as 2 hidden.',
      ),
    },
    output: {
      example: 'output h',
      text: l10n.t(
        'The variable that goes to the next layer, or to the output layer; the last left side, where there is no such line.',
      ),
    },
  };
  const { example, text } = texts[name];
  return new MarkdownString().appendCodeblock(example, equationLanguage).appendText(text);
}

/** How a parameter starts that a line `init W = …` gives this kind of start. */
export function explainStart(name: Start): MarkdownString {
  const texts: Readonly<Record<Start, { usage: string; text: string }>> = {
    uniform: {
      usage: 'uniform(0.08)',
      text: l10n.t('Entries drawn uniformly from -a to a; a is 0.08 by default.'),
    },
    normal: {
      usage: 'normal(0.01)',
      text: l10n.t(
        'Normally distributed entries with mean 0 and this standard deviation; 0.01 by default.',
      ),
    },
    orthogonal: {
      usage: 'orthogonal(1)',
      text: l10n.t(
        'A random orthogonal matrix times this number, 1 by default: it keeps the length of what it multiplies (Saxe et al. 2014).',
      ),
    },
    identity: {
      usage: 'identity(1)',
      text: l10n.t(
        'The identity matrix times this number, 1 by default: at first the state is remembered (Le et al. 2015).',
      ),
    },
  };
  const { usage, text } = texts[name];
  return new MarkdownString().appendCodeblock(usage, equationLanguage).appendText(text);
}

export function isStart(name: string): name is Start {
  return startNames.some((start) => start === name);
}
