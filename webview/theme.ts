/** The theme's colours for lines of charts, and the text's own. */
export const chartColors = [
  'blue',
  'yellow',
  'green',
  'orange',
  'purple',
  'red',
  'foreground',
] as const;
export type ChartColor = (typeof chartColors)[number];

/** The editor's colours and fonts as a canvas needs them; colours are `#rrggbb` or `#rrggbbaa`. */
export interface Theme {
  readonly charts: Readonly<Record<ChartColor, string>>;
  /** The same, so that one sees through: of areas. */
  readonly areas: Readonly<Record<ChartColor, string>>;
  readonly training: string;
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
    return hexColor(getComputedStyle(probe).color);
  };
  const highContrast = body.className.includes('vscode-high-contrast');
  const faded = (css: string, percent: number) =>
    color(`color-mix(in srgb, ${css} ${String(percent)}%, transparent)`);
  const foreground = 'var(--vscode-foreground)';
  // Orange is meant for areas: a line of it is seen only without its transparency. High contrast has none.
  const variable = (name: ChartColor) =>
    name === 'foreground'
      ? foreground
      : `rgb(from var(--vscode-charts-${name}, var(--vscode-charts-red)) r g b / 1)`;
  const each = (read: (css: string) => string) =>
    Object.fromEntries(chartColors.map((name) => [name, read(variable(name))])) as Theme['charts'];
  const theme: Theme = {
    charts: each(color),
    areas: each((css) => faded(css, highContrast ? 45 : 24)),
    training: color(variable('blue')),
    validation: color(variable('yellow')),
    reference: highContrast ? color(foreground) : faded(foreground, 45),
    foreground: color(foreground),
    muted: color(highContrast ? foreground : 'var(--vscode-descriptionForeground)'),
    grid: faded(foreground, highContrast ? 25 : 9),
    background: color('var(--vscode-editor-background)'),
    font: `11px ${getComputedStyle(body).fontFamily}`,
    highContrast,
  };
  probe.remove();
  return theme;
}

/** A colour as browsers compute it, `rgb(1, 2, 3)` or `color(srgb 0.1 0.2 0.3 / 0.5)`, in hexadecimal. */
export function hexColor(computed: string): string {
  const scale = computed.startsWith('color(srgb') ? 255 : 1;
  const [red = 0, green = 0, blue = 0, alpha = 1] = (
    computed.replace('color(srgb', '').match(/-?[\d.]+(?:e-?\d+)?/g) ?? []
  ).map(Number);
  const two = (value: number) =>
    Math.min(255, Math.max(0, Math.round(value)))
      .toString(16)
      .padStart(2, '0');
  const opaque = `#${[red, green, blue].map((value) => two(value * scale)).join('')}`;
  return alpha === 1 ? opaque : opaque + two(alpha * 255);
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

/** What of two colours, `#rrggbb`, lies between them. */
export function mixed(from: string, to: string, share: number): string {
  const part = (color: string, at: number) => parseInt(color.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) =>
    Math.round(part(from, at) + share * (part(to, at) - part(from, at)))
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${parts.join('')}`;
}
