import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { toEnglish } from '../../../src/core/sentence';
import { RnnDebugSession } from '../../../src/host/debugger/adapter';
import type { DebugRequest } from '../../../src/protocol/engine';
import { newEngine } from '../worker/follow-tools';

export const program = '/cells/mine.rnn';

type Way = 'continue' | 'next' | 'stepIn' | 'stepOut' | 'stepBack' | 'reverseContinue';

/** A client of the adapter for each test, as VS Code is one, with an engine for all; `launched` is what is gone through. */
export function useDebugger(request: DebugRequest) {
  const engine = newEngine();
  const read: string[] = [];
  const state = { launched: request } as { launched: DebugRequest; client: DebugClient };
  let server: net.Server;

  before(async () => {
    server = net.createServer((socket) => {
      const session = new RnnDebugSession({
        engine: Object.assign({}, engine),
        open: () => Promise.resolve({ request: state.launched, path: program, notes: [] }),
        read: (shown) => {
          read.push(shown);
          return Promise.resolve();
        },
        say: toEnglish,
        messageOf: (error) => (error instanceof Error ? error.message : String(error)),
      });
      session.setRunAsServer(true);
      session.start(socket, socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.close();
    await engine.dispose();
  });
  beforeEach(async () => {
    state.launched = request;
    read.length = 0;
    state.client = new DebugClient('node', '', 'rnn');
    await state.client.start((server.address() as AddressInfo).port);
  });
  afterEach(() => state.client.stop());

  /** Launches with breakpoints; resolves at the first stop. */
  async function launch(
    breakpoints: DebugProtocol.SourceBreakpoint[] = [],
    { stopOnEntry = true, filters = [] as string[] } = {},
  ) {
    const { client } = state;
    const ready = client.waitForEvent('initialized');
    await client.initializeRequest();
    const launching = client.launchRequest({ stopOnEntry } as DebugProtocol.LaunchRequestArguments);
    // What refuses to be launched is never ready.
    await Promise.race([ready, launching.then(() => ready)]);
    await launching;
    const set = await client.setBreakpointsRequest({ source: { path: program }, breakpoints });
    await client.setExceptionBreakpointsRequest({ filters });
    const stopped = client.waitForEvent('stopped') as Promise<DebugProtocol.StoppedEvent>;
    await client.configurationDoneRequest();
    return { set: set.body.breakpoints, stopped: (await stopped).body };
  }

  async function stopAfter<R>(move: () => Promise<R>) {
    const stopped = state.client.waitForEvent('stopped') as Promise<DebugProtocol.StoppedEvent>;
    await move();
    return (await stopped).body;
  }

  async function top(threadId = 1) {
    const { body } = await state.client.stackTraceRequest({ threadId, levels: 3 });
    const [frame] = body.stackFrames;
    return { ...frame!, total: body.totalFrames };
  }

  async function rows(scope: string, frameId: number) {
    const { body } = await state.client.scopesRequest({ frameId });
    const { variablesReference } = body.scopes.find(({ name }) => name === scope)!;
    const { body: within } = await state.client.variablesRequest({ variablesReference });
    return new Map(within.variables.map((variable) => [variable.name, variable]));
  }

  async function units(variable: DebugProtocol.Variable, start = 0, count = 100) {
    const { variablesReference } = variable;
    const { body } = await state.client.variablesRequest({ variablesReference, start, count });
    return body.variables.map(({ value }) => Number(value));
  }

  /** The names of the newest frames. */
  async function frames(threadId = 1) {
    const { body } = await state.client.stackTraceRequest({ threadId, levels: 3 });
    return body.stackFrames.map(({ name }) => name);
  }

  return Object.assign(state, {
    ...{ engine, read, launch, stopAfter, top, frames, rows, units },
    go: (move: Way, threadId = 1) => stopAfter(() => state.client.send(move, { threadId })),
    async evaluate(expression: string, frameId?: number) {
      const at = frameId === undefined ? {} : { frameId };
      return (await state.client.evaluateRequest({ expression, ...at })).body.result;
    },
  });
}
