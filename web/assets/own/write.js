// Figures in a text one writes are shown as values that cannot be typed over.
// The text itself stays in its box, with marks; without this script one writes
// there.
'use strict';

(function () {
  var box = document.querySelector('textarea.dh-writebox'), look = document.getElementById('look');
  if (!box || !look) return;
  var rich = document.createElement('div');
  try { rich.contentEditable = 'plaintext-only'; } catch (e) { return; } // an older browser keeps the box
  rich.className = 'form-control dh-writerich';
  rich.tabIndex = 0;
  rich.setAttribute('role', 'textbox');
  rich.setAttribute('aria-multiline', 'true');
  rich.setAttribute('aria-describedby', 'body-help');
  rich.setAttribute('aria-label', document.querySelector('label[for=body]').textContent);
  var MARK = /(\{\{[^{}]*\}\})/;

  // values reads what each mark stands for from the preview.
  function values() {
    var out = {};
    look.querySelectorAll('[data-mark]').forEach(function (el) { if (el.dataset.mark) out[el.dataset.mark] = el.textContent; });
    return out;
  }

  function chip(mark, value) {
    var c = document.createElement('span');
    c.className = 'dh-locked';
    c.contentEditable = 'false';
    c.dataset.mark = mark;
    c.title = box.dataset.locked;
    tell(c, value);
    return c;
  }

  function tell(c, value) {
    var known = value !== undefined && value !== '';
    c.textContent = known ? value : c.dataset.mark;
    c.classList.toggle('dh-wrong', !known);
  }

  function parts(text, known) {
    return text.split(MARK).filter(function (t) { return t !== ''; }).map(function (t) {
      return MARK.test(t) && t !== '{{?}}' ? chip(t, known[t]) : document.createTextNode(t);
    });
  }

  function show() {
    rich.replaceChildren.apply(rich, parts(box.value, values()));
    rich.append(document.createElement('br')); // a last line one can stand on
  }

  function textOf(node) {
    var s = '';
    node.childNodes.forEach(function (n) {
      if (n.nodeType === 3) s += n.data;
      else if (n.dataset && n.dataset.mark) s += n.dataset.mark;
      else if (n.tagName === 'BR') s += n === rich.lastChild ? '' : '\n';
      else s += (s && !s.endsWith('\n') && n.tagName === 'DIV' ? '\n' : '') + textOf(n);
    });
    return s;
  }

  function keep() {
    box.value = textOf(rich).replace(/\u00a0/g, ' ');
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }

  // at is where a figure goes: the cursor, or the end.
  // The browser tells of a moved cursor late, so typing and leaving look too.
  var last = null;
  function remember() {
    var s = document.getSelection();
    if (s.rangeCount && rich.contains(s.anchorNode)) last = s.getRangeAt(0).cloneRange();
  }
  document.addEventListener('selectionchange', remember);
  rich.addEventListener('focusout', remember);

  function insert(mark, value) {
    var c = chip(mark, value), s = document.getSelection();
    if (last && rich.contains(last.startContainer)) {
      last.deleteContents();
      last.insertNode(c);
    } else {
      rich.insertBefore(c, rich.lastChild);
    }
    rich.focus();
    var r = document.createRange();
    r.setStartAfter(c);
    s.removeAllRanges();
    s.addRange(r);
    keep();
  }

  rich.addEventListener('input', function () { remember(); keep(); });
  rich.addEventListener('paste', function (e) { // text that brings marks along shows them locked
    var t = e.clipboardData && e.clipboardData.getData('text/plain');
    if (t && MARK.test(t)) setTimeout(function () { keep(); show(); }, 0);
  });
  rich.addEventListener('copy', function (e) {
    var s = document.getSelection();
    if (!s.rangeCount) return;
    var d = document.createElement('div');
    d.append(s.getRangeAt(0).cloneContents());
    e.clipboardData.setData('text/plain', textOf(d));
    e.preventDefault();
  });
  document.addEventListener('click', function (e) {
    var b = e.target.closest && e.target.closest('[data-insert]');
    if (!b) return;
    e.preventDefault();
    insert(b.value, b.dataset.insert);
  });
  document.getElementById('q').addEventListener('keydown', function (e) {
    if (e.key === 'Enter') e.preventDefault(); // the search runs as one types
  });
  document.addEventListener('htmx:afterSwap', function (e) {
    if (e.target !== look) return;
    var known = values();
    rich.querySelectorAll('[data-mark]').forEach(function (c) { tell(c, known[c.dataset.mark]); });
  });

  var help = document.getElementById('body-help');
  help.textContent = help.dataset.plain;
  box.hidden = true;
  box.after(rich);
  show();
  document.querySelectorAll('button[name=op][value=look]').forEach(function (b) { b.hidden = true; });
})();
