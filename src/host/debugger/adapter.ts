/** The debug adapter: what VS Code asks of a debugger, put to the engine. It knows nothing of the editor. */
import { InvalidatedEvent, Scope, Thread } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { askedFunctions, askedNames, troubleNames } from '../../core/debugger/names';
import { functionNames } from '../../core/equations/syntax';
import { sentence } from '../../core/sentence';
import type { DebugFrame, DebugQuestion, DebugRow } from '../../protocol/engine';
import { RunningSession, thread, type Held } from './running';
import { scopes, troubles } from './words';

/** Of the equations as they are kept, with the output layer that the model adds. */
const keptSource = 1;
type Lines = Extract<DebugQuestion, { about: 'breakpoints' }>['lines'];

/** Shows where the machine stands, and stops it where it is asked to. */
export class RnnDebugSession extends RunningSession {
  /** Breakpoints by where they were set: the two texts have their lines in common. */
  readonly #lines = new Map<string, Lines>();

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

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    const stop = this.last?.stop;
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
    response.body = { threads: [new Thread(thread, this.ready?.name ?? 'rnn')] };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { startFrame = 0, levels }: DebugProtocol.StackTraceArguments,
  ): void {
    this.answer(response, async () => {
      const count = levels === undefined || levels === 0 ? 20 : levels;
      const { frames, total } = await this.ask({ about: 'frames', from: startFrame, count });
      response.body = {
        stackFrames: frames.map((frame) => this.#frame(frame)),
        totalFrames: total,
      };
    });
  }

  #frame({ t, name, place, isWritten }: DebugFrame): DebugProtocol.StackFrame {
    const { start, end } = place;
    return {
      ...{ id: t + 1, name, line: start.line, column: start.column },
      ...{ endLine: end.line, endColumn: end.column },
      source: this.#sourceOf(isWritten),
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
    const step = frameId - 1;
    const isBackward = this.last?.pass === 'backward';
    const shown = isBackward
      ? (['step', 'gradients', 'parameters', 'jacobian'] as const)
      : (['step', 'parameters', 'jacobian'] as const);
    response.body = {
      scopes: shown.map((of) => {
        const isLocal = of === 'step' || of === 'gradients';
        return new Scope(this.say(scopes[of]), this.held.create({ step, path: { of } }), !isLocal);
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
        response.body = { variables: rows.map((row) => this.#variable(row, 0)) };
        return;
      }
      const { step, path } = held;
      const { rows } = await this.ask({ about: 'rows', step, path, ...page });
      response.body = { variables: rows.map((row) => this.#variable(row, step)) };
    });
  }

  #variable(row: DebugRow, step: number): DebugProtocol.Variable {
    const { name, value, path, count = 0, expression, isSettable = false } = row;
    return {
      name,
      value: this.say(value),
      variablesReference: path ? this.held.create({ step, path }) : 0,
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
      const { step, path } = held;
      await this.ask({ about: 'set', step, path, entry, value: number });
      response.body = { value: String(number) };
      this.sendEvent(new InvalidatedEvent(['variables', 'stacks']));
    });
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, frameId }: DebugProtocol.EvaluateArguments,
  ): void {
    this.answer(response, async () => {
      const step = frameId === undefined ? (this.last?.step ?? 0) : frameId - 1;
      const { value, rows } = await this.ask({ about: 'expression', step, text: expression });
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
      ...found(
        'variable',
        [...variables, 'x'].map((name) => `${name}[t]`),
      ),
      ...found('field', [...parameters, ...askedNames]),
      ...found('function', [...new Set([...askedFunctions, ...functionNames])]),
    ];
    response.body = { targets: all.filter(({ label }) => label.startsWith(typed)) };
    this.sendResponse(response);
  }

  protected override customRequest(
    command: string,
    response: DebugProtocol.Response,
    args: unknown,
  ): void {
    // Which stretch of the text the token of a frame is, in UTF-16 units.
    if (command === 'tokenOf' && this.ready) {
      const step = (args as { readonly frameId: number }).frameId - 1;
      const { offsets } = this.ready;
      response.body = { start: offsets[step], end: offsets[step + 1] };
      this.sendResponse(response);
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
