/**
 * The module `vscode` of the panel's tests: as much of VS Code as the panel's side of the extension host uses, so
 * that the real one runs against it. There is one webview, one group of editors, and no window around them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

type Listener<Event> = (event: Event) => unknown;

export class EventEmitter<Event> {
  private readonly listeners = new Set<Listener<Event>>();

  readonly event = (listener: Listener<Event>) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(event: Event): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  private constructor(private readonly url: URL) {}

  static file(file: string): Uri {
    return new Uri(pathToFileURL(file));
  }

  static parse(text: string): Uri {
    return new Uri(new URL(text));
  }

  static joinPath(uri: Uri, ...parts: string[]): Uri {
    return Uri.file(path.join(uri.fsPath, ...parts));
  }

  get scheme(): string {
    return this.url.protocol.slice(0, -1);
  }

  get path(): string {
    return decodeURIComponent(this.url.pathname);
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return this.url.href;
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}

  isEqual({ line, character }: Position): boolean {
    return this.line === line && this.character === character;
  }
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}

  get isEmpty(): boolean {
    return this.start.isEqual(this.end);
  }

  isEqual({ start, end }: Range): boolean {
    return this.start.isEqual(start) && this.end.isEqual(end);
  }
}

export class Selection extends Range {
  get active(): Position {
    return this.end;
  }
}

export const ViewColumn = { Beside: -2, Active: -1, One: 1, Two: 2 };

/** A change of a document, its place being that in the text before. */
export interface Change {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** A text with line ends of one kind. */
export class TextDocument {
  version = 1;
  readonly isClosed = false;
  readonly isUntitled = false;
  readonly uri: Uri;

  constructor(
    name: string,
    private text: string,
  ) {
    this.uri = Uri.file(`/${name}`);
  }

  get lineCount(): number {
    return this.lines().length;
  }

  getText(): string {
    return this.text;
  }

  lineAt(line: number) {
    const text = this.lines()[line]!;
    const range = new Range(new Position(line, 0), new Position(line, text.length));
    return { text, range };
  }

  offsetAt({ line, character }: Position): number {
    const before = this.lines().slice(0, line);
    return before.reduce((sum, text) => sum + text.length + this.lineEnd().length, 0) + character;
  }

  positionAt(offset: number): Position {
    let rest = offset;
    for (const [line, { length }] of this.lines().entries()) {
      if (rest <= length) return new Position(line, rest);
      // Within a line end is at its beginning.
      if (rest < length + this.lineEnd().length) return new Position(line, length);
      rest -= length + this.lineEnd().length;
    }
    return new Position(this.lineCount - 1, this.lines().at(-1)!.length);
  }

  change({ rangeOffset, rangeLength, text }: Change): void {
    this.text = this.text.slice(0, rangeOffset) + text + this.text.slice(rangeOffset + rangeLength);
    this.version++;
  }

  private lineEnd(): string {
    return this.text.includes('\r\n') ? '\r\n' : '\n';
  }

  private lines(): string[] {
    return this.text.split(this.lineEnd());
  }
}

export class TextEditor {
  readonly options = { tabSize: 4 };
  private selected = new Selection(new Position(0, 0), new Position(0, 0));

  constructor(readonly document: TextDocument) {}

  get selection(): Selection {
    return this.selected;
  }

  set selection(selection: Selection) {
    this.selected = selection;
    events.selection.fire({ textEditor: this });
  }

  /** Puts the cursor at a place, counted from 1 as people do, or selects so many UTF-16 units from there. */
  goTo(line: number, column: number, selected = 0): void {
    const start = new Position(line - 1, column - 1);
    const { document } = this;
    const end = document.positionAt(document.offsetAt(start) + selected);
    this.selection = new Selection(start, end);
  }

  /** Types at the cursor: VS Code tells of the text first, and then of the cursor. */
  type(text: string): void {
    const { document } = this;
    const rangeOffset = document.offsetAt(this.selection.active);
    const change = { rangeOffset, rangeLength: 0, text };
    document.change(change);
    events.text.fire({ document, contentChanges: [change] });
    const after = document.positionAt(rangeOffset + text.length);
    this.selection = new Selection(after, after);
  }

  revealRange(): void {
    // Everything is in sight.
  }

  setDecorations(): void {
    // Nobody sees them here: the suite that drives VS Code looks at them.
  }
}

/** The page of a webview, as its host has it. */
export interface Webview {
  html: string;
  options: unknown;
  readonly cspSource: string;
  asWebviewUri(uri: Uri): Uri;
  postMessage(message: unknown): Promise<boolean>;
  onDidReceiveMessage(listener: Listener<unknown>): { dispose(): void };
}

const events = {
  selection: new EventEmitter<{ readonly textEditor: TextEditor }>(),
  active: new EventEmitter<TextEditor | undefined>(),
  visible: new EventEmitter<readonly TextEditor[]>(),
  text: new EventEmitter<{
    readonly document: TextDocument;
    readonly contentChanges: readonly Change[];
  }>(),
  closed: new EventEmitter<TextDocument>(),
};

/** What a webview needs to be shown; set by whoever shows it. */
export const screen: { webview: (() => Webview) | undefined } = { webview: undefined };

/** A panel whose webview is on the screen. */
export class WebviewPanel {
  title = '';
  iconPath: unknown;
  visible = true;
  active = false;
  viewColumn = ViewColumn.Two;
  readonly webview: Webview = screen.webview!();
  private readonly viewState = new EventEmitter<undefined>();
  private readonly disposed = new EventEmitter<undefined>();
  readonly onDidChangeViewState = this.viewState.event;
  readonly onDidDispose = this.disposed.event;

  reveal(): void {
    this.setVisible(true);
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.viewState.fire(undefined);
  }

  dispose(): void {
    this.disposed.fire(undefined);
  }
}

let editors: readonly TextEditor[] = [];

export const window = {
  activeTextEditor: undefined as TextEditor | undefined,
  get visibleTextEditors() {
    return editors;
  },
  /** The panels that were made, the newest last. */
  panels: [] as WebviewPanel[],
  createWebviewPanel() {
    const panel = new WebviewPanel();
    window.panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer: () => ({ dispose: () => undefined }),
  createTextEditorDecorationType: () => ({ dispose: () => undefined }),
  onDidChangeTextEditorSelection: events.selection.event,
  onDidChangeActiveTextEditor: events.active.event,
  onDidChangeVisibleTextEditors: events.visible.event,
  /** Shows an editor in place of the one that is there; undefined: none. */
  show(editor: TextEditor | undefined) {
    editors = editor ? [editor] : [];
    window.activeTextEditor = editor;
    events.visible.fire(editors);
    events.active.fire(editor);
  },
};

export const workspace = {
  workspaceFolders: [] as const,
  onDidChangeTextDocument: events.text.event,
  onDidCloseTextDocument: events.closed.event,
};

export const env = { language: 'en' };

/** The display language of what is opened from now on. */
export function setLanguage(language: string): void {
  env.language = language;
  const file = path.resolve(`l10n/bundle.l10n.${language}.json`);
  l10n.bundle =
    language === 'en'
      ? undefined
      : (JSON.parse(fs.readFileSync(file, 'utf8')) as Readonly<Record<string, string>>);
}

export const l10n = {
  bundle: undefined as Readonly<Record<string, string>> | undefined,
  /** `{0}` and `{1}` stand for the values. */
  t(message: string, ...values: readonly (string | number | boolean)[]): string {
    return (l10n.bundle?.[message] ?? message).replace(/\{(\d+)\}/g, (whole, place: string) =>
      String(values[Number(place)] ?? whole),
    );
  },
};
