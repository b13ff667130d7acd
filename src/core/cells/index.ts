import gru from './gru.rnn';
import indrnn from './indrnn.rnn';
import irnn from './irnn.rnn';
import jordan from './jordan.rnn';
import layernormLstm from './layernorm-lstm.rnn';
import longLag from './long-lag.rnn';
import lstm from './lstm.rnn';
import minGru from './min-gru.rnn';
import minLstm from './min-lstm.rnn';
import peepholeLstm from './peephole-lstm.rnn';
import ugrnn from './ugrnn.rnn';
import vanilla from './vanilla.rnn';
import vanillaWithoutBias from './vanilla-nobias.rnn';

/** The cells that come with the product: name to the text of its equations. */
export const builtinCells: ReadonlyMap<string, string> = new Map([
  ['vanilla', vanilla],
  ['vanilla-nobias', vanillaWithoutBias],
  ['gru', gru],
  ['lstm', lstm],
  ['peephole-lstm', peepholeLstm],
  ['layernorm-lstm', layernormLstm],
  ['min-gru', minGru],
  ['min-lstm', minLstm],
  ['irnn', irnn],
  ['jordan', jordan],
  ['ugrnn', ugrnn],
  ['indrnn', indrnn],
  ['long-lag', longLag],
]);
