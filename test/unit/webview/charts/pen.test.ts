import assert from 'node:assert/strict';
import { svgPen, type Pen } from '../../../../webview/charts/pen';
import { hexColor } from '../../../../webview/theme';

const measure = { widthOf: (text: string) => 6 * text.length } as Pen;

function draw(paint: (pen: Pen) => void): string {
  const pen = svgPen({ width: 100, height: 50 }, '11px "Segoe UI", sans-serif', measure);
  paint(pen);
  return pen.source();
}

describe('a picture as SVG', () => {
  it('has lines with their dashes, areas, discs and clips', () => {
    const source = draw((pen) => {
      pen.clipped(0, 1, 2, 3, () => {
        pen.path([[0, 0, 10, 5.123]], { stroke: '#ff0000', width: 2, dash: [5, 3] });
      });
      pen.path([[0, 0, 10, 0, 10, 10]], { fill: '#00ff0080' });
      pen.disc(4, 5, 6, { stroke: '#0000ff', fill: '#ffffff' });
    });
    assert.match(
      source,
      /<clipPath id="clip-1"><rect x="0" y="1" width="2" height="3"\/><\/clipPath>/,
    );
    assert.match(
      source,
      /<path d="M0 0L10 5.12" fill="none" stroke="#ff0000" stroke-width="2"[^>]* stroke-dasharray="5 3"\/>/,
    );
    assert.match(source, /<path d="M0 0L10 0L10 10" fill="#00ff00" fill-opacity="0\.502"\/>/);
    assert.match(source, /<circle cx="4" cy="5" r="6" fill="#ffffff" stroke="#0000ff"/);
    assert.equal(source.match(/<g /g)?.length, source.match(/<\/g>/g)?.length);
  });

  it('escapes what is a name somewhere', () => {
    const source = draw((pen) => {
      pen.text(0, 0, '<a & "b">', { fill: '#000000' });
    });
    assert.match(source, /&lt;a &amp; &quot;b&quot;&gt;/);
    assert.match(source, /font-family="&quot;Segoe UI&quot;, sans-serif"/);
  });
});

describe('colours as browsers compute them', () => {
  it('are written in hexadecimal', () => {
    assert.equal(hexColor('rgb(1, 20, 255)'), '#0114ff');
    assert.equal(hexColor('rgba(255, 0, 0, 0.5)'), '#ff000080');
    assert.equal(hexColor('color(srgb 1 0.5 0)'), '#ff8000');
    assert.equal(hexColor('color(srgb 0 0 1 / 0.2)'), '#0000ff33');
    assert.equal(hexColor('color(srgb 1.2 -0.1 2e-3)'), '#ff0001');
  });
});
