import path from 'node:path';
import { runCommand } from './processes.mjs';

/**
 * Installs a packaged extension as `code --install-extension` does.
 *
 * @param {import('./install.mjs').Installation} installation
 * @param {string} data folder of the state of the server that is to have it
 * @param {string} vsix
 * @returns {Promise<void>}
 * @throws {Error} with what VS Code has against it
 */
export async function installExtension(installation, data, vsix) {
  const output = await runCommand(
    installation.node,
    [
      path.join(installation.server, 'out/server-main.js'),
      ...['--accept-server-license-terms', '--install-extension', vsix],
      ...['--server-data-dir', data, '--extensions-dir', path.join(data, 'extensions')],
    ],
    {},
  );
  // Its exit code is 0 even where it has refused.
  if (!output.includes('was successfully installed')) {
    throw new Error(`VS Code has not installed ${vsix}.\n${output}`);
  }
}
