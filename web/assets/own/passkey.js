// Passkeys: the browser's part of a sign-in or a registration. Without this
// script the forms stay hidden and passwords do.
'use strict';

(function () {
  var boxes = document.querySelectorAll('[data-passkey]');
  if (!boxes.length) return;

  function bytes(text) {
    var s = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(s, function (c) { return c.charCodeAt(0); });
  }

  function text(buffer) {
    var s = '';
    new Uint8Array(buffer).forEach(function (b) { s += String.fromCharCode(b); });
    return btoa(s).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  // The options of the server with bytes where the browser wants bytes.
  function ready(o) {
    o = o.publicKey;
    o.challenge = bytes(o.challenge);
    if (o.user) o.user.id = bytes(o.user.id);
    ['excludeCredentials', 'allowCredentials'].forEach(function (list) {
      (o[list] || []).forEach(function (c) { c.id = bytes(c.id); });
    });
    return { publicKey: o };
  }

  function answer(c) {
    var r = c.response, out = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      out.attestationObject = text(r.attestationObject);
      out.transports = r.getTransports ? r.getTransports() : [];
    } else {
      out.authenticatorData = text(r.authenticatorData);
      out.signature = text(r.signature);
      if (r.userHandle) out.userHandle = text(r.userHandle);
    }
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment || undefined,
      clientExtensionResults: c.getClientExtensionResults(), response: out });
  }

  function post(to, body, type) {
    return fetch(to, { method: 'POST', headers: { 'Content-Type': type }, body: body, credentials: 'same-origin' }).then(function (res) {
      return res.json().then(function (a) {
        if (!res.ok) throw { said: a.error, field: a.field };
        return a;
      });
    });
  }

  function start(box) {
    var adding = box.dataset.passkey === 'add';
    var button = box.querySelector('[data-passkey-go]'), error = box.querySelector('[data-passkey-error]');
    var words = box.querySelector('[data-passkey-words]').dataset;
    var password = box.querySelector('[data-passkey-password]');

    function say(t) { error.textContent = t; error.hidden = !t; }

    function failed(e) {
      button.disabled = false;
      if (e.field === 'password' && password) { password.hidden = false; password.querySelector('input').focus(); }
      say(e.said || { NotAllowedError: words.cancelled, InvalidStateError: words.known, NotSupportedError: words.unsupported }[e.name] || words.failed);
    }

    button.addEventListener('click', function () {
      button.disabled = true;
      say('');
      var form = new URLSearchParams();
      if (password) form.set('password', password.querySelector('input').value);
      post(adding ? '/account/passkeys/begin' : '/login/passkey/begin', form.toString(), 'application/x-www-form-urlencoded').then(function (a) {
        return adding ? navigator.credentials.create(ready(a.options)) : navigator.credentials.get(ready(a.options));
      }).then(function (c) {
        var to = adding ? '/account/passkeys?name=' + encodeURIComponent(box.querySelector('#passkey-name').value) : '/login/passkey?next=' + encodeURIComponent(box.dataset.next || '');
        return post(to, answer(c), 'application/json');
      }).then(function (a) {
        if (a.to.split('#')[0] === location.pathname + location.search) location.reload();
        else location.assign(a.to);
      }).catch(failed);
    });
    box.hidden = false;
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  boxes.forEach(start);
})();
