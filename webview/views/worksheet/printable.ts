/** A sheet as a page by itself, in black on white, wide as paper is. */
import * as l10n from '@vscode/l10n';

const style = `
@page { size: A4 landscape; margin: 10mm }
body { font: 9pt/1.35 system-ui, sans-serif; color: #000; background: #fff; margin: 12px }
h3 { font-size: 11pt; margin: 12px 0 2px } p { margin: 2px 0 } .quiet, .norm { color: #555 }
button, input, output, .sheet-slider, .sheet-descent { display: none } button.chip-button { display: inline; all: unset }
table { border-collapse: collapse } th, td { border: 1px solid #bbb; padding: 3px 5px; text-align: left; vertical-align: top }
tbody th { min-width: 11ch; font-weight: normal }
thead { display: table-header-group } tr, figure, svg { break-inside: avoid }
.formula, .token, .num, .chip { font-family: ui-monospace, monospace }
.box { display: inline-grid; grid-template-columns: repeat(var(--columns), auto); gap: 1px }
.box-named { grid-template-columns: repeat(calc(var(--columns) + 1), auto) } .box-name { color: #555 }
.num { padding: 0 3px; text-align: right; background: rgb(200 40 40 / calc(var(--share) * 45%)) }
.num.negative { background: rgb(30 90 200 / calc(var(--share) * 45%)) }
.chip { border: 1px solid #666; border-radius: 3px; padding: 0 4px } .chosen, .looked { background: #f2f2d8 }
.cards, .sheet-line { display: flex; flex-wrap: wrap; gap: 8px; align-items: center } figure { margin: 0 }
svg { max-width: 100%; height: auto } svg text { font-size: 10px; text-anchor: middle; fill: #000 }
.gates-edge { fill: none; stroke: #999 } .gates-node rect { fill: #fff; stroke: #333 } .gates-gradient { font-style: italic; fill: #555 }
`;

export function printable(body: HTMLElement): string {
  const copy = body.cloneNode(true) as HTMLElement;
  const language = document.documentElement.lang;
  const title = l10n.t('Worksheet');
  return `<!DOCTYPE html>\n<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head><body>${copy.outerHTML}</body></html>\n`;
}
