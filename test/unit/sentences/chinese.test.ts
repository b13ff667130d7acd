import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { diagnoseCell } from '../../../src/core/equations/parse';
import { sentencesIn, toEnglish, type Sentence } from '../../../src/core/sentence';
import { connect, workerPort, type Client } from '../../../src/protocol/client';
import { EngineError, wholeOf, type Request, type TrainEvent } from '../../../src/protocol/engine';
import { directiveMistakes } from '../equations/directive-mistakes';
import { mistakes } from '../equations/mistakes';
import { toChinese } from './chinese';

type TrainRequest = Extract<Request, { readonly kind: 'train' }>;

const poem = '白日依山尽，黄河入海流。\n';

function training(text: string, rest: Partial<TrainRequest> = {}): TrainRequest {
  return { kind: 'train', source: { kind: 'text', name: '诗', text }, settings: {}, ...rest };
}

function cell(source: string): Partial<TrainRequest> {
  return { cell: { name: '我的.rnn', source } };
}

/** Every failure of the engine, with what VS Code is to show of it. */
const failures: readonly (readonly [what: string, request: Request, shown: string])[] = [
  [
    'a text of one symbol',
    training('啊啊啊啊'),
    '文本中只有一种符号 "啊"：没有可学习的内容。请给出至少含有两种不同字符的文本。',
  ],
  [
    'settings out of range',
    training(poem, { settings: { 'model.dropout': 1, 'training.learningRate': -1 } }),
    'model.dropout（--dropout）必须是从 0 到小于 1 的数；给出的是 1。training.learningRate（--learning-rate）必须是从 0 到 1000 的数，或 auto；给出的是 -1。',
  ],
  [
    'a setting that is none',
    training(poem, { settings: { 'model.hiden': 8 } }),
    '没有设置 model.hiden。是想写 model.hidden 吗？',
  ],
  [
    'a cell that is none',
    training(poem, { cell: 'lstn' }),
    '没有单元 lstn。是想写 lstm 吗？请使用 vanilla、vanilla-nobias、gru、lstm、peephole-lstm、layernorm-lstm、min-gru、min-lstm、irnn、jordan、ugrnn、indrnn、long-lag，或以 .rnn 结尾的文件。',
  ],
  [
    'an error in equations',
    training(poem, cell('s[t] = b\nr[t] = q[t]')),
    '我的.rnn:2:8：没有方程定义 q。请添加方程 q[t] = …；如果 q 是可学习的偏置，请去掉时间下标。',
  ],
  [
    'a text that is no equation',
    training(poem, cell('s[t] = b\n2 = 3')),
    '我的.rnn:2:1：此处只能是名称、运算符、行尾，而不是“2”。',
  ],
  [
    'shapes that disagree',
    training(poem, cell('z[t] = sigmoid(Wz x[t])\nh[t] = z[t] * h[t-1]\nsize z = 64')),
    '我的.rnn:2:8：z[t] 的形状是 [64]，而 h[t-1] 的形状是 [256]。64 的由来：第 3 行给出了 z 的大小；256 的由来：h 是输出，等于隐藏层大小。在向量前写矩阵可以改变其宽度，如 W x[t]。',
  ],
  [
    'a file that is missing',
    { kind: 'import', source: { kind: 'file', path: '/无/此文件.json' }, run: '/无/训练' },
    '无法读取 /无/此文件.json：没有这个文件或文件夹。请检查路径。',
  ],
  [
    'a file that is damaged',
    {
      kind: 'import',
      source: { kind: 'contents', name: '坏.json', contents: new TextEncoder().encode('{"') },
      run: '/无/训练',
    },
    '坏.json 已损坏：其中的 JSON 无法读取。请从原处重新获取该文件，或重新导出模型。',
  ],
  [
    'a run that is not there',
    { kind: 'describe', run: '/无/训练' },
    '没有训练 /无/训练。请给出训练的文件夹，例如 runs/ 下的某一个。',
  ],
];

describe('what the engine says, under the display language zh-cn', () => {
  let client: Client;
  before(() => {
    client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
  });
  after(async () => {
    await client.dispose();
  });

  for (const [what, request, shown] of failures) {
    it(`of ${what}`, async () => {
      await assert.rejects(client.start(request).result, (error) => {
        assert.ok(error instanceof EngineError);
        assert.equal(toChinese(wholeOf(error.failure)), shown);
        return true;
      });
    });
  }

  it('of a text that is too short, and of one that was changed', async () => {
    const settings = { 'model.hidden': 4, 'training.steps': 1, 'training.threads': 1 };
    const events: TrainEvent[] = [];
    const text = '白日依山尽\r\n黄河入海流';
    await client.start(training(text, { settings }), (event) => events.push(event)).result;
    const shown = events.flatMap((event) =>
      event.event === 'warning' ? [toChinese(event.message)] : [],
    );
    assert.deepEqual(shown, [
      '在文本中，1 个 Windows 换行符（CRLF）改为 LF。',
      '文本太短，无法留出其中的 10 %；全部 11 个词元都用于训练。',
      '文本有 11 个词元可供训练，不足以支持批次 32 和序列长度 32：改用批次 1 和序列长度 10。',
    ]);
  });

  it('of a training that diverges, then and whenever its run is read again', async () => {
    const settings = {
      'model.hidden': 4,
      'training.learningRate': 1000,
      'training.optimizer': 'sgd',
      'training.clip': 0,
      'training.warmup': 0,
      'training.steps': 500,
      'training.threads': 1,
    };
    const explosive = cell('h[t] = U x[t] + W h[t-1] * h[t-1]\ninit W = normal(0.05)');
    const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-chinese-'));
    const run = path.join(runs, 'diverged');
    const request = training(poem.repeat(50), { settings, run, ...explosive });
    let shown = '';
    await assert.rejects(client.start(request).result, (error) => {
      assert.ok(error instanceof EngineError);
      const { step, parameter } = error.failure;
      shown = toChinese(wholeOf(error.failure));
      const sign = `第 ${step} 步时(损失|梯度的范数)不是有限数。最早的迹象是 ${parameter}：`;
      const hint = '请降低学习率（之前是 1.0e\\+3），或裁剪梯度（--clip 5）。';
      assert.match(shown, new RegExp(`^${sign}.*。${hint}$`));
      return true;
    });
    const { failure } = await client.start({ kind: 'describe', run }).result;
    assert.equal(toChinese(wholeOf(failure!)), shown);
    const { runs: lines } = await client.start({ kind: 'list', folder: runs }).result;
    assert.equal(toChinese(lines[0]!.failure!), shown);
    fs.rmSync(runs, { recursive: true });
  });
});

describe('every mistake in a cell', () => {
  const all = Object.values({ ...mistakes, ...directiveMistakes }).flat();

  /** What is translated of a sentence, and what is the same in every language. */
  function valuesOf(told: Sentence): string[] {
    return [...sentencesIn(told)].flatMap(({ values }) =>
      values.filter((value) => typeof value === 'string'),
    );
  }

  it('is told in Chinese, with the same names and numbers', () => {
    for (const [source] of all) {
      const [error] = diagnoseCell(source, 'c.rnn').problems;
      const { whole } = error!;
      const chinese = toChinese(whole);
      assert.match(chinese, /\p{Script=Han}/u, toEnglish(whole));
      for (const value of valuesOf(whole)) {
        assert.ok(chinese.includes(value), `${value} in ${chinese}`);
        // Names, numbers and equations, but no words.
        assert.doesNotMatch(value, /\b[a-z]{2,} [a-z]{2,}\b/i, toEnglish(whole));
      }
    }
  });
});
