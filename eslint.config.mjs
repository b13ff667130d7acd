// @ts-check
import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: each room of the house and the rooms it may import, itself always included.
 * `types` are rooms of which it may import types alone, but for the modules in `values`.
 *
 * @type {Record<string, { from: string[], types?: string[], values?: string[] }>}
 */
const ROOMS = {
  'src/core': { from: [] },
  'src/protocol': {
    from: [],
    types: ['src/core'],
    values: [
      'core/sentence',
      'core/qualified',
      'core/numerics',
      'core/metrics/columns',
      'core/data/kinds',
      'core/debugger/names',
      'core/worksheet/limits',
    ],
  },
  'src/files': { from: [] },
  'src/notebooks': { from: ['src/core', 'src/protocol', 'src/files'] },
  'src/worker': { from: ['src/core', 'src/protocol', 'src/files'] },
  'src/cli': { from: ['src/core', 'src/protocol', 'src/files', 'src/notebooks'] },
  'src/host': { from: ['src/core', 'src/protocol', 'src/files', 'src/notebooks'] },
  webview: { from: ['src/protocol'] },
};

/** What only some rooms may import of the platform they run on. */
const PLATFORM = {
  'src/core': ['vscode', 'node:*', 'worker_threads', 'fs', 'path', 'os', 'crypto', 'util'],
  'src/protocol': ['vscode', 'node:*'],
  'src/files': ['vscode'],
  'src/notebooks': ['vscode'],
  'src/worker': ['vscode'],
  'src/cli': ['vscode'],
  webview: ['vscode', 'node:*'],
};

/**
 * The rooms of the core from the bottom up: each with those that it may import, all of which stand above it in
 * this list. The modules of `src/core` itself are everybody's, and import each other alone.
 *
 * @type {Record<string, string[]>}
 */
const CORE_ROOMS = {
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
    'training',
  ],
  reading: ['data', 'engine', 'inspection'],
  keystrokes: ['reading'],
  notebooks: ['random', 'cells', 'equations', 'settings', 'metrics'],
};

const TOOLKIT = '@vscode/webview-ui-toolkit';

/** The engine itself: the host asks the worker for it, over a message. */
const ENGINE = ['graph', 'engine', 'kernels', 'training'];

/** Globals of a platform: the core runs wherever there is JavaScript. */
const PLATFORM_GLOBALS = [
  ...['process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'global'],
  ...['window', 'document', 'navigator', 'self', 'postMessage', 'addEventListener', 'onmessage'],
  ...['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'localStorage'],
];

/** @param {string} room */
function restrictedZones(room) {
  const { from, types = [] } = ROOMS[room] ?? { from: [] };
  const forbidden = Object.keys(ROOMS).filter(
    (other) => other !== room && !from.includes(other) && !types.includes(other),
  );
  return forbidden.map((other) => ({
    target: `./${room}`,
    from: `./${other}`,
    message: `${room} may import ${[...from, ...types].join(', ') || 'nothing outside itself'}.`,
  }));
}

/** Who may import whom within the core. */
function coreZones() {
  const rooms = Object.keys(CORE_ROOMS);
  const zones = Object.entries(CORE_ROOMS).flatMap(([room, from], place) => {
    const above = rooms.slice(0, place);
    if (!from.every((other) => above.includes(other))) {
      throw new Error(`src/core/${room} may import only rooms that stand above it.`);
    }
    return rooms
      .filter((other) => other !== room && !from.includes(other))
      .map((other) => ({
        target: `./src/core/${room}`,
        from: `./src/core/${other}`,
        message: `${room} may import ${from.join(', ') || 'no other room of the core'}.`,
      }));
  });
  return [
    ...zones,
    {
      target: './src/core/*.ts',
      from: './src/core/*/**',
      message: 'What all rooms of the core may import imports none of them.',
    },
  ];
}

/**
 * The rules of one room, as one `no-restricted-imports`.
 *
 * @param {string} room
 * @returns {import('eslint').Linter.Config}
 */
function importRules(room) {
  const platform = PLATFORM[/** @type {keyof typeof PLATFORM} */ (room)] ?? [];
  const values = (ROOMS[room]?.values ?? []).map((module) => `(?!(.*/)?${module}$)`).join('');
  /** @type {object[]} */
  const patterns = (ROOMS[room]?.types ?? []).map((other) => ({
    regex: `^\\.\\./${values}.*${other.split('/').pop()}/`,
    allowTypeImports: true,
    message: `${room} may import only types of ${other}.`,
  }));
  if (room === 'src/host' || room === 'src/notebooks') {
    patterns.push({
      regex: `/core/(${ENGINE.join('|')})/`,
      allowTypeImports: true,
      message: 'The engine runs in the worker, never on the extension host.',
    });
  }
  if (platform.length > 0) {
    patterns.push({ group: platform, message: `${room} does not know this platform.` });
  }
  return {
    files: [`${room}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
}

export default defineConfig(
  globalIgnores([
    'dist/',
    'out/',
    'build/',
    'coverage/',
    '.cache/',
    // AssemblyScript: the syntax is TypeScript's, the types are not.
    'src/core/*/assembly/',
  ]),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: 'tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js'] })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': [
        'error',
        { zones: [...Object.keys(ROOMS).flatMap(restrictedZones), ...coreZones()] },
      ],
      'import-x/no-extraneous-dependencies': ['error', { devDependencies: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Our objects are data and closures, not classes: there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // What is read out of a typed array is a number, and compared with an enumeration's names.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Numbers in messages are numbers: `${String(n)}` says nothing more.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An index that a loop has bounded needs no test inside the innermost loop.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // `while (true)` with a break inside is how a parser and a training loop read best.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  ...Object.keys(ROOMS).map(importRules),
  {
    // The toolkit is no longer developed by its makers: what makes the controls can be replaced in one place.
    files: ['**/*.ts'],
    ignores: ['webview/controls.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: [`${TOOLKIT}*`], message: 'Controls come from webview/controls.ts.' },
          ],
        },
      ],
    },
  },
  {
    files: ['webview/**/*.ts'],
    ignores: ['webview/controls.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: `CallExpression[callee.name="element"] Literal[value=/^vscode-/]`,
          message: 'Controls come from webview/controls.ts.',
        },
      ],
    },
  },
  {
    files: ['src/host/**/*.ts'],
    ignores: ['src/host/accessible.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'window',
          property: 'createStatusBarItem',
          message: 'Status bar items come from accessible.ts, which gives them a plain name.',
        },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts', 'src/protocol/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...PLATFORM_GLOBALS] },
  },
  {
    // A bundled file is what a default import gives; TypeScript knows no other way to declare one.
    files: ['src/assets.d.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Mocha's describe and it return nothing worth waiting for; assert's `ok` narrows for us.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [] }],
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...['process', 'console', 'URL', 'URLSearchParams', 'Buffer', 'performance', 'fetch'],
          ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'AbortSignal'],
          ...['require', 'module', '__dirname'],
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'max-lines': ['error', { max: 400 }] },
  },
);
