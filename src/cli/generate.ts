import type { Command } from 'commander';
import { generatedTask, generatedTaskNames } from '../core/generate';
import { runJob } from './engine';
import { plural } from './format';
import { numberFlag } from './number-flag';
import { pathOf } from './paths';
import type { Terminal } from './terminal';

const tasks = generatedTaskNames.map((name) => {
  const { summary, length } = generatedTask(name);
  const meant =
    length === undefined ? '' : `; --length: ${length.meaning} (${String(length.standard)})`;
  return `  ${name.padEnd(16)}${summary}${meant}`;
});

const examples = `
Examples:
  rnn-lab generate adding --out adding.jsonl
  rnn-lab generate copy --length 50 --rows 1000 --seed 7
  rnn-lab generate scenes --out scenes

Tasks:
${tasks.join('\n')}

The same seed gives the same bytes. What each floor means is told in docs/generate.md.`;

/** What is told of a floor. */
const metrics = {
  loss: 'a loss of',
  mse: 'a mean squared error of',
  accuracy: 'an accuracy of',
  exactMatch: 'exact answers:',
} as const;

/** `rnn-lab generate`. */
export function addGenerate(
  program: Command,
  terminal: Terminal,
  done: (code: number) => void,
): void {
  program
    .command('generate')
    .summary('make the data of a task of the literature')
    .description('Make the data of a task of the literature, whose difficulty is known.')
    .argument('<task>', 'a name from the list below')
    .usage('TASK [options]')
    .option('--rows <N>', 'how many rows (default: the task’s own)')
    .option('--length <N>', 'how long they are; what that means is the task’s')
    .option('--seed <N>', 'seed of everything random', '1')
    .option('--out <path>', 'the file, or of pictures the folder, to write; else standard output')
    .helpOption('--help', 'show this help')
    .addHelpText('after', examples)
    .action(async (task: string, options: Record<string, unknown>) => {
      done(await generate(terminal, task, options));
    });
}

async function generate(
  terminal: Terminal,
  task: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const given = (name: string, least: number, most: number): object =>
    options[name] === undefined ? {} : { [name]: numberFlag(options, name, least, most, true) };
  const { out } = options;
  const { result, code } = await runJob(
    terminal,
    {
      kind: 'generate',
      task,
      ...given('rows', 1, 10_000_000),
      ...given('length', 1, 1_000_000),
      seed: numberFlag(options, 'seed', 0, 4_294_967_295, true),
      ...(typeof out === 'string' && { path: pathOf('--out', out) }),
    },
    ({ text }) => {
      terminal.out(text);
    },
    'Stopping.',
  );
  const { rows, floors } = result;
  if (typeof out === 'string') terminal.note(`Wrote ${out}: ${plural(rows, 'row')}`);
  for (const { metric, value, knowing } of floors) {
    terminal.note(`Floor: ${metrics[metric]} ${value.toPrecision(3)}, knowing ${knowing}`);
  }
  return code;
}
