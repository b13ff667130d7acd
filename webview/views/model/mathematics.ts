import temml from 'temml';
import { element } from '../../dom';

/** TeX set as MathML, which the browser draws and screen readers read; text that is no TeX stands as it is. */
export function setMathematics(tex: string, display: boolean): HTMLElement {
  const place = element('span', { class: display ? 'math math-display' : 'math' });
  try {
    temml.render(tex, place, { displayMode: display, throwOnError: true });
    refine(place);
  } catch {
    place.textContent = tex;
  }
  return place;
}

/** For fonts that are not made for mathematics: most systems have no other. */
function refine(place: HTMLElement): void {
  for (const name of place.querySelectorAll('mi')) {
    if (Array.from(name.textContent).length > 1) name.classList.add('math-upright');
  }
  // A letter that reaches below the line would push its subscript down: all stand at one height.
  for (const script of place.querySelectorAll('msub')) {
    const base = script.firstElementChild!;
    const level = document.createElementNS(base.namespaceURI, 'mpadded');
    level.setAttribute('depth', '0');
    base.replaceWith(level);
    level.append(base);
  }
  for (const sign of place.querySelectorAll('msub mo')) {
    sign.setAttribute('lspace', '0');
    sign.setAttribute('rspace', '0');
  }
  for (const bracket of place.querySelectorAll('mo[stretchy="true"]')) {
    if (bracket.parentElement?.querySelector('mfrac, msqrt') === null) {
      bracket.setAttribute('stretchy', 'false');
    }
  }
}
