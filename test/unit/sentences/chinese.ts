import fs from 'node:fs';
import { fillPlaces, render, type Sentence } from '../../../src/core/sentence';

const bundle = JSON.parse(fs.readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')) as Readonly<
  Record<string, string>
>;

/**
 * A sentence as VS Code shows it under the display language zh-cn.
 * @throws Error for a text that is not translated
 */
export function toChinese(told: Sentence): string {
  return render(told, (text, values) => {
    const translation = bundle[text];
    if (translation === undefined) throw new Error(`Not translated: ${text}`);
    return fillPlaces(translation, values);
  });
}
