// Who may import whom: each room of the house and the rooms it may import, itself always included.

/**
 * @typedef {object} Room
 * @property {string[]} [from] rooms that it may import
 * @property {string[]} [types] rooms of which it may import types alone, but for the modules in `values`
 * @property {string[]} [values] modules, as paths from the root
 * @property {string[]} [platform] modules of a platform that it does not know, `node:*` all of Node's
 */

/** The engine itself: the host asks the worker for it, over a message. */
const ENGINE = ['graph', 'engine', 'kernels', 'training'].map((room) => `src/core/${room}`);

/** What all that is not the core itself may import. */
const SHARED = ['src/core', 'src/protocol', 'src/files'];

/** @type {Record<string, Room>} */
const HOUSE = {
  'src/protocol': {
    types: ['src/core'],
    values: [
      'src/core/sentence',
      'src/core/model-shapes',
      'src/core/qualified',
      'src/core/numerics',
      'src/core/metrics/columns',
      'src/core/data/kinds',
      'src/core/debugger/names',
      'src/core/shape-picture',
      'src/core/worksheet/limits',
    ],
    platform: ['vscode', 'node:*'],
  },
  'src/files': { platform: ['vscode'] },
  'src/notebooks': { from: SHARED, types: ENGINE, platform: ['vscode'] },
  'src/worker': { from: SHARED, platform: ['vscode'] },
  'src/cli': { from: [...SHARED, 'src/notebooks'], platform: ['vscode'] },
  'src/host': { from: [...SHARED, 'src/notebooks'], types: ENGINE },
  webview: { from: ['src/protocol'], platform: ['vscode', 'node:*'] },
};

/**
 * The rooms of the core from the bottom up: each with those that it may import, all of which stand above it in
 * this list. The modules of `src/core` itself are everybody's, and import each other alone.
 *
 * @type {Record<string, string[]>}
 */
const CORE = {
  random: [],
  generate: ['random'],
  cells: [],
  equations: ['cells'],
  data: [],
  vectors: ['random', 'data'],
  tables: ['data'],
  settings: ['data', 'tables'],
  metrics: [],
  graph: ['equations'],
  engine: ['random', 'equations', 'settings', 'graph'],
  kernels: ['equations', 'settings', 'graph', 'engine'],
  task: ['random', 'equations', 'data', 'tables', 'settings', 'metrics', 'graph', 'engine'],
  sampling: ['random', 'data', 'settings', 'engine'],
  decoding: ['random', 'equations', 'graph', 'engine', 'task', 'sampling'],
  formats: ['equations', 'data', 'settings', 'graph', 'engine', 'task'],
  inspection: ['random', 'equations', 'data', 'graph', 'engine', 'task'],
  debugger: ['equations', 'data', 'graph', 'engine', 'inspection'],
  worksheet: ['equations', 'data', 'graph', 'engine', 'debugger'],
  training: [
    ...['random', 'equations', 'data', 'settings', 'metrics', 'graph', 'engine', 'kernels'],
    ...['task', 'decoding', 'formats', 'sampling', 'inspection', 'vectors'],
  ],
  exports: [
    ...['cells', 'equations', 'data', 'settings', 'graph', 'engine', 'task', 'formats', 'metrics'],
    ...['inspection', 'training'],
  ],
  reading: ['data', 'engine', 'inspection'],
  keystrokes: ['reading'],
  notebooks: ['random', 'generate', 'cells', 'equations', 'settings', 'metrics'],
};

const NO_PLATFORM = ['vscode', 'node:*'];

// All rooms, the deepest first: a file is in the first that its path begins with.
/** @type {Record<string, Room>} */
const ROOMS = { ...coreRooms(), 'src/core': { platform: NO_PLATFORM }, ...HOUSE };

/** @returns {Record<string, Room>} */
function coreRooms() {
  const names = Object.keys(CORE);
  return Object.fromEntries(
    Object.entries(CORE).map(([room, from], place) => {
      if (!from.every((other) => names.indexOf(other) < place)) {
        throw new Error(`src/core/${room} may import only rooms that stand above it.`);
      }
      const rooms = from.map((other) => `src/core/${other}`);
      return [`src/core/${room}`, { from: rooms, platform: NO_PLATFORM }];
    }),
  );
}

/** @param {string} file relative to the root, with slashes */
function roomOf(file) {
  return Object.keys(ROOMS).find((room) => file.startsWith(`${room}/`));
}

/**
 * What is wrong with an import of a file of the house.
 *
 * @param {string} file that imports, relative to the root, with slashes
 * @param {string} imported likewise, without extension
 * @param {boolean} typesOnly
 * @returns {string | undefined} nothing where it is allowed
 */
export function wrongRoom(file, imported, typesOnly) {
  const room = roomOf(file);
  const other = roomOf(imported);
  if (room === undefined || other === undefined || room === other) return undefined;
  const { from = [], types = [], values = [] } = /** @type {Room} */ (ROOMS[room]);
  const within = (/** @type {string} */ name) => `${other}/`.startsWith(`${name}/`);
  if (types.some(within)) {
    const allowed = typesOnly || values.includes(imported);
    return allowed ? undefined : `${room} may import only types of ${other}.`;
  }
  // The modules of the core itself are the core's, whichever room they are imported from.
  const everybodys = other === 'src/core' && room.startsWith('src/core/');
  if (everybodys || from.some(within)) return undefined;
  return `${room} may import ${[...from, ...types].join(', ') || 'no other room'}.`;
}

/**
 * What is wrong with an import of a package, or of a module of a platform.
 *
 * @param {string} file that imports
 * @param {string} imported as it is written
 * @param {boolean} builtin whether it is a module of Node's
 * @returns {string | undefined}
 */
export function wrongPlatform(file, imported, builtin) {
  const room = roomOf(file);
  const platform = room === undefined ? [] : (ROOMS[room]?.platform ?? []);
  const known = !platform.includes(imported) && !(builtin && platform.includes('node:*'));
  return known ? undefined : `${String(room)} does not know this platform.`;
}
