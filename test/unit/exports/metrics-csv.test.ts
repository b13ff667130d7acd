import assert from 'node:assert/strict';
import fs from 'node:fs';
import { parse } from 'csv-parse/sync';
import { writeMetricsCsv } from '../../../src/core/exports/metrics-csv';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import { decodeMetrics, encodeMetrics } from '../../../src/core/training/run';
import { everyStep, makeTrainer, runSteps } from '../training/tools';

describe('metrics as CSV', () => {
  it('are what the run has measured, row by row, read by another program', async () => {
    const settings = { 'training.steps': 30, 'training.evaluateEvery': 7 };
    const trainer = await makeTrainer({ settings, now: everyStep() });
    const told = runSteps(trainer).filter(
      (event) => event.event === 'metrics' || event.event === 'evaluation',
    );
    trainer.close();
    const text = writeMetricsCsv(decodeMetrics(told.map(encodeMetrics).join('')));
    const rows = parse<Record<string, string>>(text, { columns: true, recordDelimiter: '\r\n' });
    assert.ok(rows.length > 30);
    assert.equal(rows.length, told.length);
    rows.forEach((row, i) => {
      const event = told[i]!;
      const number = (name: string): number => Number(row[name]!);
      assert.equal(number('step'), event.row.step);
      assert.equal(number('epoch'), event.row.epoch);
      assert.equal(number('time [s]'), event.row.seconds);
      if (event.event === 'metrics') {
        const { loss, gradientNorm, learningRate, tokensPerSecond, tokens, steps, clipped } =
          event.row;
        assert.equal(row['kind'], 'training');
        assert.equal(number('loss [nats/token]'), loss.mean);
        assert.equal(number('least loss [nats/token]'), loss.min);
        assert.equal(number('greatest loss [nats/token]'), loss.max);
        assert.equal(number('gradient norm'), gradientNorm.mean);
        assert.equal(number('least gradient norm'), gradientNorm.min);
        assert.equal(number('greatest gradient norm'), gradientNorm.max);
        assert.equal(number('learning rate'), learningRate);
        assert.equal(number('speed [tokens/s]'), tokensPerSecond);
        assert.equal(number('training tokens seen'), tokens);
        assert.equal(number('steps in this row'), steps);
        assert.equal(number('share of steps clipped'), clipped);
        assert.equal(row['perplexity'], '');
      } else {
        assert.equal(row['kind'], 'evaluation');
        assert.equal(number('validation loss [nats/token]'), event.row.validationLoss);
        assert.equal(number('bits per character'), event.row.bitsPerCharacter);
        assert.equal(number('perplexity'), event.row.perplexity);
        assert.equal(number('tokens evaluated'), event.row.tokens);
        assert.equal(number('best so far'), Number(event.row.best));
        assert.equal(row['loss [nats/token]'], '');
      }
    });
    assert.ok(rows.some(({ kind }) => kind === 'evaluation'));
  });

  it('have every measurement, also where the loss is above 709 nats and perplexity infinite', async () => {
    const trainer = await makeTrainer({
      settings: {
        ...{ 'training.steps': 20, 'training.evaluateEvery': 10, 'training.optimizer': 'sgd' },
        ...{ 'training.learningRate': 1000, 'training.clip': 0, 'training.warmup': 0 },
        'training.schedule': 'constant',
      },
    });
    const told = runSteps(trainer).filter((event) => event.event === 'evaluation');
    const { training } = decodeCheckpoint(trainer.checkpoint(), 'last');
    trainer.close();
    assert.ok(told.length > 0 && told.every(({ row }) => row.validationLoss > 710));
    const read = decodeMetrics(told.map(encodeMetrics).join(''));
    assert.deepEqual(read, told);
    assert.equal(training.schedule.previous, told.at(-1)!.row.validationLoss);
    const rows = parse<Record<string, string>>(writeMetricsCsv(read), { columns: true });
    assert.deepEqual(
      rows.map((row) => [Number(row['validation loss [nats/token]']), row['perplexity']]),
      told.map(({ row }) => [row.validationLoss, 'Infinity']),
    );
  });

  it('of a run without any are the header alone', () => {
    const [header, ...rows] = parse(writeMetricsCsv([]));
    assert.equal(rows.length, 0);
    assert.equal(new Set(header).size, header!.length);
    const docs = fs.readFileSync('docs/formats.md', 'utf8');
    for (const name of header!) assert.ok(docs.includes(`\`${name}\``), `docs: ${name}`);
  });
});
