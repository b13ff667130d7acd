// node supervisor.mjs COMMAND ARGS…: runs the command until standard input closes.
//
// Standard input closes when the parent ends, in whatever way, so nothing is ever left behind.
import { spawn } from 'node:child_process';
import { killTree } from './processes.mjs';

const [command, ...args] = process.argv.slice(2);
if (!command) {
  throw new Error('Say which command to run.');
}

const GRACE_MS = 3000;
const child = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
let ending = false;

function end() {
  if (ending || child.pid === undefined) {
    return;
  }
  ending = true;
  killTree(child.pid, 'SIGTERM');
  setTimeout(() => finish(0), GRACE_MS);
}

/** @param {number} code */
function finish(code) {
  if (child.pid !== undefined) {
    // Descendants that took no notice, and those whose parent has ended before them.
    killTree(child.pid, 'SIGKILL');
  }
  process.exit(code);
}

child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code) => finish(ending ? 0 : (code ?? 1)));
process.stdin.on('end', end).on('error', end).resume();
// A Ctrl-C in a terminal reaches the whole group; our parent decides, and closes standard input.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', end);
