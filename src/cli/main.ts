/** The executable `rnn-lab`. */
import { run } from './program';
import { createTerminal } from './terminal';

void run(process.argv.slice(2), createTerminal(process)).then((code) => {
  process.exitCode = code;
});
