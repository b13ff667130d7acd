import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import { savedPicture } from '../../charts/savedPicture';
import { createCheck } from '../../controls';
import { element } from '../../dom';
import { createFigure } from '../figure';
import { answersOf } from '../model/exampleSteps';
import type { ViewContext } from '../view';
import { partName, type ExampleFigure, type Inside } from './part';
import { pictureOf, pixelGradient } from './pixels';

/** Of the longer side of a saved picture, and the height of its caption; CSS pixels. */
const savedSide = 320;
const captionHeight = 28;

/**
 * The picture that is read, what is answered to it below, part by part, and on it which pixels a part depends on.
 * @param choosePart a part was chosen
 */
export function createPicture(
  context: ViewContext,
  choosePart: (part: number) => void,
): ExampleFigure {
  const { format, host } = context;
  const title = l10n.t('Picture and answer');
  let inside: Inside | undefined;
  let answer = '';
  let chosen = 0;
  let file = '';
  const canvas = element('canvas', { class: 'example-image', role: 'img' });
  const caption = element('figcaption', { class: 'example-caption' });
  const overlay = createCheck(
    'example-overlay',
    l10n.t('Which pixels it depends on'),
    host.memory.get('example.overlay') !== false,
    (checked) => {
      host.memory.set('example.overlay', checked);
      draw();
    },
  );
  const saved = savedPicture(() => {
    const { width = 1, height = 1 } = inside?.image ?? {};
    const scale = savedSide / Math.max(width, height);
    const [w, h] = [width * scale, height * scale];
    return [
      { width: w, height: h, paint: (pen, { top }) => pen.pixels(canvas, 0, top, w, h) },
      {
        ...{ width: w, height: captionHeight },
        paint: (pen, { top, height: own }, theme) =>
          pen.text(4, top + own / 2, captionText(), { fill: theme.foreground }),
      },
    ];
  });
  const figure = createFigure(context, {
    ...{ id: 'example-picture', title, controls: [overlay.root] },
    picture: {
      root: element('figure', { class: 'example-picture' }, canvas, caption),
      toCanvas: saved.toCanvas,
      toSvg: saved.toSvg,
    },
    fileName: () => `${file} ${title}`,
    csv: () =>
      csv(
        ['part', 'answer', 'true', 'loss'],
        rows().map(([part, own, truth, loss]) => [part, own, truth, loss]),
      ),
    table: () => ({
      header: [l10n.t('Part of the answer'), l10n.t('answered'), l10n.t('true'), l10n.t('loss')],
      rows: rows().map(([part, own, truth, loss]) => [
        format.count(part),
        own,
        truth,
        loss === null ? '–' : format.loss(loss),
      ]),
    }),
    help: l10n.t(
      'The redder a pixel, the more the loss of the chosen part of the answer changes with it: the gradient of E with respect to the pixel, relative to the largest. Choose a part in the caption. What the picture shows in colour is grey meanwhile.',
    ),
  });

  /** A row a part: what is answered, what is true, and the loss of the latter. */
  function rows(): (readonly [number, string, string, number | null])[] {
    if (!inside) return [];
    return answersOf(inside, answer).map(({ answer: own, truth = '–', loss }, i) => [
      i + 1,
      own,
      truth,
      Number.isNaN(loss) ? null : loss,
    ]);
  }

  function captionText(): string {
    return rows()
      .map(([, own]) => own)
      .filter((own) => own !== 'END')
      .join(' ');
  }

  function drawCaption() {
    const told = rows();
    caption.replaceChildren(
      ...told.map(([, own, truth], part) => {
        const isWrong = truth !== '–' && truth !== own;
        const name = isWrong ? l10n.t('{0}, true: {1}', own, truth) : own;
        if (told.length === 1) return element('span', { text: name });
        const button = element('button', {
          ...{ type: 'button', class: 'link', text: name },
          'aria-pressed': String(part === chosen),
        });
        button.addEventListener('click', () => choosePart(part));
        return button;
      }),
    );
  }

  function draw() {
    if (!inside?.image) return;
    const { image, gradient } = inside;
    const isOver = overlay.checked && gradient !== null;
    canvas.width = image.width;
    canvas.height = image.height;
    const size = [String(image.width), String(image.height)] as const;
    canvas.setAttribute(
      'aria-label',
      isOver
        ? l10n.t('{2}: pixels that it depends on, of {0} × {1}', ...size, partName(inside, chosen))
        : l10n.t('The picture as the model reads it, {0} × {1} pixels', ...size),
    );
    const rgba = pictureOf(image, isOver ? pixelGradient(gradient.values, image) : undefined);
    const data = new ImageData(rgba, image.width, image.height);
    canvas.getContext('2d')!.putImageData(data, 0, 0);
  }

  return {
    root: figure.root,
    update(result, part, name) {
      file = name;
      answer = result.answer;
      chosen = part;
      inside = result.inside?.image ? result.inside : undefined;
      figure.root.hidden = !inside;
      if (!inside) return;
      overlay.root.hidden = inside.gradient === null;
      // A caption that has the focus keeps it.
      const focused = [...caption.children].indexOf(document.activeElement!);
      drawCaption();
      if (focused >= 0) (caption.children[focused] as HTMLElement | undefined)?.focus();
      draw();
      figure.update();
    },
    updateTheme: () => undefined,
    destroy: () => undefined,
  };
}
