/** A notebook as data: what it asks for, and what is wrong with it. Files are not looked at. */
import { parseCell } from '../equations/parse';
import { EquationError } from '../equations/errors';
import { joined, sentence } from '../sentence';
import { readExperiment, type Experiment } from './experiment';
import { splitNotebook, type Block, type Part } from './markdown';
import type { Problem } from './problems';
import { readSample, type Sample } from './sample';

export interface Notebook {
  readonly parts: readonly Part[];
  /** By their names: equations, and small corpora. */
  readonly cells: ReadonlyMap<string, Block>;
  readonly texts: ReadonlyMap<string, Block>;
  /** In the order in which they are run. */
  readonly steps: readonly (
    | ({ readonly kind: 'experiment' } & Experiment)
    | ({ readonly kind: 'sample' } & Sample)
  )[];
  /** By their lines. */
  readonly problems: readonly Problem[];
}

/** Reads a notebook's text. */
export async function readNotebook(text: string): Promise<Notebook> {
  const parts = await splitNotebook(text);
  const problems: Problem[] = [];
  const cells = new Map<string, Block>();
  const texts = new Map<string, Block>();
  const steps: Notebook['steps'][number][] = [];
  const experiments: string[] = [];
  const keep = (blocks: Map<string, Block>, block: Block): void => {
    if (block.name === '') {
      problems.push(at(block, sentence`The block has no name. Write one behind ${block.kind}.`));
    } else if (blocks.has(block.name)) {
      problems.push(at(block, sentence`There are two blocks ${block.name}. Rename one of them.`));
    } else blocks.set(block.name, block);
  };
  for (const [part, block] of parts.entries()) {
    switch (block.kind) {
      case 'rnn':
        keep(cells, block);
        problems.push(...equationProblems(block));
        break;
      case 'text':
        keep(texts, block);
        break;
      case 'experiment': {
        const name = block.name === '' ? `experiment-${experiments.length + 1}` : block.name;
        if (experiments.includes(name)) {
          problems.push(
            at(block, sentence`There are two experiments ${name}. Rename one of them.`),
          );
        }
        experiments.push(name);
        const read = await readExperiment(block, part, name);
        problems.push(...read.problems);
        steps.push({ kind: 'experiment', ...read.experiment });
        break;
      }
      case 'sample': {
        const read = await readSample(block, part, experiments);
        problems.push(...read.problems);
        steps.push({ kind: 'sample', ...read.sample });
        break;
      }
      case 'output':
      case 'prose':
    }
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { parts, cells, texts, steps, problems };
}

/** Of a notebook some parts, with what they name: the experiment of a sample, equations and texts of an experiment. */
export function narrowed(notebook: Notebook, only: ReadonlySet<number>): Notebook {
  const { parts, cells, texts } = notebook;
  const wanted = new Set(
    notebook.steps.flatMap((step) =>
      step.kind === 'sample' && only.has(step.part) ? [step.run] : [],
    ),
  );
  const steps = notebook.steps.filter(
    (step) => only.has(step.part) || (step.kind === 'experiment' && wanted.has(step.name)),
  );
  const blocks = new Set(steps.map(({ block }) => block));
  for (const step of steps) {
    if (step.kind === 'sample') continue;
    for (const { key, choice } of step.axes) {
      const named = key === undefined ? texts : key === 'model.cell' ? cells : undefined;
      if (named === undefined || choice.kind !== 'list') continue;
      for (const value of choice.values) {
        const block = named.get(String(value));
        if (block !== undefined) blocks.add(block);
      }
    }
  }
  const problems = notebook.problems.filter(({ line }) => {
    const part = parts.findLast((each) => each.line <= line);
    return part !== undefined && part.kind !== 'prose' && blocks.has(part);
  });
  return { ...notebook, steps, problems };
}

function at(block: Block, message: Problem['message']): Problem {
  return { line: block.line, column: 1, length: firstLine(block).length, message };
}

function firstLine({ source }: Block): string {
  return /^[^\r\n]*/.exec(source)?.[0] ?? '';
}

/** What is wrong with equations that stand in the notebook, at their lines. */
function equationProblems(block: Block): Problem[] {
  try {
    parseCell(block.body, block.name);
    return [];
  } catch (error) {
    if (!(error instanceof EquationError)) throw error;
    const { span, problem, hint } = error;
    const line = block.bodyLine + span.line - 1;
    const length = Math.max(1, span.end - span.start);
    return [{ line, column: span.column, length, message: joined(problem, hint) }];
  }
}
