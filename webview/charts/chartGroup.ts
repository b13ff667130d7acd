import type { Span } from './line';

/** What a group asks of its charts. */
export interface ChartMember {
  showCursor(x: number | undefined): void;
  showZoom(span: Span | undefined): void;
}

/** Charts with the same x that share their cursor and their zoom. */
export interface ChartGroup {
  join(member: ChartMember): void;
  leave(member: ChartMember): void;
  /** @param from the chart that the user acts on, which knows already */
  moveCursor(from: ChartMember, x: number | undefined): void;
  zoomTo(from: ChartMember, span: Span | undefined): void;
}

export function createChartGroup(): ChartGroup {
  const members = new Set<ChartMember>();
  const others = (from: ChartMember) => [...members].filter((member) => member !== from);
  return {
    join(member) {
      members.add(member);
    },
    leave(member) {
      members.delete(member);
    },
    moveCursor(from, x) {
      for (const member of others(from)) member.showCursor(x);
    },
    zoomTo(from, span) {
      for (const member of others(from)) member.showZoom(span);
    },
  };
}
