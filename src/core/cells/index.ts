import gru from './gru.rnn';
import lstm from './lstm.rnn';
import vanillaWithoutBias from './vanilla-nobias.rnn';
import vanilla from './vanilla.rnn';

/** The cells that come with the product: name to the text of its equations. */
export const builtinCells: ReadonlyMap<string, string> = new Map([
  ['vanilla', vanilla],
  ['vanilla-nobias', vanillaWithoutBias],
  ['gru', gru],
  ['lstm', lstm],
]);
