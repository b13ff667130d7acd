// To be imported before uPlot, which makes a number format of the browser's language as it loads: Chromium
// calls it `en-US@posix` under LANG=C, and Intl throws at that.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}

export {};
