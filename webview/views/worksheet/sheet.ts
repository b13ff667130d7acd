/** A worksheet: plain data in, elements out. It knows of no run and of no host, so that any page can show it. */
import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import { createBoard, shortNumber, walkNumbers } from './board';
import { chip, joinChips } from './chip';
import { createGates, type Gates } from './gates';
import { backwardPass, forwardPass, formula, outputTerm, type SheetContext } from './passes';
import { printable } from './printable';
import { shownTokens, structureOf, type Sheet } from './shown';
import { descent, gradientTerms, jacobianCards, parameterBoxes, stateLetter } from './weights';
import './worksheet.css';

export interface SheetOptions {
  /** Another parameter's gradient is wanted, by its qualified name. */
  readonly onParameter: (name: string) => void;
  /** Controls of the step of gradient descent, set into its part. */
  readonly descent: HTMLElement;
}

export interface SheetView {
  readonly root: HTMLElement;
  /** @param rate of the step of gradient descent that is shown */
  show(sheet: Sheet, rate: number, showsAll: boolean): void;
  /** The whole as a page by itself, to be printed. */
  toHtml(): string;
}

export function createSheet(options: SheetOptions): SheetView {
  const body = element('div', { class: 'sheet-body' });
  const readout = element('p', { class: 'sheet-readout', role: 'status' });
  const root = element('div', { class: 'sheet' }, body, readout);
  let structure = '';
  let board = createBoard<Sheet>();
  let gates: Gates | undefined;
  let unit = 0;
  let rate = 0;
  let shown: Sheet | undefined;

  const tell = (target: EventTarget | null) => {
    const told = board.told(target);
    if (!told) return;
    readout.replaceChildren(formula(`${told.name} = ${String(told.value)}`));
  };
  // What comes to lie under a pointer at rest, as the keyboard scrolls, is not pointed at.
  root.addEventListener('pointermove', ({ target, movementX, movementY }) => {
    if (movementX !== 0 || movementY !== 0) tell(target);
  });
  joinChips(root);

  /** A part of the sheet, which the keyboard walks through. */
  function part(
    title: string,
    note: string | HTMLElement,
    ...content: readonly HTMLElement[]
  ): HTMLElement {
    const heading = element('h3', { text: title });
    const scroller = element('div', { class: 'sheet-part', role: 'group', 'aria-label': title });
    scroller.append(...content);
    if (scroller.querySelector('.num')) walkNumbers(scroller, tell);
    const said = typeof note === 'string' ? element('p', { class: 'quiet', text: note }) : note;
    return element('section', { class: 'sheet-section' }, heading, said, scroller);
  }

  function build(sheet: Sheet, showsAll: boolean): void {
    board = createBoard<Sheet>();
    const context: SheetContext = { board, sheet, tokens: shownTokens(sheet, showsAll) };
    const loss = `E[${String(sheet.t + 1)}]`;
    const output = outputTerm(context);
    const steps = String(sheet.losses.length);
    gates = createGates(sheet);
    body.replaceChildren(
      part(
        l10n.t('Parameters'),
        l10n.t(
          '{0} numbers in all, however many steps there are: each of the {1} steps reads the same ones.',
          String(sheet.size),
          steps,
        ),
        parameterBoxes(context, options.onParameter),
      ),
      part(
        l10n.t('Forward pass'),
        element('p', {
          class: 'quiet sheet-equations',
          translate: 'no',
          text: sheet.equations.join('\n'),
        }),
        forwardPass(context),
      ),
      part(
        l10n.t('Backward pass'),
        l10n.t(
          'What {0} changes by with each number of the forward pass; from right to left, from the bottom of its table to the top.',
          loss,
        ),
        backwardPass(context),
        ...(output ? [output] : []),
      ),
      part(
        l10n.t(
          'Jacobians from step {0} back to step {1}',
          String(sheet.t + 1),
          String(sheet.k + 1),
        ),
        stateNote(sheet),
        jacobianCards(context),
      ),
      part(
        l10n.t('The gradient of one parameter, step by step'),
        termsNote(sheet, loss),
        gradientTerms(context),
      ),
      part(
        l10n.t('A step of gradient descent'),
        element(
          'p',
          { class: 'quiet' },
          board.text((data) =>
            l10n.t(
              '{0} is {1} before the step, and {2} after it.',
              loss,
              ...[data.losses[data.t]!, data.lossAfter].map(shortNumber),
            ),
          ),
        ),
        descent(context, () => rate),
        options.descent,
      ),
      part(
        l10n.t('Step {0} as a graph', String(sheet.k + 1)),
        l10n.t(
          'Above each edge the value of the unit, below it the gradient of {0}; between ‖ ‖ the norm of a whole vector.',
          loss,
        ),
        unitControl(sheet),
        gates.root,
      ),
    );
  }

  function unitControl(sheet: Sheet): HTMLElement {
    unit = Math.min(unit, sheet.hidden - 1);
    const value = element('output', { text: String(unit + 1) });
    const slider = element('input', {
      ...{ class: 'range', type: 'range', min: '1', max: String(sheet.hidden), step: '1' },
      value: String(unit + 1),
      'aria-label': l10n.t('Hidden unit'),
    });
    slider.addEventListener('input', () => {
      unit = Number(slider.value) - 1;
      value.textContent = slider.value;
      if (shown) gates?.update(shown, unit);
    });
    return element('label', { class: 'sheet-slider' }, l10n.t('Hidden unit'), slider, value);
  }

  return {
    root,
    show(sheet, now, showsAll) {
      const next = structureOf(sheet, showsAll);
      if (next !== structure) build(sheet, showsAll);
      structure = next;
      shown = sheet;
      rate = now;
      board.update(sheet);
      gates!.update(sheet, unit);
    },
    toHtml: () => printable(body),
  };
}

function stateNote(sheet: Sheet): string {
  const letter = stateLetter(sheet);
  const names = sheet.state.map(({ name }) => name).join('; ');
  const start = l10n.t(
    'Each says how the state of a step depends on that of the step before; their product is what a gradient is multiplied by on its way back.',
  );
  return letter === 'S' && names !== '' ? `S = [${names}]. ${start}` : start;
}

function termsNote(sheet: Sheet, loss: string): HTMLElement {
  const text = l10n.t(
    'Each step reads it, so each adds a term to the gradient of {0}. The last box is the same by trying: each number a little larger, a little smaller.',
    loss,
  );
  return element('p', { class: 'quiet' }, chip(sheet.terms.parameter, sheet), ` ${text}`);
}
