/** The debug adapter: what VS Code asks of a debugger, put to the engine. It knows nothing of the editor. */
import { InvalidatedEvent, Scope, Thread } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { askedFunctions, askedNames, troubleNames } from '../../core/debugger/names';
import { functionNames } from '../../core/equations/syntax';
import { sentence } from '../../core/sentence';
import type { DebugFrame, DebugQuestion, DebugRow } from '../../protocol/engine';
import { RunningSession, type FramePlace, type Held } from './running';
import { scopes, troubles } from './words';

/** Of the equations as they are kept, with the output layer that the model adds. */
const keptSource = 1;
type Lines = Extract<DebugQuestion, { about: 'breakpoints' }>['lines'];

/** Shows where the machine stands, and stops it where it is asked to. */
export class RnnDebugSession extends RunningSession {
  /** Breakpoints by where they were set: the two texts have their lines in common. */
  readonly #lines = new Map<string, Lines>();
  readonly #spans = new Map<number, Int32Array>();

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsEvaluateForHovers: true,
      supportsStepBack: true,
      supportsSetVariable: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsDataBreakpoints: true,
      supportsCompletionsRequest: true,
      supportsExceptionInfoRequest: true,
      supportsDelayedStackTraceLoading: true,
      exceptionBreakpointFilters: troubleNames.map((filter) => ({
        filter,
        label: this.say(troubles[filter].label),
        description: this.say(troubles[filter].description),
        default: filter === 'notFinite',
      })),
    };
    this.sendResponse(response);
  }

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): void {
    this.answer(response, async () => {
      const shown = this.#shownBy(source);
      if (!shown) {
        const message = this.say(sentence`This file is not the one that is gone through.`);
        response.body = {
          breakpoints: breakpoints.map(({ line }) => ({ verified: false, line, message })),
        };
        return;
      }
      const own = breakpoints.map(({ line, condition, hitCondition, logMessage }) => ({
        line,
        ...(condition === undefined ? {} : { condition }),
        ...(hitCondition === undefined ? {} : { hitCondition }),
        ...(logMessage === undefined ? {} : { log: logMessage }),
      }));
      this.#lines.set(shown, own);
      const others = [...this.#lines].flatMap(([where, each]) => (where === shown ? [] : each));
      const answer = await this.ask({ about: 'breakpoints', lines: [...own, ...others] });
      response.body = {
        breakpoints: answer.breakpoints.slice(0, own.length).map(({ id, line, problem }) => ({
          ...{ id, line, verified: problem === undefined },
          ...(problem === undefined ? {} : { message: this.say(problem) }),
        })),
      };
    });
  }

  /** Whether a source is the file, or the text that the debugger shows. */
  #shownBy({ path, sourceReference }: DebugProtocol.Source): 'file' | 'kept' | undefined {
    if (sourceReference === keptSource) return 'kept';
    return path !== undefined && path === this.opened?.path ? 'file' : undefined;
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    this.answer(response, async () => {
      const chosen = troubleNames.filter((name) => filters.includes(name));
      await this.ask({ about: 'troubles', troubles: chosen });
    });
  }

  protected override exceptionInfoRequest(
    response: DebugProtocol.ExceptionInfoResponse,
    { threadId }: DebugProtocol.ExceptionInfoArguments,
  ): void {
    const stop = this.last.get(threadId - 1)?.stop;
    if (stop?.kind === 'trouble') {
      response.body = {
        exceptionId: this.say(troubles[stop.trouble].label),
        description: this.say(stop.told),
        breakMode: 'always',
      };
    }
    this.sendResponse(response);
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference = 0, name }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const held = this.held.get(variablesReference, undefined) as Held | undefined;
    const unit = entryOf(name);
    if (held && 'path' in held && held.path.of === 'value' && unit !== undefined) {
      const dataId = `${String(held.path.name)}/${String(unit)}`;
      const description = this.say(sentence`unit ${unit} crosses zero`);
      response.body = { dataId, description, accessTypes: ['write'], canPersist: false };
    } else {
      const description = this.say(sentence`Only units of a step’s variables can be watched.`);
      response.body = { dataId: null, description };
    }
    this.sendResponse(response);
  }

  protected override setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): void {
    this.answer(response, async () => {
      const units = breakpoints.map(({ dataId }) => {
        const [variable, unit] = dataId.split('/').map(Number) as [number, number];
        return { variable, unit };
      });
      await this.ask({ about: 'units', units });
      response.body = { breakpoints: breakpoints.map(() => ({ verified: true })) };
    });
  }

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    const { rows = 1, name = 'rnn' } = this.ready ?? {};
    const nameOf = (row: number): string =>
      rows === 1 ? name : this.say(sentence`row ${row + 1} of ${rows}`);
    response.body = {
      threads: Array.from({ length: rows }, (_, row) => new Thread(row + 1, nameOf(row))),
    };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels }: DebugProtocol.StackTraceArguments,
  ): void {
    this.answer(response, async () => {
      const count = levels === undefined || levels === 0 ? 20 : levels;
      const row = threadId - 1;
      const { frames, total } = await this.ask({ about: 'frames', row, from: startFrame, count });
      response.body = {
        stackFrames: frames.map((frame) => this.#frame(row, frame)),
        totalFrames: total,
      };
    });
  }

  #frame(row: number, frame: DebugFrame): DebugProtocol.StackFrame {
    const { t, layer, name, place, isWritten, part } = frame;
    const { start, end } = place;
    if (part) {
      const id = -1 - this.#idOf({ row, step: t, layer });
      return { id, name: this.say(part), line: 0, column: 0, presentationHint: 'label' };
    }
    return {
      ...{ id: this.#idOf({ row, step: t, layer }), name, line: start.line, column: start.column },
      ...{ endLine: end.line, endColumn: end.column },
      source: this.#sourceOf(isWritten),
    };
  }

  /** Frames count from 1: by row, time step, layer. */
  #idOf({ row, step, layer }: FramePlace): number {
    const { steps = 1, layers = 1 } = this.ready ?? {};
    return (row * steps + step) * layers + layer;
  }

  #placeOf(frameId: number): FramePlace {
    const { steps = 1, layers = 1 } = this.ready ?? {};
    const step = Math.floor((frameId - 1) / layers);
    return {
      ...{ row: Math.floor(step / steps), step: step % steps },
      layer: ((frameId - 1) % layers) + 1,
    };
  }

  /** The file; what does not stand there, in a text that the debugger shows. */
  #sourceOf(isWritten: boolean): DebugProtocol.Source {
    const path = this.opened?.path;
    if (path !== undefined && isWritten) return { name: path.split(/[\\/]/).at(-1) ?? path, path };
    return { name: `${this.ready?.name ?? 'cell'}.rnn`, sourceReference: keptSource };
  }

  protected override sourceRequest(response: DebugProtocol.SourceResponse): void {
    response.body = { content: this.ready?.source ?? '' };
    this.sendResponse(response);
  }

  protected override scopesRequest(
    response: DebugProtocol.ScopesResponse,
    { frameId }: DebugProtocol.ScopesArguments,
  ): void {
    const at = this.#placeOf(frameId);
    const isBackward = this.last.get(at.row)?.pass === 'backward';
    const shown = isBackward
      ? (['step', 'gradients', 'parameters', 'jacobian'] as const)
      : (['step', 'parameters', 'jacobian'] as const);
    response.body = {
      scopes: shown.map((of) => {
        const isLocal = of === 'step' || of === 'gradients';
        return new Scope(this.say(scopes[of]), this.held.create({ at, path: { of } }), !isLocal);
      }),
    };
    this.sendResponse(response);
  }

  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference, start, count }: DebugProtocol.VariablesArguments,
  ): void {
    this.answer(response, async () => {
      const held = this.held.get(variablesReference, { rows: [] });
      const isPaged = count !== undefined && count > 0;
      const page = isPaged ? { from: start ?? 0, count } : {};
      if ('rows' in held) {
        const { from = 0, count: length = held.rows.length } = page;
        const rows = held.rows.slice(from, from + length);
        response.body = { variables: rows.map((row) => this.#variable(row, undefined)) };
        return;
      }
      const { at, path } = held;
      const { rows } = await this.ask({ about: 'rows', ...at, path, ...page });
      response.body = { variables: rows.map((row) => this.#variable(row, at)) };
    });
  }

  #variable(row: DebugRow, at: FramePlace | undefined): DebugProtocol.Variable {
    const { name, value, path, count = 0, expression, isSettable = false } = row;
    return {
      name,
      value: this.say(value),
      variablesReference: path && at ? this.held.create({ at, path }) : 0,
      ...(path ? { indexedVariables: count } : {}),
      ...(expression === undefined ? {} : { evaluateName: expression }),
      ...(isSettable ? {} : { presentationHint: { attributes: ['readOnly'] } }),
    };
  }

  protected override setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
  ): void {
    this.answer(response, async () => {
      const held = this.held.get(variablesReference, { rows: [] });
      const entry = entryOf(name);
      const number = value.trim() === '' ? NaN : Number(value);
      if ('rows' in held || entry === undefined) {
        throw new Error(this.say(sentence`This cannot be set.`));
      }
      if (!Number.isFinite(number))
        throw new Error(this.say(sentence`Only finite numbers can be set.`));
      const { at, path } = held;
      await this.ask({ about: 'set', ...at, path, entry, value: number });
      response.body = { value: String(number) };
      this.sendEvent(new InvalidatedEvent(['variables', 'stacks']));
    });
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, frameId }: DebugProtocol.EvaluateArguments,
  ): void {
    this.answer(response, async () => {
      const { row = 0 } = this.ready ?? {};
      const step = this.last.get(row)?.step ?? 0;
      const at = frameId === undefined ? { row, step } : this.#placeOf(frameId);
      const { value, rows } = await this.ask({ about: 'expression', ...at, text: expression });
      response.body = {
        result: this.say(value),
        variablesReference: rows.length === 0 ? 0 : this.held.create({ rows }),
        ...(rows.length === 0 ? {} : { indexedVariables: rows.length }),
      };
    });
  }

  protected override completionsRequest(
    response: DebugProtocol.CompletionsResponse,
    { text, column }: DebugProtocol.CompletionsArguments,
  ): void {
    const typed = /[\p{L}_][\p{L}\p{M}\p{Nd}_.]*$/u.exec(text.slice(0, column - 1))?.[0] ?? '';
    const { variables = [], parameters = [] } = this.ready ?? {};
    const start = column - 1 - typed.length;
    const found = (type: DebugProtocol.CompletionItemType, labels: readonly string[]) =>
      labels.map((label) => ({ label, type, start, length: typed.length }));
    const all = [
      ...found('variable', variables),
      ...found('field', [...parameters, ...askedNames]),
      ...found('function', [...new Set([...askedFunctions, ...functionNames])]),
    ];
    response.body = { targets: all.filter(({ label }) => label.startsWith(typed)) };
    this.sendResponse(response);
  }

  /** Where the tokens of a row stand in its text, which is shown from then on. */
  async #spansOf(row: number): Promise<Int32Array> {
    const { row: first, spans } = this.ready!;
    const known = row === first ? spans : this.#spans.get(row);
    if (known) return known;
    const reading = await this.ask({ about: 'reading', row });
    this.#spans.set(row, reading.spans);
    await this.needs.read(reading.text, row, true);
    return reading.spans;
  }

  protected override customRequest(
    command: string,
    response: DebugProtocol.Response,
    args: unknown,
  ): void {
    // Which stretch of the text the token of a frame is, in UTF-16 units.
    if (command === 'tokenOf' && this.ready) {
      const { row, step } = this.#placeOf((args as { readonly frameId: number }).frameId);
      this.answer(response, async () => {
        const spans = await this.#spansOf(row);
        response.body = { row, start: spans[2 * step], end: spans[2 * step + 1] };
      });
      return;
    }
    super.customRequest(command, response, args);
  }
}

/** `[3]`: an entry of a vector. */
function entryOf(name: string): number | undefined {
  const digits = /^\[(\d+)\]$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
