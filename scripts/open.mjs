// Opens things as the person at this machine would: their own VS Code, their own browser.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './build/files.mjs';
import { findOnPath } from './vscode-server/processes.mjs';

const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.startupEditor': 'none',
};

/**
 * Opens a file in the VS Code on the PATH, with the extension in development mode and training.
 *
 * It is an instance of its own, so that it sees our environment and not a user's other extensions.
 *
 * @param {string} file absolute
 * @returns {Promise<boolean>} false where there is no `code`, or it does not start
 */
export async function openInDesktop(file) {
  const code = findOnPath('code');
  // A `code` inside a container, WSL or an SSH session's terminal talks to a window elsewhere, which cannot develop an extension.
  if (code === undefined || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) {
    return false;
  }
  const data = path.join(root, '.cache/desktop');
  writeSettings(data);
  const args = [
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    `--user-data-dir=${path.join(data, 'user')}`,
    `--extensions-dir=${path.join(data, 'extensions')}`,
    '--disable-workspace-trust',
    '--skip-welcome',
    '--skip-release-notes',
    file,
  ];
  // On Windows it is a script, which only the shell runs; the shell splits at spaces.
  const windows = process.platform === 'win32';
  return new Promise((resolve) => {
    const child = spawn(
      windows ? `"${code}"` : code,
      windows ? args.map((argument) => `"${argument}"`) : args,
      { env: { ...process.env, RNN_LAB_START: file }, stdio: 'inherit', shell: windows },
    );
    child.on('error', () => resolve(false));
    child.on('close', (exitCode) => resolve(exitCode === 0));
  });
}

/** @param {string} data */
function writeSettings(data) {
  const file = path.join(data, 'user/User/settings.json');
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(SETTINGS, null, 2));
  }
}

/**
 * Opens an address with what the system opens addresses with; where there is nothing, the printed
 * address is all there is.
 *
 * @param {string} address
 */
export function openInBrowser(address) {
  const [command, ...args] = opener(process.platform);
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

/**
 * @param {NodeJS.Platform} platform
 * @returns {[string, ...string[]]}
 */
function opener(platform) {
  switch (platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
}
