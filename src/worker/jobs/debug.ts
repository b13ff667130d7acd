import { allOf, type Asked } from '../../core/debugger/ask';
import { beforeOf, parametersOf, readingOf, rowsBySuspicion } from '../../core/debugger/failed';
import { readText } from '../../core/debugger/reading';
import {
  createExampleSession,
  createSession,
  type Session,
  type SessionOptions,
} from '../../core/debugger/session';
import { debuggedRows, type Debugged } from '../debugged';
import { freshAnswering, openExample } from '../debugged-example';
import { answerRow, rowsOf } from '../../core/debugger/show';
import { printCell } from '../../core/equations/print';
import { requireTextModel, expanded } from '../../core/equations/text-model';
import type { Cell } from '../../core/equations/syntax';
import type { ModelSpec } from '../../core/graph/model-spec';
import { joined, sentence, verbatim, type Sentence } from '../../core/sentence';
import type { FailedStep } from '../../core/training/failed-step';
import type {
  CellSource,
  DebugAnswer,
  DebugAskRequest,
  DebugMoveRequest,
  DebugMoveResult,
  DebugRequest,
  JobKind,
} from '../../protocol/engine';
import { inputError } from '../failures';
import type { Job } from '../handler';
import { readFailedStep } from '../run-folder';
import { inSlices } from '../slices';
import { readWrittenCell } from '../sources';
import { freshWeights, keptWeights, readParameters, type Weighted } from '../weights';
import { openExampleModel, type Answering } from '../models';

/** Goes through a text until it is stopped. */
export async function debug(request: DebugRequest, job: Job<'debug'>): Promise<null> {
  const stopped = new Promise<void>((resolve) => {
    job.onControl(({ action }) => {
      if (action === 'stop') resolve();
    });
  });
  const debugged = await openSession(request, job);
  const { told, row } = debugged;
  const session = debugged.of(row);
  job.debugged.set(job.id, debugged);
  try {
    const { spec, structure } = session.machine.material.plan;
    job.emit({
      event: 'ready',
      name: spec.cell.name,
      source: session.source,
      steps: session.machine.forward.length,
      ...{ layers: spec.layers, rows: debugged.rows, row },
      ...{ spans: session.shown.spans, unknown: session.shown.unknown },
      ...(debugged.isOwn && { text: session.shown.text }),
      ...(told && { note: told }),
      variables: variablesOf(session),
      parameters: [...new Set(structure.parameters.map(({ symbol }) => symbol))],
    });
    await stopped;
    return null;
  } finally {
    job.debugged.delete(job.id);
  }
}

/** What expressions may read, as they write it. */
function variablesOf({ machine: { material, course } }: Session): string[] {
  const { instructions } = material.plan;
  const timed = course.phases.flatMap(({ domain, from, to }) => {
    const time = domain === 'example' ? '' : `[${domain}]`;
    const own = instructions.slice(from, to).filter(({ symbol }) => !symbol.includes(' '));
    return [...own.map(({ symbol }) => symbol), 'x'].map((name) => name + time);
  });
  return [...new Set(timed)];
}

async function openSession(request: DebugRequest, job: Job<'debug'>): Promise<Debugged> {
  const { model, text, precision, loss: lossOf } = request;
  const log = (said: string): void => {
    job.emit({ event: 'log', text: said });
  };
  if (model.kind === 'failed') return openFailed(model, { precision, log }, job);
  const answering =
    model.kind === 'run' ? await openExampleModel(job, { ...model, kind: 'run' }, 1) : undefined;
  if (answering) {
    try {
      return await openAnswering(answering, request, { precision, lossOf, log }, job);
    } finally {
      answering.close();
    }
  }
  if (model.kind === 'fresh' && request.example?.kind === 'row') {
    const fresh = await freshAnswering(model, request.example, job.platform);
    return openAnswering(fresh, request, { precision, lossOf, log }, job);
  }
  const weighted = await (model.kind === 'fresh'
    ? freshWeights(model, text, job)
    : runWeights(model, job));
  const reading = readText(weighted.tokenizer, text);
  return debuggedRows(1, () => createSession({ ...weighted, reading, precision, lossOf, log }));
}

/** A model of examples, with one of them. */
async function openAnswering(
  answering: Answering,
  { model, example }: DebugRequest,
  common: Pick<SessionOptions, 'precision' | 'lossOf' | 'log'>,
  job: Job<'debug'>,
): Promise<Debugged> {
  if (!example) {
    throw inputError(
      sentence`The model of this run answers examples: it does not continue a text.`,
      sentence`Put the cursor on a row of a data file, or give the launch configuration an input.`,
    );
  }
  const { files } = job.platform;
  const opened = await inSlices(job, await openExample(answering, example, files), () => undefined);
  if (!opened) throw inputError(sentence`The debugger was stopped before it began.`);
  const kept = answering.network.model;
  const cell = model.kind === 'run' ? model.cell : undefined;
  const written = cell === undefined ? undefined : await readWrittenCell(files, cell);
  const spec = { ...kept.spec, cell: sameCell(kept.spec.cell, written) };
  const parameters = readParameters(kept, answering.network.backend.floats());
  const session = createExampleSession({ ...common, spec, parameters, example: opened.given });
  return { ...debuggedRows(1, () => session, 0, opened.note), isOwn: true };
}

type Wanted<K extends DebugRequest['model']['kind']> = Extract<DebugRequest['model'], { kind: K }>;

async function runWeights(
  { run, checkpoint, cell }: Wanted<'run'>,
  job: Job<'debug'>,
): Promise<Weighted> {
  const kept = await keptWeights({ kind: 'run', run, checkpoint }, job);
  return { ...kept, spec: await shownBy(cell, kept.spec, job) };
}

/** A model with its equations as they stand in the file that shows them. */
async function shownBy(
  file: CellSource | undefined,
  spec: ModelSpec,
  { platform: { files } }: Job<'debug'>,
): Promise<ModelSpec> {
  const written =
    file === undefined ? undefined : requireTextModel(await readWrittenCell(files, file));
  return { ...spec, cell: sameCell(spec.cell, written) };
}

/** Opens a batch at the row in which a number goes wrong first, as far as float32 tells. */
async function openFailed(
  { run, cell }: Wanted<'failed'>,
  common: Pick<SessionOptions, 'precision' | 'log'>,
  job: Job<'debug'>,
): Promise<Debugged> {
  const failed = await readFailedStep(job.platform.files, run);
  const spec = await shownBy(cell, failed.model.spec, job);
  const parameters = parametersOf(failed);
  const open = (row: number): Session =>
    createSession({
      ...{ ...common, spec, parameters, tokenizer: failed.tokenizer, rows: failed.batch },
      reading: readingOf(failed, row),
      lossOf: 'mean',
      before: (plan) => beforeOf(failed, row, plan, parameters),
    });
  const rows = rowsBySuspicion(failed);
  for (const row of rows) {
    const stop = await inSlices(job, open(row).move('find'), () => undefined);
    if (stop === undefined || stop.kind === 'found') {
      return debuggedRows(failed.batch, open, row, whichRow(failed, row));
    }
  }
  const told = joined(
    whichRow(failed, rows[0]!),
    sentence`In none of its rows does a number go wrong when each operation is rounded by itself: the training adds in another order, and sums over the rows.`,
  );
  return debuggedRows(failed.batch, open, rows[0], told);
}

function whichRow({ step, batch, model: { spec } }: FailedStep, row: number): Sentence {
  const told = sentence`This is row ${row + 1} of the ${batch} of the batch of step ${step}, with the weights before that step.`;
  if (spec.dropout === 0) return told;
  return joined(told, sentence`Nothing is dropped here, other than in the training.`);
}

/** The run's equations, with their places in the file where that shows them. */
function sameCell(kept: Cell, written: Cell | undefined): Cell {
  if (!written) return kept;
  const said = [kept, written].map((cell) => printCell(expanded(cell)));
  if (said[0] === said[1]) return written;
  throw inputError(
    sentence`The run was trained with other equations than ${written.name} has now.`,
    sentence`Leave out the run to start with new weights, or the program to see the run’s own equations.`,
  );
}

/** @throws JobError if there is no such session */
function debuggedOf<K extends JobKind>(job: Job<K>, id: number): Debugged {
  const debugged = job.debugged.get(id);
  if (debugged) return debugged;
  throw inputError(sentence`That debugging has ended.`, sentence`Start it again.`);
}

/** Goes on or back; where it is stopped before its end, it stands where it came to. */
export async function debugMove(
  { debug: id, row, move }: DebugMoveRequest,
  job: Job<'debugMove'>,
): Promise<DebugMoveResult> {
  const session = debuggedOf(job, id).of(row);
  const stop = await inSlices(job, session.move(move), () => undefined);
  const { pass, t } = session.machine.place;
  if (stop === undefined) return { stop: { kind: 'paused' }, pass, step: t };
  return { stop: stop.kind === 'found' ? stop.found : { kind: stop.kind }, pass, step: t };
}

/** Answers a question about where a session stands, or changes something of it. */
export async function debugAsk(
  { debug: id, question }: DebugAskRequest,
  job: Job<'debugAsk'>,
): Promise<DebugAnswer> {
  const debugged = debuggedOf(job, id);
  const session = debugged.of('row' in question ? question.row : undefined);
  const work = async (making: Generator<undefined, void, undefined>): Promise<void> => {
    await inSlices(job, making, () => undefined);
  };
  switch (question.about) {
    case 'frames':
      return { about: 'frames', ...session.frames(question.from, question.count) };
    case 'rows': {
      const { step, layer, path, from, count } = question;
      if (path.of === 'gradients' || path.of === 'sum') await work(session.prepare());
      return { about: 'rows', rows: rowsOf(path, session.standpoint(step, layer), from, count) };
    }
    case 'expression':
      if (question.text.includes('grad')) await work(session.prepare());
      return answered(session.evaluate(question.text, question.step, question.layer));
    case 'set':
      // All rows have their weights in common.
      for (const each of question.path.of === 'parameter' ? debugged.opened() : [session]) {
        each.set(question.path, question.entry, question.value, question.step);
        await work(each.machine.restore());
      }
      return { about: 'set' };
    case 'reading': {
      const { text, spans } = session.shown;
      return { about: 'reading', text, spans };
    }
    case 'breakpoints':
      return { about: 'breakpoints', breakpoints: debugged.setBreakpoints(question.lines) };
    case 'units':
      debugged.setStops({ units: question.units });
      return { about: 'units' };
    case 'troubles':
      debugged.setStops({ troubles: new Set(question.troubles) });
      return { about: 'troubles' };
  }
}

/** So many entries of an expression's value are given. */
const shownEntries = 512;

function answered(found: Asked): DebugAnswer {
  const { value } = answerRow('', found);
  const values = typeof found === 'object' ? allOf(found) : undefined;
  const columns = typeof found === 'object' && 'rows' in found ? found.columns : 0;
  const rows = [...(values ?? [])].slice(0, shownEntries).map((each, i) => ({
    name:
      columns > 0
        ? `[${String(Math.floor(i / columns))}, ${String(i % columns)}]`
        : `[${String(i)}]`,
    value: verbatim(String(each)),
  }));
  return { about: 'expression', value, rows };
}
