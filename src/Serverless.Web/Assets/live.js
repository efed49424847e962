// Follows what happens: asks for what has changed and puts that in place, without touching anything else.
(() => {
  'use strict';
  const body = document.body;
  const offline = document.getElementById('offline');
  let seen = Date.now();
  let asking = false;
  let again = false;
  let wait = 0;

  const regions = () => [...document.querySelectorAll('[data-live]')];
  const isBusy = (region) => region.querySelector('[data-brushing]') || region.contains(document.activeElement) && document.activeElement.matches('input:not([type=checkbox]), textarea, select');

  const replace = (region, template) => {
    const ticked = new Set([...region.querySelectorAll('input[type=checkbox]:checked')].map((box) => box.value));
    const opened = new Set([...region.querySelectorAll('details[open][id]')].map((one) => one.id));
    const here = region.querySelector('.here')?.id;
    const focused = region.contains(document.activeElement) ? document.activeElement.id || document.activeElement.getAttribute('href') : null;
    const scrolled = [...region.querySelectorAll('.scroll, .why, .json')].map((one) => [one.scrollLeft, one.scrollTop]);
    region.replaceChildren(template.content.cloneNode(true));
    region.dataset.version = template.dataset.version;
    for (const box of region.querySelectorAll('input[type=checkbox]')) if (ticked.has(box.value)) box.checked = true;
    for (const one of region.querySelectorAll('details[id]')) if (opened.has(one.id)) one.open = true;
    region.querySelectorAll('.scroll, .why, .json').forEach((one, at) => { if (scrolled[at]) [one.scrollLeft, one.scrollTop] = scrolled[at]; });
    if (here) document.getElementById(here)?.classList.add('here');
    if (focused) [...region.querySelectorAll('[id], a[href]')].find((one) => one.id === focused || one.getAttribute('href') === focused)?.focus({ preventScroll: true });
    window.htmx?.process(region);
  };

  const ask = async () => {
    if (asking) { again = true; return; }
    const all = regions();
    if (all.length === 0) return;
    asking = true;
    again = false;
    try {
      const answer = await fetch(location.href, {
        headers: { 'Serverless-Live': all.map((region) => `${region.dataset.live}=${region.dataset.version}`).join(',') },
        cache: 'no-store',
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
      seen = Date.now();
      offline.hidden = true;
      if (answer.status === 200) {
        const holder = document.createElement('template');
        holder.innerHTML = await answer.text();
        let changed = false;
        for (const template of holder.content.querySelectorAll('template[data-region]')) {
          const region = document.querySelector(`[data-live="${CSS.escape(template.dataset.region)}"]`);
          if (region && !isBusy(region)) { replace(region, template); changed = true; }
        }
        const title = holder.content.querySelector('template[data-region=title]');
        if (title) document.title = title.content.textContent.trim();
        if (changed) dispatchEvent(new Event('page:changed'));
      }
    } catch {
      const at = offline.querySelector('time');
      at.textContent = new Date(seen).toLocaleTimeString();
      offline.hidden = false;
    } finally {
      asking = false;
      if (again) ask();
    }
  };

  // By the clock: slowly where the host tells of changes, and faster where it cannot.
  const tick = () => {
    if (document.visibilityState === 'visible' && body.dataset.livePage) {
      const pace = offline.hidden ? (stream?.readyState === 1 ? 15 : 3) : 2;
      if (++wait >= pace) { wait = 0; ask(); }
    }
  };
  let stream = null;
  const listen = () => {
    if (!body.dataset.livePage || !body.dataset.changes || document.visibilityState !== 'visible') return;
    stream?.close();
    stream = new EventSource(body.dataset.changes);
    stream.onmessage = (event) => { if (event.data === 'changed') { wait = 0; ask(); } };
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') { listen(); ask(); } else { stream?.close(); stream = null; }
  });
  addEventListener('pagehide', () => stream?.close());
  addEventListener('pageshow', (event) => { if (event.persisted) { listen(); ask(); } });
  document.addEventListener('htmx:afterRequest', (event) => {
    if (event.detail.requestConfig?.verb === 'post') ask();
  });
  document.addEventListener('htmx:sendError', () => { offline.hidden = false; });
  listen();
  setInterval(tick, 1000);
})();
