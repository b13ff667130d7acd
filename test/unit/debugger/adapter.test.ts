import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { InputError } from '../../../src/core/input-error';
import { toEnglish } from '../../../src/core/sentence';
import { RnnDebugSession } from '../../../src/host/debugger/adapter';
import type { DebugRequest } from '../../../src/protocol/engine';
import { newEngine } from '../worker/follow-tools';

const program = '/cells/elman.rnn';
const source = [
  '# Elman 1990',
  's[t] = tanh(U x[t] + W s[t-1] + b)',
  'k[t] = sigmoid(K s[t])',
  'h[t] = k[t] * s[t]',
  '',
].join('\n');
const text = 'the theme';

const request: DebugRequest = {
  kind: 'debug',
  model: {
    kind: 'fresh',
    cell: { name: 'elman', source },
    hidden: 4,
    layers: 1,
    seed: 3,
  },
  text,
  precision: 'float64',
  loss: 'last',
};

describe('debug adapter', () => {
  const engine = newEngine();
  let server: net.Server;
  let client: DebugClient;
  let launched: DebugRequest;

  before(async () => {
    server = net.createServer((socket) => {
      const session = new RnnDebugSession({
        engine: Object.assign({}, engine),
        open: (configuration) => {
          const { path = program } = configuration as { path?: string };
          return Promise.resolve({ request: launched, path, notes: [] });
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
    launched = request;
    client = new DebugClient('node', '', 'rnn');
    await client.start((server.address() as AddressInfo).port);
  });
  afterEach(() => client.stop());

  /** Launches with breakpoints; resolves at the first stop. */
  async function launch(
    breakpoints: DebugProtocol.SourceBreakpoint[] = [],
    { stopOnEntry = true, filters = [] as string[] } = {},
  ) {
    const ready = client.waitForEvent('initialized');
    await client.initializeRequest();
    const launching = client.launchRequest({ stopOnEntry } as DebugProtocol.LaunchRequestArguments);
    await ready;
    await launching;
    const set = await client.setBreakpointsRequest({ source: { path: program }, breakpoints });
    await client.setExceptionBreakpointsRequest({ filters });
    const stopped = client.waitForEvent('stopped') as Promise<DebugProtocol.StoppedEvent>;
    await client.configurationDoneRequest();
    return { set: set.body.breakpoints, stopped: (await stopped).body };
  }

  async function after_<R>(move: () => Promise<R>) {
    const stopped = client.waitForEvent('stopped') as Promise<DebugProtocol.StoppedEvent>;
    await move();
    return (await stopped).body;
  }
  const threadId = 1;
  const go = (move: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'stepBack' | 'reverseContinue') =>
    after_(() => client.send(move, { threadId }));

  async function top() {
    const { body } = await client.stackTraceRequest({ threadId, levels: 3 });
    const [frame] = body.stackFrames;
    return { ...frame!, total: body.totalFrames };
  }

  async function rows(scope: string, frameId: number) {
    const { body } = await client.scopesRequest({ frameId });
    const { variablesReference } = body.scopes.find(({ name }) => name === scope)!;
    const { body: within } = await client.variablesRequest({ variablesReference });
    return new Map(within.variables.map((variable) => [variable.name, variable]));
  }

  async function units(variable: DebugProtocol.Variable, start = 0, count = 100) {
    const { variablesReference } = variable;
    const { body } = await client.variablesRequest({ variablesReference, start, count });
    return body.variables.map(({ value }) => Number(value));
  }

  const evaluate = async (expression: string, frameId?: number) =>
    (await client.evaluateRequest({ expression, ...(frameId ? { frameId } : {}) })).body.result;

  it('goes over equations, into their parts, out of steps, and back', async () => {
    const { stopped } = await launch();
    assert.equal(stopped.reason, 'entry');
    const first = await top();
    assert.deepEqual([first.name, first.line, first.column, first.total], ["h[1] 't'", 2, 1, 1]);
    await go('stepIn');
    // U x[t] has been worked out, W s[t-1] is next.
    const inside = await top();
    assert.deepEqual(
      [inside.line, source.split('\n')[1]!.slice(inside.column - 1, inside.endColumn! - 1)],
      [2, 'W s[t-1]'],
    );
    assert.ok((await rows('This step', 1)).has('U x[t]'));
    await go('next');
    assert.equal((await top()).line, 3);
    await go('stepBack');
    assert.equal((await top()).line, 2);
    await go('stepOut');
    const second = await top();
    assert.deepEqual([second.name, second.line, second.total], ["h[2] 'h'", 2, 2]);
    await go('stepOut');
    assert.deepEqual((await top()).name, "h[3] 'e'");
    const back = await go('reverseContinue');
    assert.equal(back.description, 'This is the first step.');
    assert.equal((await top()).total, 1);
  });

  it('stops at breakpoints with conditions and hit counts, says what log points say, marks what is none', async () => {
    const { set, stopped } = await launch(
      [
        { line: 1 },
        { line: 2, condition: 't == 4 && norm(s[t]) > 0' },
        { line: 3, hitCondition: '6' },
        { line: 4, logMessage: 'at {t}: {token}' },
        { line: 4, condition: 'norm(s[t' },
      ],
      { stopOnEntry: false },
    );
    assert.deepEqual(
      set.map(({ verified }) => verified),
      [false, true, true, true, false],
    );
    assert.equal(set[0]!.message, 'There is no equation on this line.');
    assert.equal(set[4]!.message, 'This bracket is never closed.');
    assert.deepEqual([stopped.reason, stopped.hitBreakpointIds], ['breakpoint', [set[1]!.id]]);
    assert.deepEqual([(await top()).name, (await top()).line], ["h[4] '␣'", 2]);
    const said = client.waitForEvent('output') as Promise<DebugProtocol.OutputEvent>;
    assert.deepEqual((await go('continue')).hitBreakpointIds, [set[2]!.id]);
    assert.equal((await said).body.output, 'at 4: ␣\n');
    assert.deepEqual([(await top()).name, (await top()).line], ["h[6] 'h'", 3]);
    // The output layer stands below the cell's own equations, in a text that the debugger shows.
    const kept = { name: 'elman.rnn', sourceReference: 1 };
    const whole = await client.sourceRequest({ source: kept, sourceReference: 1 });
    assert.equal(whole.body.content, `${source}y[t] = softmax(V h[t] + c)\n`);
    const breakpoints = [{ line: 5, condition: 'p(target) < 1' }];
    const added = await client.setBreakpointsRequest({ source: kept, breakpoints });
    assert.deepEqual((await go('continue')).hitBreakpointIds, [added.body.breakpoints[0]!.id]);
    assert.equal((await top()).line, 5);
  });

  it('walks the stack down in the backward pass, where gradients appear, and returns into the forward pass', async () => {
    await launch();
    const turn = await go('continue');
    assert.match(turn.description!, /backward pass begins/);
    assert.equal((await top()).total, text.length - 1);
    await go('stepOut');
    const frame = await top();
    assert.equal(frame.total, text.length - 2);
    const gradients = await rows('Gradients', text.length - 1);
    assert.ok(gradients.has('∂E/∂s[t]') && gradients.has('∂E/∂W Σ'));
    const [shown] = await units(gradients.get('∂E/∂s[t]')!);
    const asked = await client.evaluateRequest({
      expression: 'unit(grad(s[t]), 0)',
      frameId: text.length - 1,
    });
    assert.equal(Number(asked.body.result), shown);
    assert.equal(
      (await go('continue')).description,
      'The backward pass is over. Continue once more to end, or go back.',
    );
    assert.match((await go('reverseContinue')).description!, /backward pass begins/);
    await go('stepBack');
    assert.equal((await rows('This step', text.length - 1)).has('y[t]'), false);
    await go('continue');
    await go('continue');
    const ended = client.waitForEvent('terminated');
    await client.continueRequest({ threadId });
    await ended;
  });

  it('sets a unit and a weight: all that follows is worked out again', async () => {
    await launch([{ line: 3, condition: 't == 3' }], { stopOnEntry: false });
    const state = (await rows('This step', 3)).get('s[t]')!;
    const { variablesReference } = state;
    await client.setVariableRequest({ variablesReference, name: '[1]', value: '0.5' });
    assert.equal(await evaluate('unit(s[t], 1)', 3), '0.5');
    await go('next');
    const k = await evaluate('unit(k[t], 0)', 3);
    const parameters = await rows('Parameters', 3);
    const { body } = await client.variablesRequest({
      variablesReference: parameters.get('K')!.variablesReference,
      start: 0,
      count: 1,
    });
    const row = body.variables[0]!.variablesReference;
    await client.setVariableRequest({ variablesReference: row, name: '[1]', value: '2' });
    assert.notEqual(await evaluate('unit(k[t], 0)', 3), k);
    assert.equal((await top()).name, "h[3] 'e'");
    await assert.rejects(
      client.setVariableRequest({ variablesReference: row, name: '[1]', value: 'two' }),
      /Only finite numbers/,
    );
    const weights = parameters.get('K')!;
    assert.equal(weights.indexedVariables, 4);
  });

  it('watches a unit, and stops where it crosses zero', async () => {
    await launch([{ line: 4 }], { stopOnEntry: false });
    const state = (await rows('This step', 1)).get('s[t]')!;
    const { variablesReference } = state;
    const info = await client.send('dataBreakpointInfo', { variablesReference, name: '[0]' });
    const { dataId } = info.body as { dataId: string };
    await client.send('setDataBreakpoints', { breakpoints: [{ dataId }] });
    await client.setBreakpointsRequest({ source: { path: program }, breakpoints: [] });
    const stopped = await go('continue');
    assert.equal(stopped.reason, 'data breakpoint');
    const { id } = await top();
    const [now, before] = await Promise.all([
      evaluate('unit(s[t], 0)', id),
      evaluate('unit(s[t-1], 0)', id),
    ]);
    assert.ok(Number(now) * Number(before) < 0);
  });

  it('stops at the first number that is wrong, and tells which', async () => {
    const bad = source.replace('h[t] = k[t] * s[t]', 'h[t] = log(s[t] - 2)');
    launched = {
      ...request,
      model: { ...request.model, cell: { name: 'elman', source: bad } },
    };
    const { stopped } = await launch([], { stopOnEntry: false, filters: ['notFinite'] });
    assert.deepEqual(
      [stopped.reason, stopped.text],
      ['exception', 'Unit 0 of h[1] is not a finite number: NaN.'],
    );
    const info = await client.send('exceptionInfo', { threadId });
    assert.equal((info.body as { exceptionId: string }).exceptionId, 'Not finite');
    assert.equal((await top()).line, 4);
  });

  it('evaluates and completes expressions, and says what is wrong with one', async () => {
    await launch([{ line: 4 }], { stopOnEntry: false });
    assert.equal(await evaluate('token', 1), "'t'");
    assert.equal(await evaluate('1 + 2 * 3'), '7');
    const { body } = await client.evaluateRequest({ expression: 'W s[t]', frameId: 1 });
    assert.match(body.result, /^\[4\] norm /);
    assert.equal(body.indexedVariables, 4);
    await assert.rejects(evaluate('grad(W)', 1), /There is no gradient yet/);
    const completed = await client.send('completions', { text: 'nor', column: 4, frameId: 1 });
    const { targets } = completed.body;
    assert.deepEqual(
      targets.map(({ label }) => label),
      ['norm'],
    );
    await assert.rejects(evaluate('nrom(s[t])', 1), (error) => {
      assert.ok(!(error instanceof InputError));
      return String(error).includes('Did you mean norm');
    });
  });

  it('is interrupted in the middle of a long text', async () => {
    launched = {
      ...request,
      text: 'the theme '.repeat(900),
      model: { ...request.model, hidden: 96 } as never,
    };
    await launch();
    const stopped = after_(() => client.continueRequest({ threadId }));
    await client.pauseRequest({ threadId });
    assert.equal((await stopped).reason, 'pause');
    const { total } = await top();
    assert.ok(total! < 8999);
  });

  it('refuses what cannot be gone through, and says why', async () => {
    const refused = async (change: Partial<DebugRequest>): Promise<string> => {
      launched = { ...request, ...change };
      await client.initializeRequest();
      let told = '';
      await assert.rejects(
        client.launchRequest({ stopOnEntry: true } as DebugProtocol.LaunchRequestArguments),
        (error) => {
          told = String(error);
          return true;
        },
      );
      return told;
    };
    assert.match(await refused({ text: 'a' }), /too short/);
    const model = {
      ...request.model,
      cell: { name: 'bad', source: 's[t] = tanh(U x[t]' },
    } as never;
    assert.match(await refused({ model }), /bad:1:12: This bracket is never closed/);
    const tagger = 'f[t] = gru(x[t], f[t-1])\ny = softmax(V f[T] + c)';
    const examples = { ...request.model, cell: { name: 'tagger', source: tagger } } as never;
    assert.match(await refused({ model: examples }), /a text has no label to predict/);
    assert.match(await refused({ model: { kind: 'run', run: '/no/such/run' } }), /no\/such|run/);
  });
});
