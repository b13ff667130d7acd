// VS Code in another language without its language pack, which no package of npm holds.
import fs from 'node:fs';
import path from 'node:path';

/**
 * Leaves with a server a language pack that translates nothing of VS Code itself: what is VS Code's own
 * stays English, and extensions are asked for their texts in that language.
 *
 * The server reads `languagepacks.json` of its user data, which it would write itself when the extension
 * with the language pack was installed.
 *
 * @param {string} data folder of the server's state
 * @param {string} locale such as zh-cn
 */
export function writeLanguagePack(data, locale) {
  const folder = path.join(data, 'data');
  fs.mkdirSync(folder, { recursive: true });
  const translations = path.join(folder, `nothing-in-${locale}.json`);
  fs.writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'rnn-lab',
    label: locale,
    extensions: [{ extensionIdentifier: { id: 'rnn-lab.language-pack' }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  fs.writeFileSync(path.join(folder, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
