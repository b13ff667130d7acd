import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { addBench } from './bench';
import { exitCode } from './engine';
import { explain, usageLine } from './errors';
import { addEvaluate } from './evaluate';
import { addExport } from './export';
import { addGenerate } from './generate';
import { addGradcheck } from './gradcheck';
import { addImport } from './import';
import { addInspect } from './inspect';
import { addNotebook } from './notebook';
import { addPredict } from './predict';
import { addReproduce } from './reproduce';
import { addRuns } from './runs';
import { addSample } from './sample';
import { jsonLine, type Terminal } from './terminal';
import { addTrain } from './train';
import { addVectors } from './vectors';

const examples = `
Examples:
  rnn-lab train shakespeare.txt --cell lstm --out runs/mine
  rnn-lab sample runs/mine --prime "KING:"
  rnn-lab train --resume runs/mine --seconds 600
  rnn-lab train reviews.csv --out runs/reviews
  rnn-lab predict runs/reviews "what a lovely film"

rnn-lab COMMAND --help shows a command's options and examples.
Exit codes: 0 done, 1 failure, 2 wrong usage or input, 130 stopped by Ctrl-C.`;

/**
 * Runs `rnn-lab` with these arguments.
 * @returns the exit code; never throws
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.done;
  const program = createProgram(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end so too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
    const ending = explain(error);
    if (ending.line !== '') terminal.note(ending.line);
    if (wantsJson(args)) terminal.out(jsonLine({ event: 'failed', ...ending.failed }));
    return ending.code;
  }
}

/** Whoever reads JSON Lines is told of a command line that cannot be understood, too. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

function createProgram(terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command('rnn-lab')
    .description(
      'Train recurrent neural networks on texts and tables, from equations that you can read and change.',
    )
    .version(version, '--version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand('help [command]', "show a command's help")
    .usage('COMMAND [options]')
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: (text) => {
        terminal.note(text.trimEnd());
      },
      outputError: (text, write) => {
        write(`rnn-lab: ${usageLine(text)}`);
      },
    })
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` });
  addTrain(program, terminal, done);
  addSample(program, terminal, done);
  addEvaluate(program, terminal, done);
  addPredict(program, terminal, done);
  addInspect(program, terminal, done);
  addNotebook(program, terminal, done);
  addRuns(program, terminal, done);
  addReproduce(program, terminal, done);
  addGenerate(program, terminal, done);
  addVectors(program, terminal, done);
  addGradcheck(program, terminal, done);
  addExport(program, terminal, done);
  addImport(program, terminal, done);
  addBench(program, terminal, done);
  return program;
}
