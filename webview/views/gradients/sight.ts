/** Draws a picture only while it is in sight; what was missed meanwhile is drawn when it comes into it. */
export interface Sight {
  /** The picture is to be drawn again. */
  redraw(): void;
  destroy(): void;
}

export function inSight(root: HTMLElement, draw: () => void): Sight {
  let isVisible = false;
  let isDue = false;
  const observer = new IntersectionObserver((entries) => {
    isVisible = entries.at(-1)!.isIntersecting;
    if (!isVisible || !isDue) return;
    isDue = false;
    draw();
  });
  observer.observe(root);
  return {
    redraw() {
      isDue = !isVisible;
      if (isVisible) draw();
    },
    destroy() {
      observer.disconnect();
    },
  };
}
