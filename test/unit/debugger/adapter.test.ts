import assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { InputError } from '../../../src/core/input-error';
import type { DebugRequest } from '../../../src/protocol/engine';
import { program, useDebugger } from './client';

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

const threadId = 1;

describe('debug adapter', () => {
  const debug = useDebugger(request);

  it('goes over equations, into their parts, out of steps, and back', async () => {
    const { stopped } = await debug.launch();
    assert.equal(stopped.reason, 'entry');
    const first = await debug.top();
    assert.deepEqual([first.name, first.line, first.column, first.total], ["h[1] 't'", 2, 1, 1]);
    await debug.go('stepIn');
    // U x[t] has been worked out, W s[t-1] is next.
    const inside = await debug.top();
    assert.deepEqual(
      [inside.line, source.split('\n')[1]!.slice(inside.column - 1, inside.endColumn! - 1)],
      [2, 'W s[t-1]'],
    );
    assert.ok((await debug.rows('This step', 1)).has('U x[t]'));
    await debug.go('next');
    assert.equal((await debug.top()).line, 3);
    await debug.go('stepBack');
    assert.equal((await debug.top()).line, 2);
    await debug.go('stepOut');
    const second = await debug.top();
    assert.deepEqual([second.name, second.line, second.total], ["h[2] 'h'", 2, 2]);
    await debug.go('stepOut');
    assert.deepEqual((await debug.top()).name, "h[3] 'e'");
    const back = await debug.go('reverseContinue');
    assert.equal(back.description, 'This is the first step.');
    assert.equal((await debug.top()).total, 1);
  });

  it('stops at breakpoints with conditions and hit counts, says what log points say, marks what is none', async () => {
    const { set, stopped } = await debug.launch(
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
    assert.deepEqual([(await debug.top()).name, (await debug.top()).line], ["h[4] '␣'", 2]);
    const said = debug.client.waitForEvent('output') as Promise<DebugProtocol.OutputEvent>;
    assert.deepEqual((await debug.go('continue')).hitBreakpointIds, [set[2]!.id]);
    assert.equal((await said).body.output, 'at 4: ␣\n');
    assert.deepEqual([(await debug.top()).name, (await debug.top()).line], ["h[6] 'h'", 3]);
    // The output layer stands below the cell's own equations, in a text that the debugger shows.
    const kept = { name: 'elman.rnn', sourceReference: 1 };
    const whole = await debug.client.sourceRequest({ source: kept, sourceReference: 1 });
    assert.equal(whole.body.content, `${source}y[t] = softmax(V h[t] + c)\n`);
    const breakpoints = [{ line: 5, condition: 'p(target) < 1' }];
    const added = await debug.client.setBreakpointsRequest({ source: kept, breakpoints });
    assert.deepEqual((await debug.go('continue')).hitBreakpointIds, [
      added.body.breakpoints[0]!.id,
    ]);
    assert.equal((await debug.top()).line, 5);
  });

  it('walks the stack down in the backward pass, where gradients appear, and returns into the forward pass', async () => {
    await debug.launch();
    const turn = await debug.go('continue');
    assert.match(turn.description!, /backward pass begins/);
    assert.equal((await debug.top()).total, text.length - 1);
    await debug.go('stepOut');
    const frame = await debug.top();
    assert.equal(frame.total, text.length - 2);
    const gradients = await debug.rows('Gradients', text.length - 1);
    assert.ok(gradients.has('∂E/∂s[t]') && gradients.has('∂E/∂W Σ'));
    const [shown] = await debug.units(gradients.get('∂E/∂s[t]')!);
    const asked = await debug.client.evaluateRequest({
      expression: 'unit(grad(s[t]), 0)',
      frameId: text.length - 1,
    });
    assert.equal(Number(asked.body.result), shown);
    assert.equal(
      (await debug.go('continue')).description,
      'The backward pass is over. Continue once more to end, or go back.',
    );
    assert.match((await debug.go('reverseContinue')).description!, /backward pass begins/);
    await debug.go('stepBack');
    assert.equal((await debug.rows('This step', text.length - 1)).has('y[t]'), false);
    await debug.go('continue');
    await debug.go('continue');
    const ended = debug.client.waitForEvent('terminated');
    await debug.client.continueRequest({ threadId });
    await ended;
  });

  it('sets a unit and a weight: all that follows is worked out again', async () => {
    await debug.launch([{ line: 3, condition: 't == 3' }], { stopOnEntry: false });
    const state = (await debug.rows('This step', 3)).get('s[t]')!;
    const { variablesReference } = state;
    await debug.client.setVariableRequest({ variablesReference, name: '[1]', value: '0.5' });
    assert.equal(await debug.evaluate('unit(s[t], 1)', 3), '0.5');
    await debug.go('next');
    const k = await debug.evaluate('unit(k[t], 0)', 3);
    const parameters = await debug.rows('Parameters', 3);
    const { body } = await debug.client.variablesRequest({
      variablesReference: parameters.get('K')!.variablesReference,
      start: 0,
      count: 1,
    });
    const row = body.variables[0]!.variablesReference;
    await debug.client.setVariableRequest({ variablesReference: row, name: '[1]', value: '2' });
    assert.notEqual(await debug.evaluate('unit(k[t], 0)', 3), k);
    assert.equal((await debug.top()).name, "h[3] 'e'");
    await assert.rejects(
      debug.client.setVariableRequest({ variablesReference: row, name: '[1]', value: 'two' }),
      /Only finite numbers/,
    );
    const weights = parameters.get('K')!;
    assert.equal(weights.indexedVariables, 4);
  });

  it('watches a unit, and stops where it crosses zero', async () => {
    await debug.launch([{ line: 4 }], { stopOnEntry: false });
    const state = (await debug.rows('This step', 1)).get('s[t]')!;
    const { variablesReference } = state;
    const info = await debug.client.send('dataBreakpointInfo', { variablesReference, name: '[0]' });
    const { dataId } = info.body as { dataId: string };
    await debug.client.send('setDataBreakpoints', { breakpoints: [{ dataId }] });
    await debug.client.setBreakpointsRequest({ source: { path: program }, breakpoints: [] });
    const stopped = await debug.go('continue');
    assert.equal(stopped.reason, 'data breakpoint');
    const { id } = await debug.top();
    const [now, before] = await Promise.all([
      debug.evaluate('unit(s[t], 0)', id),
      debug.evaluate('unit(s[t-1], 0)', id),
    ]);
    assert.ok(Number(now) * Number(before) < 0);
  });

  it('stops at the first number that is wrong, and tells which', async () => {
    const bad = source.replace('h[t] = k[t] * s[t]', 'h[t] = log(s[t] - 2)');
    debug.launched = {
      ...request,
      model: { ...request.model, cell: { name: 'elman', source: bad } },
    };
    const { stopped } = await debug.launch([], { stopOnEntry: false, filters: ['notFinite'] });
    assert.deepEqual(
      [stopped.reason, stopped.text],
      ['exception', 'Unit 0 of h[1] is not a finite number: NaN.'],
    );
    const info = await debug.client.send('exceptionInfo', { threadId });
    assert.equal((info.body as { exceptionId: string }).exceptionId, 'Not finite');
    assert.equal((await debug.top()).line, 4);
  });

  it('evaluates and completes expressions, and says what is wrong with one', async () => {
    await debug.launch([{ line: 4 }], { stopOnEntry: false });
    assert.equal(await debug.evaluate('token', 1), "'t'");
    assert.equal(await debug.evaluate('1 + 2 * 3'), '7');
    const { body } = await debug.client.evaluateRequest({ expression: 'W s[t]', frameId: 1 });
    assert.match(body.result, /^\[4\] norm /);
    assert.equal(body.indexedVariables, 4);
    await assert.rejects(debug.evaluate('grad(W)', 1), /There is no gradient yet/);
    const completed = await debug.client.send('completions', {
      text: 'nor',
      column: 4,
      frameId: 1,
    });
    const { targets } = completed.body;
    assert.deepEqual(
      targets.map(({ label }) => label),
      ['norm'],
    );
    await assert.rejects(debug.evaluate('nrom(s[t])', 1), (error) => {
      assert.ok(!(error instanceof InputError));
      return String(error).includes('Did you mean norm');
    });
  });

  it('is interrupted in the middle of a long text', async () => {
    debug.launched = {
      ...request,
      text: 'the theme '.repeat(900),
      model: { ...request.model, hidden: 96 } as never,
    };
    await debug.launch();
    const stopped = debug.stopAfter(() => debug.client.continueRequest({ threadId }));
    await debug.client.pauseRequest({ threadId });
    assert.equal((await stopped).reason, 'pause');
    const { total } = await debug.top();
    assert.ok(total! < 8999);
  });

  it('refuses what cannot be gone through, and says why', async () => {
    const refused = async (change: Partial<DebugRequest>): Promise<string> => {
      debug.launched = { ...request, ...change };
      await debug.client.initializeRequest();
      let told = '';
      await assert.rejects(
        debug.client.launchRequest({ stopOnEntry: true } as DebugProtocol.LaunchRequestArguments),
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
