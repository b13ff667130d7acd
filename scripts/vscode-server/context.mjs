// Windows of VS Code that no processor is busy painting.

/** An animation ends after its first time: no spinner turns for ever. */
const ENDING = '*, ::before, ::after { animation-iteration-count: 1 !important; }';

/**
 * Nothing fades, and nothing is cut out by round corners, for which each frame paints the whole window through a mask:
 * 20 ms of a processor without a GPU, and 0.7 ms without corners.
 */
const PLAIN = `*, ::before, ::after {
  border-radius: 0 !important;
  animation-delay: 0s !important;
  animation-duration: 1ms !important;
  animation-iteration-count: 1 !important;
  transition: none !important;
}`;

/**
 * A context of pages whose frames cost little where there is no GPU: else they take more of the processor than the
 * training that they tell of.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions & { pictured?: boolean }} [options] `pictured`: pictures are
 *   taken of it, which show VS Code as it looks; only its animations end
 * @returns {Promise<import('playwright-core').BrowserContext>}
 */
export async function newContext(browser, { pictured = false, ...options } = {}) {
  const context = await browser.newContext(options);
  await context.addInitScript({ content: sheetOf(pictured ? ENDING : PLAIN) });
  return context;
}

/**
 * What runs in a page: a sheet that is made by a script is no matter of its security policy.
 *
 * @param {string} rules
 */
function sheetOf(rules) {
  return `{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(${JSON.stringify(rules)});
  document.adoptedStyleSheets.push(sheet);
}`;
}
