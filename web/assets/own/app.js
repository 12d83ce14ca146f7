// Small helps for the keyboard; every page works without them.
'use strict';

(function () {
  function typing(e) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.ctrlKey || e.metaKey || e.altKey;
  }

  // j and k go through the rows of the first list, enter opens.
  function step(by) {
    var links = Array.prototype.slice.call(document.querySelectorAll('main .dh-rows td.dh-lead a'));
    if (!links.length) return;
    var at = links.indexOf(document.activeElement) + by;
    links[Math.max(0, Math.min(links.length - 1, at))].focus();
  }

  document.addEventListener('keydown', function (e) {
    if (typing(e)) return;
    if (e.key === '/') {
      var box = document.querySelector('main #q') || document.getElementById('find');
      if (box) { e.preventDefault(); box.focus(); box.select(); }
    }
    if (e.key === 'j') step(1);
    if (e.key === 'k') step(-1);
  });

  // A drawing wider than its frame begins in the middle, where the first state is.
  document.querySelectorAll('.dh-machine').forEach(function (d) { d.scrollLeft = (d.scrollWidth - d.clientWidth) / 2; });

  // An open menu closes on a click elsewhere or on escape.
  document.addEventListener('click', function (e) {
    document.querySelectorAll('details.dh-menu[open]').forEach(function (d) {
      if (!d.contains(e.target)) d.removeAttribute('open');
    });
  });
  document.addEventListener('keydown', function (e) {
    if (e.key === 'Escape') document.querySelectorAll('details.dh-menu[open]').forEach(function (d) { d.removeAttribute('open'); });
  });

  // A link to something folded away unfolds it.
  function unfold() {
    var id = decodeURIComponent(location.hash.slice(1));
    var el = id && document.getElementById(id);
    if (!el) return;
    var d = el.matches('details') ? el : el.querySelector('details.dh-why');
    if (d) d.open = true;
    el.scrollIntoView();
  }
  window.addEventListener('hashchange', unfold);
  unfold();
})();
