// Before anything is drawn: the theme that the viewer chose, or else the system's.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const set = () => {
    let chosen = null;
    try { chosen = localStorage.getItem('theme'); } catch { /* Storage may be shut off. */ }
    document.documentElement.dataset.theme = chosen ?? (dark.matches ? 'dark' : 'light');
  };
  set();
  dark.addEventListener('change', set);
  addEventListener('click', (event) => {
    if (!event.target.closest?.('[data-theme-switch]')) return;
    const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    try { localStorage.setItem('theme', next); } catch { /* Then it holds for this page. */ }
    document.documentElement.dataset.theme = next;
  });
})();
