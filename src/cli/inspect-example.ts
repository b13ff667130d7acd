/** `rnn-lab inspect RUN INPUT`: a look inside a model of examples. */
import type { ExamineRequest, Examined, Inside, InsideValues } from '../protocol/engine';
import { runJob } from './engine';
import { loss as lossText, table } from './format';
import { jsonLine, type Terminal } from './terminal';

/** @returns the exit code */
export async function inspectExample(
  terminal: Terminal,
  request: Omit<ExamineRequest, 'kind'>,
  isJson: boolean,
): Promise<number> {
  const { result, code } = await runJob(
    terminal,
    { kind: 'examine', ...request },
    () => undefined,
    'Stopping.',
  );
  terminal.out(isJson ? exampleJson(result) : exampleText(result));
  return code;
}

/** One object; matrices are lists of rows. */
function exampleJson({ answer, probability, inside }: Examined): string {
  const told = { event: 'done', answer, probability: finite(probability) };
  if (inside === null) return jsonLine(told);
  const { source, parts, domain, answers, of, known } = inside;
  const { inputs, states, variables, gradient, loss } = inside;
  const dependence = (all: Inside['inputs']) =>
    all.map(({ variable, domain, norms }) => ({
      ...{ variable, domain },
      norms: rowsOf(norms, norms.length / loss.length),
    }));
  const values = ({ name, domain, width, values: flat }: InsideValues) => ({
    ...{ name, domain, values: rowsOf(flat, width) },
  });
  return jsonLine({
    ...told,
    ...{ source, parts, domain, answers, of, known },
    loss: Array.from(loss, finite),
    inputs: dependence(inputs),
    states: dependence(states),
    variables: variables.map(values),
    gradient: gradient && values(gradient),
  });
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function rowsOf(values: Float64Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width)),
  );
}

const heights = '▁▂▃▄▅▆▇█';
/** Steps that a line has room for. */
const mostHeights = 60;

const differentiated: Readonly<Record<Inside['of'], string>> = {
  truth: 'the loss of the true answer',
  answer: 'the loss of the model’s own answer',
  value: 'the numbers that are answered',
};

/** The answer, then for what is read and for each state how much each part of the answer depends on each step. */
function exampleText({ answer, probability, inside }: Examined): string {
  const sure = Number.isNaN(probability) ? '' : ` (${(100 * probability).toFixed(1)} %)`;
  const first = `${answer}${sure}\n`;
  if (inside === null) return first;
  const of = `E is ${differentiated[inside.of]}; each part of it is differentiated by itself.\n`;
  const all = [...inside.inputs, ...inside.states];
  const tables = all.map((dependence) => dependenceText(inside, dependence));
  return [first, of, ...tables].join('\n');
}

function dependenceText(
  { parts, loss, source }: Inside,
  { variable, domain, norms }: Inside['inputs'][number],
): string {
  const steps = norms.length / parts.length;
  const nameOf = (step: number): string => {
    if (domain === 'example') return '';
    return domain === 't' ? (source[step] ?? '') : (parts[step] ?? '');
  };
  const rows = parts.map((part, i) => {
    const row = norms.subarray(i * steps, (i + 1) * steps);
    const greatest = Math.max(...row);
    const at = row.indexOf(greatest);
    const height = (norm: number): string =>
      heights.charAt(Math.min(heights.length - 1, Math.floor((norm / greatest) * heights.length)));
    const shown = greatest > 0 ? Array.from(row.subarray(0, mostHeights), height).join('') : '';
    return [
      part,
      lossText(Number.isNaN(loss[i]) ? undefined : loss[i]),
      greatest.toExponential(2),
      greatest > 0 ? `${String(at + 1)} ${nameOf(at)}`.trim() : '–',
      steps > 1 ? shown : '',
    ];
  });
  const heading = ['part', 'loss', 'greatest', 'at', steps > 1 ? 'over the steps' : ''];
  return `‖∂E/∂${variable}‖\n${table([heading, ...rows], [0, 3, 4])}`;
}
