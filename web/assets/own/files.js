// Files: sent in pieces that go on after a lost connection, photographs made
// smaller first, signatures drawn, places filled in. Without this script files
// go with the form.
'use strict';

(function () {
  var PIECE = 256 << 10, MOST = 50 << 20, SIDE = 2000, WAITS = [1000, 2000, 5000, 10000, 20000];
  var busy = 0;

  function fill(text, p) { return text.replace('{p}', p); }

  function changed(el) { el.dispatchEvent(new Event('change', { bubbles: true })); }

  // later waits, or less should the network come back.
  function later(ms) {
    return new Promise(function (go) {
      var t = setTimeout(done, ms);
      function done() { clearTimeout(t); window.removeEventListener('online', done); go(); }
      window.addEventListener('online', done);
    });
  }

  function digest(blob) {
    if (!window.crypto || !crypto.subtle || !blob.arrayBuffer) return Promise.resolve('');
    return blob.arrayBuffer().then(function (b) { return crypto.subtle.digest('SHA-256', b); }).then(function (d) {
      return Array.prototype.map.call(new Uint8Array(d), function (x) { return ('0' + x.toString(16)).slice(-2); }).join('');
    }).catch(function () { return ''; });
  }

  // smaller makes a photograph at most SIDE pixels long. What cannot be read
  // is sent as it is.
  function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (img) {
      var k = Math.min(1, SIDE / Math.max(img.width, img.height));
      if (k === 1 && file.size < 1 << 20) return file;
      var c = document.createElement('canvas');
      c.width = Math.round(img.width * k); c.height = Math.round(img.height * k);
      c.getContext('2d').drawImage(img, 0, 0, c.width, c.height);
      return new Promise(function (go) {
        c.toBlob(function (b) {
          if (!b || b.size >= file.size) { go(file); return; }
          b.name = file.name.replace(/\.[^.]*$/, '') + '.jpg';
          go(b);
        }, 'image/jpeg', 0.85);
      });
    }).catch(function () { return file; });
  }

  function problem(r) {
    return r.json().catch(function () { return {}; }).then(function (j) {
      var e = new Error(j.problem || '');
      e.final = r.status !== 409 && r.status !== 429 && r.status < 500;
      e.told = j.problem || '';
      throw e;
    });
  }

  // send uploads a blob and tells how far it is; a broken connection is tried
  // again from where the server says it stopped.
  function send(blob, name, told) {
    var id = '', offset = 0, failed = 0;

    function begin() {
      return digest(blob).then(function (sum) {
        return fetch('/files', { method: 'POST', body: new URLSearchParams({ name: name, size: blob.size, sum: sum }) });
      }).then(function (r) { return r.ok ? r.json() : problem(r); }).then(function (j) { id = j.id; });
    }

    function ask() {
      return fetch('/files/' + id, { method: 'HEAD' }).then(function (r) {
        if (!r.ok) return problem(r);
        offset = Number(r.headers.get('Upload-Offset'));
      });
    }

    function piece() {
      return fetch('/files/' + id, { method: 'PATCH', headers: { 'Upload-Offset': offset, 'Content-Type': 'application/octet-stream' }, body: blob.slice(offset, offset + PIECE) })
        .then(function (r) {
          if (!r.ok) return problem(r);
          failed = 0;
          offset = Number(r.headers.get('Upload-Offset'));
          told(Math.floor(offset * 100 / blob.size), false);
          return r.status === 200 ? r.json() : piece();
        });
    }

    function run() {
      return (id ? ask() : begin()).then(piece).catch(function (e) {
        if (e.final || (e.told && failed >= WAITS.length)) throw e;
        told(Math.floor(offset * 100 / blob.size), true);
        return later(WAITS[Math.min(failed++, WAITS.length - 1)]).then(run);
      });
    }
    return run();
  }

  function files(box) {
    var words = JSON.parse(box.dataset.words || '{}'), name = box.dataset.name, many = 'many' in box.dataset;
    var input = box.querySelector('input[type=file]');

    function chip() {
      var c = document.createElement('span'), text = document.createElement('span'), drop = document.createElement('button');
      c.className = 'dh-chip';
      text.setAttribute('role', 'status');
      drop.type = 'button'; drop.dataset.drop = ''; drop.textContent = '×';
      drop.setAttribute('aria-label', words.drop);
      c.append(text, drop);
      if (!many) box.querySelectorAll('.dh-chip').forEach(function (x) { x.remove(); });
      box.querySelectorAll('.dh-problem').forEach(function (x) { x.remove(); });
      box.insertBefore(c, box.querySelector('input[type=file], canvas'));
      return { el: c, text: text };
    }

    function refuse(c, label, text) {
      c.el.remove();
      var p = document.createElement('p');
      p.className = 'dh-problem';
      p.setAttribute('role', 'alert');
      p.textContent = (label ? '「' + label + '」' : '') + (text || words.failed);
      box.insertBefore(p, box.firstChild);
    }

    function add(file) {
      var c = chip(), label = file.name || '';
      busy++;
      c.text.textContent = label + ' ' + fill(words.sending, 0);
      return smaller(file).then(function (blob) {
        if (blob.size > MOST) throw Object.assign(new Error(), { told: words.large });
        return send(blob, blob.name || label, function (p, lost) {
          c.text.textContent = label + ' ' + (lost ? words.lost : fill(words.sending, p));
        });
      }).then(function (j) {
        var h = document.createElement('input');
        h.type = 'hidden'; h.name = name; h.value = j.value;
        c.text.textContent = j.name + ' ' + j.size;
        c.el.append(h);
        if (c.el.isConnected) changed(h);
      }).catch(function (e) { refuse(c, label, e.told); }).then(function () { busy--; });
    }

    box.addEventListener('click', function (e) { // also where the form's own script does not look
      if (e.target.type === 'button' && 'drop' in e.target.dataset) e.target.closest('.dh-chip').remove();
    });
    if (box.dataset.files === 'signature') {
      sign(box, words, function (blob) { blob.name = 'signature.png'; add(blob); });
    } // who cannot draw chooses a picture
    input.removeAttribute('name'); // sent here, not with the form
    input.addEventListener('change', function (e) {
      e.stopPropagation();
      Array.prototype.forEach.call(input.files, add);
      input.value = '';
    });
  }

  function sign(box, words, use) {
    var c = box.querySelector('canvas'), g = c.getContext('2d'), drawn = false, on = false;
    c.hidden = false;
    g.lineWidth = 3; g.lineCap = 'round'; g.lineJoin = 'round';
    function at(e) { var r = c.getBoundingClientRect(); return [(e.clientX - r.left) * c.width / r.width, (e.clientY - r.top) * c.height / r.height]; }
    c.addEventListener('pointerdown', function (e) { on = true; c.setPointerCapture(e.pointerId); g.beginPath(); g.moveTo.apply(g, at(e)); });
    c.addEventListener('pointermove', function (e) { if (on) { drawn = true; g.lineTo.apply(g, at(e)); g.stroke(); } });
    c.addEventListener('pointerup', function () { on = false; });
    var bar = document.createElement('div'), ok = document.createElement('button'), again = document.createElement('button');
    bar.className = 'dh-buttons';
    ok.type = again.type = 'button'; ok.className = again.className = 'btn btn-sm';
    ok.textContent = words.sign; again.textContent = words.clear;
    function clear() { g.clearRect(0, 0, c.width, c.height); drawn = false; }
    ok.addEventListener('click', function () { if (drawn) c.toBlob(function (b) { use(b); clear(); }, 'image/png'); });
    again.addEventListener('click', clear);
    bar.append(ok, again);
    c.after(bar);
  }

  function place(box) {
    if (!navigator.geolocation) return;
    var b = document.createElement('button'), input = box.querySelector('input');
    b.type = 'button'; b.className = 'btn'; b.textContent = box.dataset.location;
    b.addEventListener('click', function () {
      b.disabled = true;
      navigator.geolocation.getCurrentPosition(function (p) {
        b.disabled = false;
        input.value = p.coords.latitude.toFixed(6) + ',' + p.coords.longitude.toFixed(6);
        changed(input);
      }, function () { b.disabled = false; b.textContent = box.dataset.failed; }, { enableHighAccuracy: true, timeout: 15000 });
    });
    box.append(b);
  }

  document.querySelectorAll('[data-files]').forEach(files);
  document.querySelectorAll('[data-location]').forEach(place);
  document.addEventListener('submit', function (e) {
    var box = busy && e.target.querySelector('[data-files]');
    if (!box) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (box.querySelector('.dh-problem')) return;
    var p = document.createElement('p');
    p.className = 'dh-problem';
    p.setAttribute('role', 'alert');
    p.textContent = JSON.parse(box.dataset.words).wait;
    box.insertBefore(p, box.firstChild);
  }, true);
})();
