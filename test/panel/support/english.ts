// English that a Chinese reader would meet in the panel.
import type { Frame, Page } from 'playwright-core';

/** What is the same in both languages: names, and the notation of the field. */
const names = new RegExp(
  [
    'Page Up|Page Down|Home|End|Esc(ape)?|Enter',
    'RNN Lab|LSTM|GRU|ReLU|Adam|vanilla|lstm|gru|adam|relaxed|strict|SIMD|WebAssembly|TeX|CSV|PNG|SVG',
    '(layer\\d+|output)\\.\\w+|rnnLab[\\w.]*|\\S+\\.(txt|rnn)|tanh|sigmoid|softmax|nats?|tokens?|char',
  ].join('|'),
  'g',
);

/** Whether a Chinese reader would meet English there that is no name: a text of it, or a phrase in a text. */
export function isEnglish(text: string): boolean {
  const rest = text.replaceAll(names, ' ');
  return /\p{Script=Han}/u.test(rest)
    ? /[A-Za-z]{2,}\s+[A-Za-z]{2,}/.test(rest)
    : /[A-Za-z]{3,}/.test(rest);
}

/** Every text of the page that is English, those for screen readers included. */
export async function englishIn(page: Page | Frame): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const collect = (node: Node): void => {
      if (node instanceof Text) found.push(node.data);
      if (
        !(
          node instanceof HTMLElement ||
          node instanceof SVGElement ||
          node instanceof MathMLElement
        )
      )
        return;
      if (['SCRIPT', 'STYLE'].includes(node.nodeName)) return;
      // Equations and the learner's own text are of no language.
      if (node.matches('.equations, .citation, math, [translate="no"]')) return;
      for (const name of [
        'aria-label',
        'aria-description',
        'aria-valuetext',
        'title',
        'placeholder',
      ]) {
        found.push(node.getAttribute(name) ?? '');
      }
      node.childNodes.forEach(collect);
    };
    collect(document.body);
    return found.map((text) => text.trim()).filter((text) => text !== '');
  });
  return [...new Set(texts)].filter(isEnglish);
}
