import { quote, type Code } from './code';

/** What a script of texts does when it is started itself, as in `node model.js --prime "To be"`. */
export function mainPart(code: Code): string {
  return startedPart(
    code,
    code`const usage =
  'Usage: node FILE [--prime TEXT] [--length N] [--temperature T] [--top-k K] [--top-p P] [--seed N]';

/** Writes a text to standard output, the prime first. */
function main(node«: Node»)«: void» {
  const options«: SampleOptions» = {};
  const flags = node.argv.slice(2);
  if (flags[0] === '--help') {
    node.stdout.write(usage + '\n');
    return;
  }
  while (flags.length > 0) {
    const [flag, text = ''] = flags.splice(0, 2);
    const value = text === '' ? NaN : Number(text);
    if (flag === '--prime') options.prime = text;
    else if (flag === '--length') options.length = value;
    else if (flag === '--temperature') options.temperature = value;
    else if (flag === '--top-k') options.topK = value;
    else if (flag === '--top-p') options.topP = value;
    else if (flag === '--seed') options.seed = value;
    else throw new RangeError('There is no flag ' + flag + '. ' + usage);
  }
  const tokens = generate(options);
  node.stdout.write(options.prime ?? '');
  for (;;) {
    const { done, value } = tokens.next();
    node.stdout.write(done === true ? value + '\n' : value.text);
    if (done === true) return;
  }
}
`,
  );
}

/** What a script of a model of examples does when it is started itself: it answers what it is given. */
export function answeringPart(code: Code, names: readonly string[]): string {
  const usage = `Usage: node FILE ${names.map((name) => name.toUpperCase()).join(' ')}`;
  const given = names.map((_, i) => `cells[${String(i)}]`).join(', ');
  return startedPart(
    code,
    code`const usage = ${quote(usage)};

/** Answers what is given, as JSON. */
function main(node«: Node»)«: void» {
  const cells = node.argv.slice(2);
  if (cells[0] === '--help') {
    node.stdout.write(usage + '\n');
    return;
  }
  if (cells.length !== ${names.length}) throw new RangeError(usage);
  node.stdout.write(JSON.stringify(predict(${given})) + '\n');
}
`,
  );
}

/** Starts `main` where the file was started, rather than imported by another. */
function startedPart(code: Code, main: string): string {
  return code`«/** What is used of Node. */
interface Node {
  readonly argv: readonly string[];
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: unknown;
  getBuiltinModule?(name: 'node:fs'): { realpathSync(path: string): string };
  getBuiltinModule?(name: 'node:url'): { pathToFileURL(path: string): { readonly href: string } };
}

»${main}
/** Whether this file was started, rather than imported by another. */
function isStarted(node«: Node»)«: boolean» {
  const files = node.getBuiltinModule?.('node:fs');
  const urls = node.getBuiltinModule?.('node:url');
  if (files === undefined || urls === undefined || node.argv.length < 2) return false;
  return import.meta.url === urls.pathToFileURL(files.realpathSync(node.argv[1])).href;
}

const { process: node } = globalThis« as unknown as { readonly process?: Node }»;
if (node !== undefined && isStarted(node)) {
  try {
    main(node);
  } catch (error) {
    node.stderr.write(String(error instanceof Error ? error.message : error) + '\n');
    node.exitCode = 2;
  }
}
`;
}
