// Forms: what is not asked is hidden, values are found by typing, tables grow,
// what is typed is kept. Without this script every form still works.
'use strict';

(function () {
  // A tick on top ticks the page.
  document.querySelectorAll('[data-all]').forEach(function (all) {
    all.addEventListener('change', function () {
      all.closest('table').querySelectorAll('tbody input[type=checkbox]').forEach(function (c) { c.checked = all.checked; });
    });
  });

  var form = document.getElementById('act') || document.querySelector('form.dh-form');
  if (!form) return;
  var rec = {};
  try { rec = JSON.parse((document.getElementById('rec') || {}).textContent || '{}'); } catch (e) { rec = {}; }

  // --- conditions -------------------------------------------------------
  function typed(name) {
    var els = form.querySelectorAll('[name="' + name + '"]');
    if (!els.length) return '';
    var box = form.querySelector('[data-field="' + name + '"]');
    var type = box ? box.dataset.type : '';
    var many = els.length > 1 && els[0].type === 'checkbox';
    var list = [];
    els.forEach(function (el) {
      if ((el.type === 'radio' || el.type === 'checkbox') && !el.checked) return;
      if (el.value !== '') list.push(el.value);
    });
    if (many || els[0].type === 'checkbox') return list;
    var v = list[0] === undefined ? '' : list[0];
    if (type === 'bool') return v === 'true';
    if (type === 'int' || type === 'number') return Number(v.replace(/,/g, '')) || 0;
    if (type === 'money') return Math.round((Number(v.replace(/,/g, '')) || 0) * 100);
    return v;
  }

  function value(n) {
    var a;
    switch (n.op) {
      case 'lit': return n.lit;
      case 'list': return n.list;
      case 'var':
        var at = n.var.indexOf('.'), name = n.var.slice(at + 1);
        return n.var.slice(0, at) === 'input' ? typed(name) : rec[name];
      case 'attr': return n.map[value(n.args[0])] || '';
      case 'not': return !value(n.args[0]);
      case 'and': return value(n.args[0]) && value(n.args[1]);
      case 'or': return value(n.args[0]) || value(n.args[1]);
      case 'in':
        a = value(n.args[1]);
        return Array.isArray(a) && a.indexOf(value(n.args[0])) >= 0;
    }
    var x = value(n.args[0]), y = value(n.args[1]);
    switch (n.op) {
      case 'eq': return x === y || (x === undefined && (y === '' || y === false));
      case 'ne': return !(x === y || (x === undefined && (y === '' || y === false)));
      case 'gt': return x > y;
      case 'ge': return x >= y;
      case 'lt': return x < y;
      case 'le': return x <= y;
    }
    return true;
  }

  var shown = Array.prototype.filter.call(form.querySelectorAll('[data-show]'), function (el) { return el.dataset.show; })
    .map(function (el) { return { el: el, when: JSON.parse(el.dataset.show) }; });

  function show() {
    shown.forEach(function (s) {
      var on = true;
      try { on = !!value(s.when); } catch (e) { on = true; }
      s.el.hidden = !on;
    });
  }

  // --- searches ---------------------------------------------------------
  function suggest(box) {
    var many = box.dataset.many === '1', name = box.dataset.name, input = box.querySelector('input[type=text]');
    var hidden = null, list = document.createElement('ul'), timer = 0, active = -1, waiting = false, items = [];
    list.className = 'dh-suggest';
    list.id = 's-' + input.id;
    list.setAttribute('role', 'listbox');
    list.hidden = true;
    box.appendChild(list);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-autocomplete', 'list');
    if (!many) {
      hidden = document.createElement('input');
      hidden.type = 'hidden';
      hidden.name = name;
      hidden.value = input.value;
      box.appendChild(hidden);
      if (input.dataset.text) input.value = input.dataset.text;
    }
    input.removeAttribute('name');

    function close() { list.hidden = true; waiting = false; active = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); }

    function choose(it) {
      if (many) {
        var chip = document.createElement('span');
        chip.className = 'dh-chip';
        var h = document.createElement('input');
        h.type = 'hidden'; h.name = name; h.value = it.value;
        var drop = document.createElement('button');
        drop.type = 'button'; drop.dataset.drop = ''; drop.textContent = '×';
        chip.append(h, it.text, drop);
        box.insertBefore(chip, input);
        input.value = '';
      } else {
        hidden.value = it.value;
        input.value = it.text;
      }
      close();
      changed();
    }

    function mark(i) {
      var lis = list.children;
      if (active >= 0 && lis[active]) lis[active].removeAttribute('aria-selected');
      active = (i + lis.length) % lis.length;
      lis[active].setAttribute('aria-selected', 'true');
      input.setAttribute('aria-activedescendant', lis[active].id);
      lis[active].scrollIntoView({ block: 'nearest' });
    }

    function ask() {
      fetch(box.dataset.pick + '?q=' + encodeURIComponent(input.value), { headers: { Accept: 'application/json' } })
        .then(function (r) { return r.ok ? r.json() : []; })
        .then(function (found) {
          waiting = false;
          items = found;
          list.textContent = '';
          found.forEach(function (it, i) {
            var li = document.createElement('li');
            li.setAttribute('role', 'option');
            li.id = list.id + '-' + i;
            var b = document.createElement('span'); b.textContent = it.text;
            var h = document.createElement('small'); h.textContent = it.hint || '';
            li.append(b, h);
            li.addEventListener('mousedown', function (e) { e.preventDefault(); choose(it); });
            list.appendChild(li);
          });
          list.hidden = !found.length;
          active = -1;
          input.setAttribute('aria-expanded', String(!list.hidden));
        }).catch(close);
    }

    input.addEventListener('input', function () {
      if (hidden) hidden.value = input.value;
      clearTimeout(timer);
      waiting = true;
      timer = setTimeout(ask, 150);
    });
    input.addEventListener('focus', function () { if (!input.value) ask(); });
    input.addEventListener('blur', close);
    input.addEventListener('keydown', function (e) {
      if (e.key === 'Enter' && (!list.hidden || waiting)) e.preventDefault(); // while something is offered, enter sends nothing
      if (list.hidden) return;
      if (e.key === 'ArrowDown') { e.preventDefault(); mark(active + 1); }
      if (e.key === 'ArrowUp') { e.preventDefault(); mark(active - 1); }
      if (e.key === 'Enter' && active >= 0) { e.preventDefault(); choose(items[active]); }
      if (e.key === 'Escape') { e.preventDefault(); close(); }
    });
  }

  // --- tables -----------------------------------------------------------
  function growing(button) {
    var table = form.querySelector('[data-rows="' + button.dataset.add + '"]');
    button.hidden = false;
    button.addEventListener('click', function () {
      var rows = table.tBodies[0].rows, last = rows[rows.length - 1], n = Number(last.dataset.row) + 1;
      var copy = last.cloneNode(true), was = '.' + last.dataset.row + '.', now = '.' + n + '.';
      copy.dataset.row = n;
      copy.querySelectorAll('.dh-problem').forEach(function (p) { p.remove(); });
      copy.querySelectorAll('ul.dh-suggest, input[type=hidden]').forEach(function (x) { x.remove(); });
      copy.querySelectorAll('[data-pick]').forEach(function (x) { x.dataset.name = x.dataset.name.replace(was, now); });
      copy.querySelectorAll('[name], [id], [for]').forEach(function (x) {
        ['name', 'id', 'for'].forEach(function (a) { if (x.hasAttribute(a)) x.setAttribute(a, x.getAttribute(a).replace(was, now)); });
        if (x.type === 'radio' || x.type === 'checkbox') x.checked = false; else if ('value' in x && x.tagName !== 'OPTION') x.value = '';
      });
      table.tBodies[0].appendChild(copy);
      copy.querySelectorAll('[data-pick]').forEach(suggest);
      var first = copy.querySelector('input, select, textarea');
      if (first) first.focus();
    });
  }

  // --- drafts -----------------------------------------------------------
  var note = document.createElement('p'), timer = 0, sending = false, dirty = false;
  note.className = 'dh-draftnote';
  note.setAttribute('role', 'status');
  if (form.dataset.draft) form.appendChild(note);

  function keep() {
    if (!form.dataset.draft || sending || !dirty) return;
    var body = new URLSearchParams();
    new FormData(form).forEach(function (v, k) { if (typeof v === 'string' && k !== '_key' && k !== '_seq') body.append(k, v); });
    body.set('_draft', form.dataset.draft);
    dirty = false;
    fetch('/drafts', { method: 'POST', body: body }).then(function (r) {
      return r.text().then(function (t) { note.textContent = t; note.classList.toggle('dh-problem', !r.ok); if (!r.ok) dirty = true; });
    }).catch(function () { dirty = true; note.textContent = form.dataset.offline || ''; note.classList.add('dh-problem'); });
  }

  function changed() {
    show();
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 1500);
  }

  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', function (e) {
    if (sending) { e.preventDefault(); return; }
    sending = true;
    setTimeout(function () { sending = false; }, 8000);
  });
  window.addEventListener('online', keep);
  window.addEventListener('pageshow', function () { sending = false; });
  form.addEventListener('click', function (e) {
    if (e.target.dataset && 'drop' in e.target.dataset && e.target.type === 'button') { e.target.closest('.dh-chip').remove(); changed(); }
  });

  form.querySelectorAll('[data-pick]').forEach(suggest);
  form.querySelectorAll('[data-add]').forEach(growing);
  show();
  var wrong = document.getElementById('problems');
  if (wrong) wrong.focus();
})();
