// A real VS Code without a display: its server from npm, and a browser that shows its page.
export { launchBrowser } from './browser.mjs';
export { newContext } from './context.mjs';
export { installFonts } from './fonts.mjs';
export { installExtension } from './extension.mjs';
export { installServer } from './install.mjs';
export { addressOf, startServer } from './server.mjs';
