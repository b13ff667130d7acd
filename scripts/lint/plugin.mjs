// The rules of this house, for oxlint: what no published rule says.
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { root } from '../build/files.mjs';
import { wrongPlatform, wrongRoom } from './rooms.mjs';

const { dependencies = {}, devDependencies = {} } = JSON.parse(
  fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
);

/** What esbuild, the editor or a test brings, and package.json does not name. */
const GIVEN = new Set(['vscode', ...Object.keys(dependencies), ...Object.keys(devDependencies)]);

/** @param {{ filename: string }} context */
function fileOf({ filename }) {
  return path.relative(root, filename).replaceAll('\\', '/');
}

/**
 * @param {any} node an import or an export from elsewhere
 * @returns {boolean} whether nothing of it is left at run time
 */
function isTypesOnly(node) {
  if (node.type === 'TSImportType') return true;
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = node.specifiers ?? [];
  return (
    specifiers.length > 0 &&
    specifiers.every(
      (/** @type {any} */ one) => one.importKind === 'type' || one.exportKind === 'type',
    )
  );
}

/**
 * @param {string} file
 * @param {string} imported
 * @param {boolean} typesOnly
 */
function faultOf(file, imported, typesOnly) {
  if (imported.startsWith('.')) {
    const target = path.posix.join(path.posix.dirname(file), imported);
    return wrongRoom(file, target, typesOnly);
  }
  const builtin = isBuiltin(imported);
  const name = imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/');
  if (!builtin && !GIVEN.has(name) && !GIVEN.has(`@types/${name}`)) {
    return `package.json does not name ${name}.`;
  }
  return wrongPlatform(file, imported, builtin);
}

/** Who may import whom, of the house, of packages and of platforms: `rooms.mjs` has the tables. */
const imports = {
  create(/** @type {any} */ context) {
    const file = fileOf(context);
    const check = (/** @type {any} */ node) => {
      const imported = node.source?.value;
      if (typeof imported !== 'string') return;
      const message = faultOf(file, imported, isTypesOnly(node));
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

/** The toolkit is no longer developed by its makers: what makes the controls can be replaced in one place. */
const controls = {
  create(/** @type {any} */ context) {
    const message = 'Controls come from webview/controls.ts.';
    return {
      ImportDeclaration(/** @type {any} */ node) {
        if (node.source.value.startsWith('@vscode/webview-ui-toolkit')) {
          context.report({ node, message });
        }
      },
      'CallExpression[callee.name="element"] Literal[value=/^vscode-/]'(/** @type {any} */ node) {
        context.report({ node, message });
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { imports, controls } };
