/**
 * A model as one file of JavaScript or TypeScript that samples from it, or answers with it, and has no dependency: its
 * equations as plain code, its weights, its tokenizer, and how tokens are chosen. It computes in float64 from float32
 * weights, in the engine's order, so that a seed gives the engine's own tokens.
 */
import { tokenizers } from '../../data/kinds';
import type { Tokenizer } from '../../data/tokenizer';
import { parameterCount } from '../../engine/parameters';
import { ownPredictionOf } from '../../equations/syntax';
import { isOfExamples, type AnyCheckpoint, type Checkpoint } from '../../training/checkpoint';
import { algebraPart } from './algebra';
import { codeIn, comment, type Language } from './code';
import { writeExampleScript } from './example-script';
import { mainPart } from './main';
import { networkPart, placeLayers } from './network';
import { choicePart, samplingPart, type SpecialTokens } from './sampling';
import { tokenizerPart } from './tokenizer';
import { weightsPart } from './weights';

/**
 * @throws EquationError if the model's shapes do not fit
 * @throws InputError if its answers cannot be computed from what is given alone
 */
export function writeScript(checkpoint: AnyCheckpoint, language: Language): string {
  return isOfExamples(checkpoint)
    ? writeExampleScript(checkpoint, language)
    : writeTextScript(checkpoint, language);
}

function writeTextScript(checkpoint: Checkpoint, language: Language): string {
  const code = codeIn(language);
  const { model, tokenizer } = checkpoint;
  const layers = placeLayers(model.spec);
  const special = specialTokens(tokenizer);
  return [
    header(checkpoint, language),
    samplingPart(code, special),
    networkPart(code, model.spec, layers),
    algebraPart(code, [
      ...layers.flatMap(({ functions }) => [...functions]),
      ...(model.parameters.some(({ kind }) => kind === 'vector') ? (['bias'] as const) : []),
    ]),
    choicePart(code, special),
    tokenizerPart(code, tokenizer),
    weightsPart(checkpoint, layers),
    mainPart(code),
  ].join('\n');
}

function specialTokens(tokenizer: Tokenizer): SpecialTokens {
  const [id] = tokenizer.encode('\n').ids;
  const isLineEnd = id !== undefined && tokenizer.decode([id]) === '\n';
  const { unknown, boundary } = tokenizer;
  return { lineEnd: isLineEnd ? id : undefined, unknown, boundary };
}

function header({ model, tokenizer }: Checkpoint, language: Language): string {
  const { cell, layers, hidden, embedding } = model.spec;
  const file = language === 'javascript' ? 'model.js' : 'model.ts';
  const node = language === 'javascript' ? '' : '   (Node 22.18 or newer; or compile it)';
  const kind = tokenizers[tokenizer.kind].plural;
  const own = ownPredictionOf(cell.equations);
  const sizes = [
    `${String(layers)} ${layers === 1 ? 'layer' : 'layers'} of ${String(hidden)} hidden units`,
    ...(embedding > 0 ? [`an embedding of width ${String(embedding)}`] : []),
    `${parameterCount(model.parameters).toLocaleString('en')} parameters`,
    `${tokenizer.vocabulary.toLocaleString('en')} tokens (${kind})`,
  ];
  const source = [cell.source.trimEnd()];
  if (own === undefined) source.push(`y[t] = softmax(V ${cell.output}[t] + c)`);
  const equations = source.join('\n').replace(/^(?=.)/gm, '  ');
  return comment(`A recurrent network that writes text, exported by RNN Lab. It needs nothing but this file.

  node ${file} --prime "To be" --length 400 --temperature 0.8 --seed 1${node}

  import { sample } from './${file}';
  sample({ prime: 'To be', length: 400, temperature: 0.8, seed: 1 });

The cell ${cell.name}, in ${sizes.join(', ')}:

${equations}

x[t] is ${inputText(model.spec)}.
A matrix before a vector multiplies it; * and / are elementwise. Each equation stands above its code.
Numbers are float64, weights float32.`).concat('\n');
}

function inputText({ layers, embedding }: { layers: number; embedding: number }): string {
  const first = embedding > 0 ? 'the embedded token' : 'the token as a one-hot vector';
  return layers > 1 ? `${first}, in the layers above the output of the layer below` : first;
}
