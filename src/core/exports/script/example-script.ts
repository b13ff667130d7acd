/** A model of examples as one file of JavaScript or TypeScript that answers with it. */
import { refuseReadingAhead } from '../../engine/reading-ahead';
import { parameterCount } from '../../engine/parameters';
import { InputError } from '../../input-error';
import { sentence } from '../../sentence';
import type { TaskDescription } from '../../task/description';
import type { ExampleCheckpoint } from '../../training/checkpoint';
import { algebraPart } from './algebra';
import { answerPart, type AnswerPart } from './answers';
import { inputPart, type InputPart } from './cells';
import { codeIn, comment, quote, type Language } from './code';
import { writeExampleNetwork } from './example-network';
import { exampleWeights } from './example-weights';
import { answeringPart } from './main';

/**
 * @throws EquationError if the model's shapes do not fit
 * @throws InputError if its answers cannot be computed from what is given alone
 */
export function writeExampleScript(checkpoint: ExampleCheckpoint, language: Language): string {
  const code = codeIn(language);
  const { model, task } = checkpoint;
  const { understanding, input: given, output } = task;
  const { alignment, response } = understanding;
  if (alignment === 'delayed') refuseReadingAhead(model);
  const columns = understanding.inputs.map(({ name }) => name);
  const isSeries = understanding.series !== undefined;
  const input = inputPart(code, { data: given, columns, isSeries });
  const changesOf = changesIn(task);
  const answers = answerPart(code, { alignment, response, output, changesOf }, input);
  const network = writeExampleNetwork(code, model.spec, {
    ...input,
    values: input.names.join(', '),
  });
  const isBias = model.parameters.some(({ kind }) => kind === 'vector');
  return [
    header(checkpoint, language, input, answers),
    answers.code,
    input.code,
    network.code,
    algebraPart(code, [
      ...network.functions,
      ...(isBias ? (['bias'] as const) : []),
      ...(answers.usesSoftmax ? (['softmax'] as const) : []),
    ]),
    ...[input.symbols, answers.symbols].filter((part) => part !== ''),
    exampleWeights(checkpoint, network.parameters),
    answeringPart(code, input.names),
  ].join('\n');
}

/** Where the changes of a series are learnt, the inputs that have the values before. */
function changesIn({ understanding }: TaskDescription): readonly number[] | undefined {
  const { series, inputs, outputs } = understanding;
  if (series?.difference !== true) return undefined;
  return outputs.map(({ name }) => {
    const place = inputs.findIndex((input) => input.name === name);
    if (place >= 0) return place;
    throw new InputError(
      sentence`The model tells changes of ${name}, which it does not read: a script cannot add them to anything.`,
      sentence`Train it with ${name} among the inputs, or on values rather than changes (--series difference=false).`,
    );
  });
}

function header(
  { model, task }: ExampleCheckpoint,
  language: Language,
  input: InputPart,
  { gives }: AnswerPart,
): string {
  const file = language === 'javascript' ? 'model.js' : 'model.ts';
  const node = language === 'javascript' ? '' : '   (Node 22.18 or newer; or compile it)';
  const { cell, hidden } = model.spec;
  const { shape, inputs, outputs, series } = task.understanding;
  const columns = (all: readonly { readonly name: string }[]): string =>
    all.map(({ name }) => quote(name)).join(', ');
  const equations = cell.source.trimEnd().replace(/^(?=.)/gm, '  ');
  const [all, told] = [input.names.join(', '), input.names.map((name) => name.toUpperCase())];
  const ahead =
    series === undefined || series.horizon === 0
      ? ''
      : `\nThe answer at a step is the forecast ${String(series.horizon)} ${series.horizon === 1 ? 'step' : 'steps'} ahead of it: the last one is not known yet.`;
  return comment(`A network that answers examples, exported by RNN Lab. It needs nothing but this file.

  node ${file} ${told.join(' ')}${node}

  import { predict } from './${file}';
  predict(${all});   gives ${gives}

It was trained on ${columns(inputs)} → ${columns(outputs)}, ${shape}.${ahead}

The model ${cell.name}, of ${String(hidden)} hidden units, ${parameterCount(model.parameters).toLocaleString('en')} parameters:

${equations}

A matrix before a vector multiplies it; * and / are elementwise. Each equation stands above its code.
Numbers are float64, weights float32.`).concat('\n');
}
