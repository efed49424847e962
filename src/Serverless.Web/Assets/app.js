// Times in the viewer's words and zone, copying, the palette, keys and ticking boxes.
(() => {
  'use strict';
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
  const units = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const ago = (seconds) => {
    const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
    return relative.format(Math.trunc(seconds / size), unit);
  };
  const span = (seconds) => {
    if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
    if (seconds < 60) return `${Math.round(seconds)} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
    return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
  };
  const set = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const tell = () => {
    const now = Date.now();
    for (const node of document.querySelectorAll('time[data-rel]')) {
      const at = new Date(node.dateTime);
      set(node, ago((at - now) / 1000));
      if (!node.dataset.full) {
        node.dataset.full = '1';
        node.title = `${at.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' })}\n${node.dateTime}`;
      }
    }
    for (const node of document.querySelectorAll('time[data-clock]:not([data-full])')) {
      const at = new Date(node.dateTime);
      node.dataset.full = '1';
      node.title = `${at.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' })}\n${node.dateTime}`;
      node.textContent = `${at.toLocaleTimeString('en-GB')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
    }
    for (const node of document.querySelectorAll('[data-since]')) {
      set(node, span(Number(node.dataset.base ?? 0) + (now - new Date(node.dataset.since)) / 1000));
    }
  };
  tell();
  setInterval(tell, 1000);
  addEventListener('page:changed', tell);
  document.addEventListener('htmx:afterSwap', tell);

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add('done');
      const before = button.title;
      button.title = 'Copied';
      setTimeout(() => { button.title = before; button.classList.remove('done'); }, 1500);
    } catch {
      prompt('Copy this:', button.dataset.copy); // Without https a browser may refuse.
    }
  };

  // The palette.
  const palette = document.getElementById('palette');
  const query = document.getElementById('palette-q');
  const hits = document.getElementById('palette-hits');
  let asked = 0;
  const search = async () => {
    const mine = ++asked;
    const address = query.dataset.source + (query.dataset.source.includes('?') ? '&' : '?') + 'q=' + encodeURIComponent(query.value.trim());
    try {
      const answer = await fetch(address, { headers: { 'HX-Request': 'true' } });
      const html = await answer.text();
      if (mine === asked) { hits.innerHTML = html; mark(0); }
    } catch { /* The banner says that the host does not answer. */ }
  };
  const mark = (step) => {
    const all = [...hits.querySelectorAll('a')];
    const now = all.findIndex((one) => one.classList.contains('on'));
    all[now]?.classList.remove('on');
    const next = all[step === 0 ? 0 : (now + step + all.length) % all.length];
    next?.classList.add('on');
    next?.scrollIntoView({ block: 'nearest' });
  };
  const open = () => { palette.showModal(); query.select(); search(); };
  let pause;
  query?.addEventListener('input', () => { clearTimeout(pause); pause = setTimeout(search, 120); });
  query?.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); mark(event.key === 'ArrowDown' ? 1 : -1); }
    if (event.key === 'Enter') { event.preventDefault(); hits.querySelector('a.on')?.click(); }
  });
  palette?.addEventListener('click', (event) => { if (event.target === palette) palette.close(); });

  // To the next failure: what failed is marked, shown and opened for the keyboard.
  const nextFailure = (step) => {
    const all = [...document.querySelectorAll('[data-failure]')];
    if (all.length === 0) return;
    const now = all.findIndex((one) => one.classList.contains('here'));
    all[now]?.classList.remove('here');
    const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length];
    next.classList.add('here');
    next.scrollIntoView({ block: 'center' });
    next.querySelector('a')?.focus({ preventScroll: true });
  };
  const places = {
    d: '/dashboard', r: '/runs', f: '/flows', p: '/deployments', a: '/artifacts', e: '/assets', v: '/variables', c: '/concurrency-limits', s: '/settings',
  };
  let went = false;
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); open(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select, dialog')) return;
    if (went && places[event.key]) {
      const root = document.body.dataset.root;
      const [path, code] = root.split('?');
      location.href = path + places[event.key] + (code ? `?${code}` : '');
    }
    went = event.key === 'g';
    if (event.key === 'n') nextFailure(1);
    if (event.key === 'N') nextFailure(-1);
    if (event.key === '/') {
      const first = document.querySelector('main input[type=search]');
      if (first) { event.preventDefault(); first.focus(); first.select(); } else { event.preventDefault(); open(); }
    }
  });
  addEventListener('click', (event) => {
    const target = event.target;
    const button = target.closest?.('[data-copy]');
    if (button) copy(button);
    if (target.closest?.('[data-palette]')) open();
    if (target.closest?.('[data-dismiss]')) target.closest('.notice').remove();
    if (target.closest?.('[data-stop]')) stop(target.closest('.notice'));
    if (target.closest?.('[data-next-failure]')) nextFailure(1);
    const menu = document.querySelector('.menu[open]');
    if (menu && !menu.contains(target)) menu.open = false;
  });

  // The notice that takes the place of the one with the next step says how far it came; a step that is under way is broken off.
  const stop = (notice) => {
    notice.querySelector('form').dispatchEvent(new Event('htmx:abort'));
    const words = notice.querySelector('span').textContent.replace(/ so far…$/, ', then it was stopped. Those of the last step may be done, too.');
    const said = document.createElement('div');
    said.className = 'notice warn';
    said.setAttribute('role', 'status');
    const text = document.createElement('span');
    text.textContent = words;
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'icon-btn';
    close.dataset.dismiss = '';
    close.setAttribute('aria-label', 'Close');
    close.textContent = '×';
    said.append(text, close);
    notice.replaceWith(said);
  };

  // Ticking all rows; the buttons know how many are ticked.
  const count = () => {
    for (const node of document.querySelectorAll('[data-ticked]')) {
      const many = document.querySelectorAll('input[name=id]:checked').length;
      set(node, String(many));
    }
    for (const node of document.querySelectorAll('[data-needs-ticks]')) node.disabled = !document.querySelector('input[name=id]:checked');
  };
  addEventListener('change', (event) => {
    if (event.target.matches?.('[data-tick-all]')) {
      for (const box of document.querySelectorAll('input[name=id]')) box.checked = event.target.checked;
    }
    count();
  });
  addEventListener('page:changed', count);
  // A list that comes again, because a filter changed, keeps the ticks of the rows that are still in it.
  let ticked = new Set();
  document.addEventListener('htmx:beforeSwap', () => {
    ticked = new Set([...document.querySelectorAll('input[name=id]:checked')].map((box) => box.value));
  });
  document.addEventListener('htmx:afterSwap', () => {
    for (const box of document.querySelectorAll('input[name=id]')) if (ticked.has(box.value)) box.checked = true;
    count();
  });
  // A field that asks while one types does not ask again when it loses the focus.
  addEventListener('change', (event) => {
    if (event.target.matches?.('[data-typed]')) event.stopPropagation();
  }, true);
  count();
})();
