// VS Code's themes as a webview sees them. `test/ui/themes.test.ts` keeps what is here true.
import fs from 'node:fs';
import path from 'node:path';

/** `npm` runs every suite at the repository's root. */
const folder = path.resolve('test/fixtures/editor');

/** The name that VS Code gives each theme, by its attribute `data-vscode-theme-kind`. */
export const themes = {
  'vscode-dark': 'Default Dark Modern',
  'vscode-light': 'Default Light Modern',
  'vscode-high-contrast': 'Default High Contrast',
  'vscode-high-contrast-light': 'Default High Contrast Light',
} as const;
export type ThemeKind = keyof typeof themes;
export const themeKinds = Object.keys(themes) as ThemeKind[];

/** Variables by their names, `--vscode-foreground`. */
export type Variables = Readonly<Record<string, string>>;

const variablesFile = path.join(folder, 'themes.json');
const styleFile = path.join(folder, 'webview.css');

/** The variables that VS Code sets on a webview's document, as far as the panel uses them. */
export function themeVariables(): Readonly<Record<ThemeKind, Variables>> {
  return JSON.parse(fs.readFileSync(variablesFile, 'utf8')) as Record<ThemeKind, Variables>;
}

/** The style sheet that VS Code puts before a webview's own. */
export function defaultStyle(): string {
  return fs.readFileSync(styleFile, 'utf8');
}

/** Keeps what a real VS Code has. */
export function recordThemes(variables: Readonly<Record<string, Variables>>, style: string): void {
  fs.writeFileSync(variablesFile, `${JSON.stringify(variables, null, 2)}\n`);
  fs.writeFileSync(styleFile, style);
}

/** The names of all variables of VS Code that the panel, or VS Code's own style sheet, asks for. */
export function usedVariables(style: string): string[] {
  const built = ['main.js', 'main.css'].map((name) =>
    fs.readFileSync(path.resolve('dist/webview', name), 'utf8'),
  );
  const names = [style, ...built].flatMap((text) => text.match(/--vscode-[a-zA-Z][\w-]*\w/g) ?? []);
  return [...new Set(names)].sort();
}
