import assert from 'node:assert/strict';
import { pictureOf, pixelGradient, type Image } from '../../../../webview/views/example/pixels';

const colours: Image = {
  ...{ width: 2, height: 1, channels: 3 },
  pixels: Float64Array.of(255, 0, 0, 100, 100, 100),
};

describe('a picture that is read', () => {
  it('is drawn as it is read', () => {
    const rgba = [...pictureOf(colours, undefined)];
    assert.deepEqual(rgba, [255, 0, 0, 255, 100, 100, 100, 255]);
    const grey = { ...colours, channels: 1, pixels: Float64Array.of(7, 200) };
    assert.deepEqual([...pictureOf(grey, undefined)], [7, 7, 7, 255, 200, 200, 200, 255]);
  });

  it('is red where an answer depends on it, relative to the largest, and else grey', () => {
    const values = Float64Array.of(0, 0, 0, 3, 0, -4);
    const gradient = pixelGradient(values, colours);
    assert.deepEqual([...gradient], [0, 5]);
    // 0.299 · 255 = 76.2
    assert.deepEqual([...pictureOf(colours, gradient)], [76, 76, 76, 255, 229, 20, 0, 255]);
    const half = [...pictureOf(colours, Float64Array.of(-5, 2.5))].slice(4, 7);
    assert.deepEqual(half, [164, 60, 50]);
    const none = [...pictureOf(colours, new Float64Array(2))].slice(4, 7);
    assert.deepEqual(none, [100, 100, 100]);
  });
});
