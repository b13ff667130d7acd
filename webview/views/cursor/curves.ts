/** What the line charts of the view show, as plain data. */
import * as l10n from '@vscode/l10n';
import { readQualified } from '../../../src/protocol/core';
import type { LookBack } from '../../../src/protocol/engine';
import type { Line, LineChartContent, Mark } from '../../charts/line';
import type { Writing } from '../gradients/contents';
import { shareText } from '../gradients/sentences';
import { stylesOfVariables } from '../gradients/styles';
import { powerOfTen } from '../../charts/ticks';

/** A contribution below this share of the greatest is not remembered. */
const remembered = 0.01;
/** What lies below this share is nothing to anybody, and would only flatten what lies above. */
const faintest = 1e-8;

/** ‖∂E/∂s_{t−k}‖ of every state and ‖∂E/∂x_{t−k}‖ against the lag k, each as shares of its greatest. */
export function backContent({ states, saliency }: LookBack, writing: Writing): LineChartContent {
  const { format, name } = writing;
  const lags = lagsOf(
    Math.max(visible(saliency.norms), ...states.map(({ norms }) => visible(norms))),
  );
  const styles = stylesOfVariables(states.map(({ variable }) => readQualified(variable)));
  const curves = [
    ...states.map((state, i) => ({ ...state, name: name(state.variable), ...styles[i]! })),
    {
      ...saliency,
      ...({ variable: 'x', name: l10n.t('input x'), color: 'foreground' } as const),
      dash: [2, 3],
    },
  ];
  const write = (share: number) => shareText(share, format);
  return {
    x: { label: l10n.t('lag k'), write: format.count, whole: true },
    y: {
      label: l10n.t('share of the largest'),
      write,
      writeTick: powerOfTen,
      log: true,
      include: [remembered / 2, 1],
    },
    lines: curves.map(({ variable, norms, ...look }): Line => ({
      ...{
        id: variable,
        name: look.name,
        color: look.color,
        x: lags,
        y: shares(norms).slice(0, lags.length),
      },
      ...(look.dash && { dash: look.dash }),
    })),
    references: [{ label: l10n.t('1% of the largest'), value: remembered }],
    marks: memoryMarks(farthestMemory(states)),
  };
}

/** The terms of one matrix's gradient by lag, and the norm of their sum. */
export function termContent(
  { parameter, norms, sum, memory }: LookBack['terms'][number],
  writing: Writing,
): LineChartContent {
  const { format } = writing;
  return {
    x: { label: l10n.t('lag k'), write: format.count, whole: true },
    y: { label: `‖∂E/∂${readQualified(parameter).symbol}‖`, write: format.value, log: true },
    lines: [
      {
        id: 'term',
        name: l10n.t('term at lag k'),
        color: 'green',
        x: lagsOf(visible(norms)),
        y: Array.from(norms.subarray(0, visible(norms))),
      },
    ],
    references:
      sum > 0 ? [{ label: l10n.t('sum of all: {0}', format.value(sum)), value: sum }] : [],
    marks: memoryMarks(memory),
  };
}

/**
 * How far back any state matters, tokens: the largest of their memories; null where one of them matters
 * through the whole window.
 */
export function farthestMemory(states: LookBack['states']): number | null {
  const memories = states.map(({ memory }) => memory);
  return memories.includes(null) ? null : Math.max(0, ...(memories as number[]));
}

/** Norms as shares of the greatest; NaN where next to nothing is left. */
export function shares(norms: Float64Array): number[] {
  const greatest = Math.max(...norms);
  return Array.from(norms, (norm) => (norm > faintest * greatest ? norm / greatest : NaN));
}

/** How many lags there are until next to nothing is left. */
function visible(norms: Float64Array): number {
  const least = faintest * Math.max(...norms);
  return norms.findLastIndex((norm) => norm > least) + 1;
}

function lagsOf(count: number): number[] {
  return Array.from({ length: count }, (_, lag) => lag);
}

function memoryMarks(memory: number | null): Mark[] {
  return memory === null ? [] : [{ label: l10n.t('memory'), x: memory }];
}
