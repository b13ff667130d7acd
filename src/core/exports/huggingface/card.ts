/** README.md of a model as Hugging Face shows it: what it is, what it learnt from, how good it is and beside what. */
import { builtinCells } from '../../cells/index';
import { parameterCount } from '../../engine/parameters';
import { settingEntries, type Settings } from '../../settings/settings';
import type { Checkpoint } from '../../training/checkpoint';
import type { RunInfo } from '../../training/run';

/** How much of a sample stands in the text as it is. */
export interface Copied {
  /** Characters. */
  readonly length: number;
  /** Of the sample's stretches of that length: how many, and how many of them the text has. */
  readonly of: number;
  readonly found: number;
}

/** What was reckoned for the card. */
export interface CardFigures {
  /** The lowest validation loss, nats per token, and the same in bits per character. */
  readonly best?:
    | { readonly step: number; readonly loss: number; readonly bits: number }
    | undefined;
  /** Of the run's text; undefined: it was not found. */
  readonly text?:
    | {
        readonly characters: number;
        /** Bits per character of the held-out part, after the rest; NaN: nothing is held out. */
        readonly gzip: number;
        readonly ppm: number;
        readonly copied: readonly Copied[];
      }
    | undefined;
  readonly sample: string;
}

export function writeCard(
  { model, tokenizer, training }: Checkpoint,
  info: RunInfo,
  { best, text, sample }: CardFigures,
): string {
  const { cell, hidden, layers, embedding } = model.spec;
  const { uniform, unigram, bigram } = info.baselines;
  const nats = (loss: number): string => (Number.isFinite(loss) ? loss.toFixed(4) : '–');
  const bits = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '–');
  const rows: string[] = [
    ...(best
      ? [
          `| this model, after step ${count(best.step)} | **${nats(best.loss)}** | **${bits(best.bits)}** |`,
        ]
      : []),
    `| knowing nothing: ln ${count(tokenizer.vocabulary)} | ${nats(uniform)} | |`,
    `| frequencies of tokens | ${nats(unigram)} | |`,
    `| frequencies after the token before | ${nats(bigram)} | |`,
    ...(text
      ? [`| gzip | | ${bits(text.gzip)} |`, `| PPM-C of order 5 | | ${bits(text.ppm)} |`]
      : []),
  ];
  const fence = '```';
  return `---
library_name: rnn-lab
pipeline_tag: text-generation
tags:
  - recurrent-neural-network
---

# ${info.title ?? info.name}

A language model of RNN Lab: ${count(layers)} × ${count(hidden)} units of \`${cell.name}\`${embedding > 0 ? `, embedding of ${count(embedding)}` : ''}, ${count(parameterCount(model.parameters))} parameters, ${count(tokenizer.vocabulary)} tokens (${tokenizer.kind}), after step ${count(training.step)}.

${fence}
${cell.equations.length > 0 ? cell.source.trim() : ''}
${fence}

## Use

${fence}sh
rnn-lab import model.safetensors --out model && rnn-lab sample model
${fence}

\`config.json\` has the equations, sizes and the tokenizer; \`tokenizer.json\` is for the library \`tokenizers\`${tokenizer.kind === 'char' || tokenizer.kind === 'byte' ? '' : ', which cannot cut this one’s tokens, so that it is missing'}.

## What it was trained on

\`${info.name}\`: ${text ? `${count(text.characters)} characters, ` : ''}${count(info.text.tokens + info.text.validationTokens)} tokens, of which ${count(info.text.validationTokens)} were held out; SHA-256 of its text \`${info.text.hash}\`.

## How good it is

On the part that was held out; frequencies are those of the part that was learnt:

| | nats/token | bits/character |
| --- | ---: | ---: |
${rows.join('\n')}

gzip and PPM have read all before that part; what it adds is counted.
${text ? copies(text.copied) : ''}
## A sample

${sample.replace(/^/gm, '    ')}

## Again

${fence}sh
${commandOf(info)}
${fence}

| Setting | Value |
| --- | --- |
${changed(info.settings)
  .map(({ key, value }) => `| \`${key}\` | ${String(value)} |`)
  .join('\n')}

All others are the defaults.
`;
}

function copies(rows: readonly Copied[]): string {
  const told = rows.map(
    ({ length, of, found }) =>
      `| ${count(length)} | ${count(found)} of ${count(of)} | ${((100 * found) / Math.max(1, of)).toFixed(1)} % |`,
  );
  return `
Of the stretches of a sample's characters so many stand in the text that it learnt:

| Characters | Verbatim | |
| ---: | ---: | ---: |
${told.join('\n')}
`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** The groups of settings that a training depends on. */
const trained: ReadonlySet<string> = new Set(['model', 'data', 'training']);

/** Settings that are not the defaults. */
function changed(settings: Settings): { key: string; flag: string; value: unknown }[] {
  return settingEntries.flatMap(({ key, group, name, flag, setting }) => {
    const value = (settings[group] as Readonly<Record<string, unknown>>)[name];
    const isOff = key === 'training.seconds' && value === 0;
    const isOfTraining = trained.has(group) && value !== undefined;
    return !isOfTraining || value === setting.default || isOff ? [] : [{ key, flag, value }];
  });
}

/** A training that ended by the clock has to be told its steps. */
const apart = new Set(['training.seconds', 'model.cell']);

/** The line that trains it. */
function commandOf({ name, cell, settings, step }: RunInfo): string {
  const { steps, epochs } = settings.training;
  const limit = steps > 0 || epochs > 0 ? '' : ` --steps ${String(step)}`;
  const source = builtinCells.get(cell.name) === cell.source ? cell.name : 'model.rnn';
  const flags = changed(settings)
    .filter(({ key }) => !apart.has(key))
    .map(({ flag, value }) => ` --${flag} ${quoted(String(value))}`);
  return `rnn-lab train ${quoted(name)} --cell ${quoted(source)}${flags.join('')}${limit}`;
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
