/** The executable `rnn-lab`. */
import { exitCode } from './engine';
import { run } from './program';
import { createTerminal } from './terminal';

const terminal = createTerminal(process);
void run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
// The last words may find no room after all else went well.
process.once('exit', (code) => {
  if (code === exitCode.done && terminal.hasFailed()) process.exitCode = exitCode.failure;
});
