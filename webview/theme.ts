/** The editor's colours and fonts as a canvas needs them. */
export interface Theme {
  readonly training: string;
  readonly spread: string;
  readonly validation: string;
  readonly reference: string;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  /** Size in CSS pixels and family, as in `11px sans-serif`. */
  readonly font: string;
  readonly highContrast: boolean;
}

/** Reads the theme from the variables that VS Code sets on the document. */
export function readTheme(): Theme {
  const body = document.body;
  const probe = document.createElement('span');
  probe.hidden = true;
  body.append(probe);
  const color = (css: string) => {
    probe.style.color = css;
    return getComputedStyle(probe).color;
  };
  const highContrast = body.className.includes('vscode-high-contrast');
  const theme: Theme = {
    training: color('var(--vscode-charts-blue)'),
    spread: color(
      `color-mix(in srgb, var(--vscode-charts-blue) ${highContrast ? 45 : 24}%, transparent)`,
    ),
    validation: color('var(--vscode-charts-yellow)'),
    reference: color(
      highContrast
        ? 'var(--vscode-foreground)'
        : 'color-mix(in srgb, var(--vscode-foreground) 45%, transparent)',
    ),
    foreground: color('var(--vscode-foreground)'),
    muted: color(highContrast ? 'var(--vscode-foreground)' : 'var(--vscode-descriptionForeground)'),
    grid: color(
      `color-mix(in srgb, var(--vscode-foreground) ${highContrast ? 25 : 9}%, transparent)`,
    ),
    background: color('var(--vscode-editor-background)'),
    font: `11px ${getComputedStyle(body).fontFamily}`,
    highContrast,
  };
  probe.remove();
  return theme;
}

/** Calls back after each change of theme; VS Code then replaces the document's variables and body's classes. */
export function onThemeChange(listener: () => void): void {
  let pending = false;
  const observer = new MutationObserver(() => {
    if (pending) return;
    pending = true;
    // Variables and classes change in one go: read them once, when both are there.
    requestAnimationFrame(() => {
      pending = false;
      listener();
    });
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
