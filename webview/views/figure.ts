import * as l10n from '@vscode/l10n';
import type { SavedFormat } from '../../src/protocol/panel';
import { element, setText } from '../dom';
import './figure.css';
import { createSaveMenu } from './saveMenu';
import { createFigureTable, type TableContent } from './figureTable';
import type { ViewContext } from './view';

export type { TableContent } from './figureTable';

/** What a picture is saved at: twice as fine as the screen's usual pixels. */
const savedRatio = 2;

/** What can be put into a figure: a chart, a heatmap, a histogram are. */
export interface Picture {
  readonly root: HTMLElement;
  /** As it is on show, with the theme's background; `ratio`: pixels of a CSS pixel. */
  toCanvas?(ratio: number): HTMLCanvasElement;
  toSvg?(): string;
  /** A page by itself, to be printed. */
  toHtml?(): string;
}

export interface FigureOptions {
  /** Unique in the panel. */
  readonly id: string;
  readonly title: string;
  /** Of the values, or what is over what: `nats per token over steps`. */
  readonly unit?: string;
  readonly picture: Picture;
  /** The view's own, in the toolbar. */
  readonly controls?: readonly HTMLElement[];
  /** Below the title: what the picture says, in a sentence. */
  readonly sentence?: HTMLElement;
  /** Proposed for the file, without an extension: `hamlet loss`. */
  readonly fileName: () => string;
  /** All the data on show. */
  readonly csv: () => string;
  /**
   * The picture as a table, for who cannot see it or wants to copy it; asked for only while the table is
   * open. Undefined: the picture is a table, or text.
   */
  readonly table?: () => TableContent;
  /** How the picture is read, in a sentence or two; shown on demand. */
  readonly help?: string;
}

/** The frame of a picture: title, controls, saving, the same as a table. */
export interface Figure {
  readonly root: HTMLElement;
  /** The data changed: the table, if it is open, follows soon. */
  update(): void;
  setUnit(unit: string): void;
  /** Of a figure that was made with a help. */
  setHelp(text: string): void;
}

export function createFigure({ host }: Pick<ViewContext, 'host'>, options: FigureOptions): Figure {
  const { id, title, picture, controls = [], sentence } = options;
  const unit = element('span', { class: 'unit', text: options.unit ?? '' });
  const heading = element('h2', { id: `${id}-title` }, `${title} `, unit);

  const bytes: Partial<Record<SavedFormat, () => Promise<Uint8Array<ArrayBuffer>>>> = {
    ...(picture.toCanvas && { png: () => pngOf(picture.toCanvas!(savedRatio)) }),
    ...(picture.toSvg && { svg: () => Promise.resolve(encoded(picture.toSvg!())) }),
    ...(picture.toHtml && { html: () => Promise.resolve(encoded(picture.toHtml!())) }),
    // A byte order mark tells spreadsheets that it is UTF-8.
    csv: () => Promise.resolve(encoded(`\uFEFF${options.csv()}`)),
  };
  const formats = Object.keys(bytes) as SavedFormat[];
  const menu = createSaveMenu(l10n.t('Save “{0}”', title), formats, (format) => {
    bytes[format]!().then((content) => host.save(options.fileName(), format, content), host.report);
  });
  const toolbar = element(
    'div',
    { class: 'figure-toolbar', role: 'group', 'aria-label': l10n.t('Controls of “{0}”', title) },
    ...controls,
    menu,
  );
  const helpText = element('p', { text: options.help ?? '' });
  const help =
    options.help === undefined
      ? []
      : [
          element(
            'details',
            { class: 'figure-help' },
            element('summary', { text: l10n.t('How to read it') }),
            helpText,
          ),
        ];
  const table =
    options.table && createFigureTable(l10n.t('“{0}” as a table', title), options.table);
  for (const details of help) keepOpen(details, `${id}.help`, host);
  if (table) keepOpen(table.root, `${id}.table`, host);
  const root = element(
    'section',
    { class: 'figure-frame', 'aria-labelledby': heading.id },
    element('div', { class: 'figure-head' }, heading, toolbar),
    ...(sentence ? [sentence] : []),
    picture.root,
    element('div', { class: 'figure-foot' }, ...help, ...(table ? [table.root] : [])),
  );
  return {
    root,
    update() {
      table?.update();
    },
    setUnit(text) {
      setText(unit, text);
    },
    setHelp(text) {
      setText(helpText, text);
    },
  };
}

/** What is open is open again after the panel was hidden. */
function keepOpen(details: HTMLDetailsElement, key: string, { memory }: ViewContext['host']) {
  details.open = memory.get(key) === true;
  details.addEventListener('toggle', () => memory.set(key, details.open));
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function pngOf(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('The picture is empty: there is nothing to save.');
  return new Uint8Array(await blob.arrayBuffer());
}
