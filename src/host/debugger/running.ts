/** The debug adapter's running part: opening what is gone through, moving, and telling where it stopped. */
import {
  DebugSession,
  ExitedEvent,
  Handles,
  InitializedEvent,
  OutputEvent,
  StoppedEvent,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Move } from '../../core/debugger/names';
import { sentence, type Sentence } from '../../core/sentence';
import type { Job } from '../../protocol/client';
import type {
  DebugAnswer,
  DebugEvent,
  DebugMoveResult,
  DebugPath,
  DebugQuestion,
  DebugRequest,
  DebugRow,
} from '../../protocol/engine';
import type { Engine } from '../engine';
import { stopDescriptions } from './words';

/** What is gone through, and where it is shown. */
export interface Opened {
  readonly request: DebugRequest;
  /** The file that shows the equations; undefined: they are shown as they are kept. */
  readonly path: string | undefined;
  /** What is to be said before the first step. */
  readonly notes: readonly Sentence[];
}

export interface AdapterNeeds {
  readonly engine: Pick<Engine, 'start'>;
  /** What a launch configuration stands for. */
  open(configuration: unknown): Promise<Opened>;
  /** Shows what is read, where it was not given as a text: a row of the batch of a training's step, an example. */
  read(text: string, row: number, isBatch: boolean): Promise<void>;
  /** In the display language. */
  say(told: Sentence): string;
  messageOf(error: unknown): string;
}

type Ready = Extract<DebugEvent, { event: 'ready' }>;

/** Where a frame stands: a layer of a time step of a row. Threads are rows, whose numbers begin at 0. */
export interface FramePlace {
  readonly row: number;
  readonly step: number;
  readonly layer: number;
}

/** What a reference to variables stands for: something of a frame, or rows that are there. */
export type Held =
  | { readonly at: FramePlace; readonly path: DebugPath }
  | { readonly rows: readonly DebugRow[] };

/** What VS Code asks that makes the machine go. */
export class RunningSession extends DebugSession {
  protected readonly needs: AdapterNeeds;
  protected readonly held = new Handles<Held>();
  protected opened: Opened | undefined;
  protected ready: Ready | undefined;
  #debug: Job<'debug'> | undefined;
  #moving: Job<'debugMove'> | undefined;
  /** How the last move of each row ended. */
  protected readonly last = new Map<number, DebugMoveResult>();
  #stopsOnEntry = true;

  constructor(needs: AdapterNeeds) {
    super();
    this.needs = needs;
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override launchRequest(
    response: DebugProtocol.LaunchResponse,
    configuration: DebugProtocol.LaunchRequestArguments & { readonly stopOnEntry?: unknown },
  ): void {
    this.answer(response, async () => {
      this.#stopsOnEntry = configuration.stopOnEntry !== false;
      const opened = await this.needs.open(configuration);
      this.opened = opened;
      this.ready = await this.#start(opened.request);
      for (const note of opened.notes) this.print(this.say(note));
      const { unknown, note, text } = this.ready;
      if (note) this.print(this.say(note));
      if (text !== undefined) await this.needs.read(text, this.ready.row, this.ready.rows > 1);
      if (unknown.length > 0) {
        const shown = unknown.map((each) => `'${each}'`).join(', ');
        this.print(
          this.say(sentence`The model does not know ${shown}: it reads something else there.`),
        );
      }
      this.sendEvent(new InitializedEvent());
    });
  }

  /** Resolves when the model is open. */
  #start(request: DebugRequest): Promise<Ready> {
    return new Promise((resolve, reject) => {
      const job = this.needs.engine.start(request, (event) => {
        if (event.event === 'ready') resolve(event);
        else this.print(event.text);
      });
      this.#debug = job;
      job.result.then(
        () => this.sendEvent(new TerminatedEvent()),
        (error: unknown) => {
          reject(error instanceof Error ? error : new Error(String(error)));
          if (this.ready) this.print(this.needs.messageOf(error), 'stderr');
          this.sendEvent(new TerminatedEvent());
        },
      );
    });
  }

  protected override configurationDoneRequest(
    response: DebugProtocol.ConfigurationDoneResponse,
  ): void {
    this.sendResponse(response);
    const { row } = this.ready!;
    if (this.#stopsOnEntry) this.sendEvent(allStopped('entry', row));
    else void this.#move(row, this.opened?.request.model.kind === 'failed' ? 'find' : 'continue');
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse): void {
    this.#moving?.control({ action: 'stop' });
    this.#debug?.control({ action: 'stop' });
    this.sendResponse(response);
  }

  protected override continueRequest(
    response: DebugProtocol.ContinueResponse,
    { threadId }: DebugProtocol.ContinueArguments,
  ): void {
    response.body = { allThreadsContinued: true };
    this.#go(response, threadId, 'continue');
  }

  protected override nextRequest(
    response: DebugProtocol.NextResponse,
    { threadId }: DebugProtocol.NextArguments,
  ): void {
    this.#go(response, threadId, 'over');
  }

  protected override stepInRequest(
    response: DebugProtocol.StepInResponse,
    { threadId }: DebugProtocol.StepInArguments,
  ): void {
    this.#go(response, threadId, 'into');
  }

  protected override stepOutRequest(
    response: DebugProtocol.StepOutResponse,
    { threadId }: DebugProtocol.StepOutArguments,
  ): void {
    this.#go(response, threadId, 'out');
  }

  protected override stepBackRequest(
    response: DebugProtocol.StepBackResponse,
    { threadId }: DebugProtocol.StepBackArguments,
  ): void {
    this.#go(response, threadId, 'back');
  }

  protected override reverseContinueRequest(
    response: DebugProtocol.ReverseContinueResponse,
    { threadId }: DebugProtocol.ReverseContinueArguments,
  ): void {
    this.#go(response, threadId, 'reverse');
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.sendResponse(response);
    this.#moving?.control({ action: 'stop' });
  }

  #go(response: DebugProtocol.Response, threadId: number, move: Move): void {
    this.sendResponse(response);
    void this.#move(threadId - 1, move);
  }

  /** Moves; how it ends is told by an event. */
  async #move(row: number, move: Move): Promise<void> {
    const isBackwards = move === 'back' || move === 'reverse';
    if (this.#moving) return;
    if (this.last.get(row)?.stop.kind === 'end' && !isBackwards) {
      this.#debug?.control({ action: 'stop' });
      return;
    }
    try {
      const { id: debug } = this.#debug!;
      const job = this.needs.engine.start({ kind: 'debugMove', debug, row, move });
      this.#moving = job;
      const result = await job.result;
      this.#moving = undefined;
      this.#stopped(row, result);
    } catch (error) {
      this.#moving = undefined;
      this.print(this.needs.messageOf(error), 'stderr');
      this.sendEvent(new ExitedEvent(1));
      this.sendEvent(new TerminatedEvent());
    }
  }

  #stopped(row: number, result: DebugMoveResult): void {
    const { stop } = result;
    this.last.set(row, result);
    this.held.reset();
    const event = allStopped('step', row);
    switch (stop.kind) {
      case 'breakpoint':
      case 'mistake':
        event.body.reason = 'breakpoint';
        event.body.hitBreakpointIds = [stop.id];
        if (stop.kind === 'mistake') this.print(this.say(stop.told), 'stderr');
        break;
      case 'unit':
        event.body.reason = 'data breakpoint';
        event.body.text = this.say(stop.told);
        this.print(event.body.text);
        break;
      case 'trouble':
        event.body.reason = 'exception';
        event.body.text = this.say(stop.told);
        break;
      case 'paused':
        event.body.reason = 'pause';
        break;
      case 'turn':
      case 'start':
      case 'end': {
        const told = stopDescriptions[stop.kind];
        event.body.description = this.say(told);
        this.print(event.body.description);
        break;
      }
      case 'step':
        break;
    }
    this.sendEvent(event);
  }

  protected async ask<A extends DebugQuestion['about']>(
    question: Extract<DebugQuestion, { about: A }>,
  ): Promise<Extract<DebugAnswer, { about: A }>> {
    const { engine } = this.needs;
    const job = engine.start({ kind: 'debugAsk', debug: this.#debug!.id, question });
    return (await job.result) as Extract<DebugAnswer, { about: A }>;
  }

  /** Does what fills a response; what goes wrong is the response then. */
  protected answer(response: DebugProtocol.Response, fill: () => Promise<void>): void {
    fill().then(
      () => {
        this.sendResponse(response);
      },
      (error: unknown) => {
        const format = this.needs.messageOf(error).replaceAll('{', '{{');
        this.sendErrorResponse(response, { id: 1, format, showUser: false });
      },
    );
  }

  protected print(text: string, category: 'stdout' | 'stderr' = 'stdout'): void {
    this.sendEvent(new OutputEvent(`${text}\n`, category));
  }

  protected say(told: Sentence): string {
    return this.needs.say(told);
  }
}

/** Where one row stops the others stand as well. */
function allStopped(reason: string, row: number): DebugProtocol.StoppedEvent {
  const event: DebugProtocol.StoppedEvent = new StoppedEvent(reason, row + 1);
  event.body.allThreadsStopped = true;
  return event;
}
