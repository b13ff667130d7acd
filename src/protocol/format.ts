import { isShare, type ScoreName } from '../core/metrics/columns';

/** How numbers are written: in the panel and in the status bar alike, so that they can be compared. */
export interface Format {
  /** A loss in nats per token: three decimals; three digits of one that they would make 0: 0.000123. */
  loss(value: number): string;
  /** A whole number, grouped: 12,345. */
  count(value: number): string;
  /** A whole number in few characters: 12K. */
  compact(value: number): string;
  /** Three significant digits: 0.00132, 4.17, 1.3E-9. */
  value(value: number): string;
  /** A learning rate: three significant digits, without an exponent where anybody uses it: 0.00008, 0.000321. */
  rate(value: number): string;
  /** One decimal: 3.4. */
  decimal(value: number): string;
  /** A share as a percentage in two digits: 62%, 8.3%, 0.041%; of less than that nobody has a notion: <0.0001%. */
  percent(share: number): string;
  /** A score: a share in per cent with one decimal, 83.1%; an error in three digits. */
  score(name: ScoreName, value: number): string;
  /** Seconds as a clock shows them: 0:07, 12:34, 1:02:03. */
  duration(seconds: number): string;
}

/** @param locale the editor's display language, such as `en` or `zh-cn` */
export function formatFor(locale: string): Format {
  // When it is first used: the first of them in a process takes some twenty milliseconds.
  const make = (options: Intl.NumberFormatOptions) => {
    let made: Intl.NumberFormat | undefined;
    return (value: number) => {
      if (!Number.isFinite(value)) return String(value);
      made ??= new Intl.NumberFormat(knownLocale(locale), options);
      return made.format(value);
    };
  };
  const value = make({ maximumSignificantDigits: 3 });
  const percent = make({ style: 'percent', maximumSignificantDigits: 2 });
  const share = make({
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const tiny = make({ notation: 'scientific', maximumFractionDigits: 1 });
  const loss = make({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const written = (x: number) => (x !== 0 && Math.abs(x) < 1e-4 ? tiny(x) : value(x));
  return {
    loss: (x) => (x > 0 && x < 5e-4 ? written(x) : loss(x)),
    count: make({ maximumFractionDigits: 0 }),
    compact: make({ notation: 'compact', maximumSignificantDigits: 3 }),
    value: written,
    rate: (x) => (x !== 0 && x < 1e-6 ? tiny(x) : value(x)),
    decimal: make({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    percent: (x) => (x > 0 && x < 1e-6 ? `<${percent(1e-6)}` : percent(x)),
    score: (name, x) => (isShare(name) ? share(x) : written(x)),
    duration,
  };
}

/** English for a locale that the runtime does not know. */
function knownLocale(locale: string): string {
  return Intl.NumberFormat.supportedLocalesOf([locale])[0] ?? 'en';
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const clock = `${two(minutes % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? clock.replace(/^0/, '') : `${String(Math.floor(minutes / 60))}:${clock}`;
}
