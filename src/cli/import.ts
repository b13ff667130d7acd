import { Option, type Command } from 'commander';
import { nonlinearities, type Nonlinearity } from '../core/exports/foreign/needs';
import { runJob } from './engine';
import { plural, quoted, shortPath, whole } from './format';
import type { Terminal } from './terminal';
import { fileSource, newRunFolder, pathOf } from './paths';

const examples = `
Examples:
  rnn-lab import model.safetensors
  rnn-lab import model.json --out runs/theirs
  rnn-lab train shakespeare.txt --resume runs/theirs    train it further on a text
  rnn-lab import lstm.pt --vocabulary-file vocabulary.json

Reads what rnn-lab export has written as safetensors or json, and the checkpoints of a run; and of other programs
  .pt, .pth, .safetensors    the state_dict of a PyTorch model: an embedding or none, nn.LSTM, nn.GRU or nn.RNN,
                             and a linear layer. Nothing in the file is executed.
  .keras, .h5                a whole model of Keras 3, or of Keras 2
  .onnx                      a graph with the operators LSTM, GRU or RNN before a linear layer
A vocabulary is JSON (a list of tokens, or their numbers), a text with a token a line, or the text that the model was
trained on, where its characters in the order of their code points are the vocabulary.
Standard output gets the run's folder, so that RUN=$(rnn-lab import FILE) works.`;

interface Options {
  readonly out?: string;
  readonly vocabularyFile?: string;
  readonly nonlinearity: Nonlinearity;
}

/** `rnn-lab import`. */
export function addImport(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  program
    .command('import')
    .summary('make a run of a model in a file')
    .description(
      'Make a run of an exported model, of a checkpoint, or of a model of another program.',
    )
    .argument('<file>', 'a file that RNN Lab or another program has written')
    .usage('FILE [--vocabulary-file FILE] [--nonlinearity tanh|relu] [--out RUN]')
    .option(
      '--vocabulary-file <file>',
      'the tokens of a model of another program, whose file does not tell them',
    )
    .addOption(
      new Option(
        '--nonlinearity <function>',
        'of an nn.RNN of PyTorch’s, whose file does not tell it',
      )
        .choices(nonlinearities)
        .default('tanh'),
    )
    .option(
      '--out <run>',
      "folder to keep the run in (default runs/NAME-DATE-TIME, NAME from the file's)",
    )
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (file: string, options: Options) => {
      const { vocabularyFile, nonlinearity } = options;
      const run = options.out === undefined ? newRunFolder(file) : pathOf('--out', options.out);
      const { result, code } = await runJob(
        terminal,
        {
          ...{ kind: 'import', source: fileSource('FILE', file), run },
          ...(vocabularyFile !== undefined && {
            vocabulary: fileSource('--vocabulary-file', vocabularyFile),
          }),
          nonlinearity,
        },
        () => undefined,
        'Stopping.',
      );
      const { cell, parameters, vocabulary, step } = result;
      const training = step > 0 ? `, with its training of ${plural(step, 'step')}` : '';
      terminal.note(
        `Imported ${cell}, ${whole(parameters)} parameters, vocabulary of ${whole(vocabulary)}${training}`,
      );
      const command = result.of === 'text' ? 'sample' : 'predict';
      terminal.note(`Try it: rnn-lab ${command} ${quoted(shortPath(run))}`);
      terminal.out(`${shortPath(run)}\n`);
      done(code);
    });
}
