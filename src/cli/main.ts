/** The executable `rnn-lab`. */
import { run } from './program';
import { createTerminal } from './terminal';

// A reader that has had enough, as in `rnn-lab sample RUN | head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void run(process.argv.slice(2), createTerminal(process)).then((code) => {
  process.exitCode = code;
});
