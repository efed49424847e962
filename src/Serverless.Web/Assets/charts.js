// Choosing a range of a drawing by dragging over it: the address then says the range. Typing from and to does the same without a mouse.
(() => {
  'use strict';
  const least = 6; // Pixels: less is a click.
  let drag = null;

  // The pieces of the scale, in thousandths of the ground and in milliseconds.
  const pieces = (svg) => svg.dataset.pieces.split(';').map((piece) => piece.split(',').map(Number));
  const groundOf = (svg) => svg.querySelector('.ground');
  const place = (svg, event) => {
    const all = pieces(svg);
    const ground = groundOf(svg).getBoundingClientRect();
    const last = all[all.length - 1];
    return Math.min(Math.max((event.clientX - ground.left) / ground.width * 1000, all[0][0]), last[0] + last[1]);
  };
  const timeAt = (svg, x) => {
    const all = pieces(svg);
    const [at, width, start, end] = all.find((piece) => x <= piece[0] + piece[1]) ?? all[all.length - 1];
    return new Date(width === 0 ? start : start + (end - start) * Math.min(1, Math.max(0, (x - at) / width)));
  };
  const end = () => {
    drag?.mark?.remove();
    if (drag) delete drag.svg.dataset.brushing;
    drag = null;
  };

  addEventListener('pointerdown', (event) => {
    const svg = event.target.closest?.('[data-brush]');
    if (!svg || event.button !== 0 || event.pointerType === 'touch' || svg.dataset.pieces === '') return;
    drag = { svg, from: place(svg, event), at: event.clientX, mark: null };
    svg.dataset.brushing = ''; // So that an update leaves the drawing alone until the button is up.
  });
  addEventListener('pointermove', (event) => {
    if (!drag) return;
    if (!drag.svg.isConnected) { end(); return; } // An update has put another drawing in its place.
    if (!drag.mark && Math.abs(event.clientX - drag.at) < least) return;
    if (!drag.mark) {
      drag.mark = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      drag.mark.setAttribute('class', 'brush');
      drag.mark.setAttribute('height', '100%');
      groundOf(drag.svg).parentNode.append(drag.mark);
    }
    const to = place(drag.svg, event);
    drag.mark.setAttribute('x', `${Math.min(drag.from, to) / 10}%`);
    drag.mark.setAttribute('width', `${Math.abs(to - drag.from) / 10}%`);
    event.preventDefault();
  });
  addEventListener('pointerup', (event) => {
    if (!drag || !drag.svg.isConnected) { end(); return; }
    const { svg, from, mark } = drag;
    const to = place(svg, event);
    end();
    if (!mark) return;
    const address = new URL(svg.dataset.brush, location.href);
    address.searchParams.set(svg.dataset.fromName ?? 'from', timeAt(svg, Math.min(from, to)).toISOString());
    address.searchParams.set(svg.dataset.toName ?? 'to', timeAt(svg, Math.max(from, to)).toISOString());
    location.href = address.href;
    // What lies under the pointer is not followed.
    const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener('click', stop, { capture: true });
    setTimeout(() => removeEventListener('click', stop, { capture: true }), 0);
  });
  addEventListener('pointercancel', end);
  addEventListener('keydown', (event) => { if (event.key === 'Escape') end(); });
  // A link would be dragged itself.
  addEventListener('dragstart', (event) => { if (event.target.closest?.('[data-brush]')) event.preventDefault(); });
})();
