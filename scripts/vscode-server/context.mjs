// Windows in which nothing moves for ever.

/** A sheet that is made by a script is no matter of a page's security policy. */
const ENDS = `{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { animation-iteration-count: 1 !important; }');
  document.adoptedStyleSheets.push(sheet);
}`;

/**
 * A context in whose pages an animation ends after its first time. Without a GPU each frame of a spinner paints the whole
 * window, which takes more of the processor than the training that it tells of.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @returns {Promise<import('playwright-core').BrowserContext>}
 */
export async function newContext(browser, options) {
  const context = await browser.newContext(options);
  await context.addInitScript({ content: ENDS });
  return context;
}
