package access_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/go-webauthn/webauthn/protocol"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/domain"
)

// The flags of authenticator data, WebAuthn §6.1.
const (
	present        = 0x01
	verified       = 0x04
	backupEligible = 0x08
	backedUp       = 0x10
	attested       = 0x40
)

// device is an authenticator in software: it says whatever a test wants it to.
type device struct {
	id      []byte
	key     *ecdsa.PrivateKey
	handle  string
	flags   byte
	count   uint32
	origin  string
	rpID    string
	typ     string // of the client data; "" = what fits
	foreign bool   // says it was framed by another origin
}

const origin = "https://bureau.example"

func newDevice(t *testing.T, flags byte) *device {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &device{id: make([]byte, 16), key: k, flags: flags, origin: origin, rpID: "bureau.example"}
	_, _ = rand.Read(d.id)
	return d
}

var b64 = base64.RawURLEncoding

func (d *device) client(typ, challenge string) []byte {
	if d.typ != "" {
		typ = d.typ
	}
	b, _ := json.Marshal(map[string]any{"type": typ, "challenge": challenge, "origin": d.origin, "crossOrigin": d.foreign})
	return b
}

func (d *device) data(flags byte) []byte {
	sum := sha256.Sum256([]byte(d.rpID))
	return binary.BigEndian.AppendUint32(append(sum[:], flags), d.count)
}

// create answers a registration: attestation none, key ES256 (COSE, RFC 9053).
func (d *device) create(t *testing.T, options any) []byte {
	t.Helper()
	o := options.(*protocol.CredentialCreation).Response
	d.handle = string(o.User.ID.(protocol.URLEncodedBase64))
	pub, err := d.key.PublicKey.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	point := pub.Bytes() // 4 || x || y
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	data := append(d.data(d.flags|attested), make([]byte, 16)...) // AAGUID
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(d.id))), d.id...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": append(data, cose...)})
	if err != nil {
		t.Fatal(err)
	}
	return d.credential(map[string]any{"clientDataJSON": b64.EncodeToString(d.client("webauthn.create", o.Challenge.String())), "attestationObject": b64.EncodeToString(object)})
}

func (d *device) credential(response map[string]any) []byte {
	b, _ := json.Marshal(map[string]any{"id": b64.EncodeToString(d.id), "rawId": b64.EncodeToString(d.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	return b
}

// get answers a sign-in.
func (d *device) get(t *testing.T, options any) []byte {
	t.Helper()
	d.count++
	client := d.client("webauthn.get", options.(*protocol.CredentialAssertion).Response.Challenge.String())
	data, sum := d.data(d.flags), sha256.Sum256(client)
	hash := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, d.key, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	return d.credential(map[string]any{"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(sig), "userHandle": b64.EncodeToString([]byte(d.handle))})
}

// keyed is a bureau with somebody who registered a device.
func keyed(t *testing.T, flags byte) (*bureau, *device, domain.Ref) {
	t.Helper()
	b := open(t, nil)
	if err := b.UsePasskeys(origin, "市局"); err != nil {
		t.Fatal(err)
	}
	p := b.wang()
	d := newDevice(t, flags)
	if err := b.register(p, d); err != nil {
		t.Fatal(err)
	}
	return b, d, p
}

func (b *bureau) register(p domain.Ref, d *device) error {
	b.t.Helper()
	c := here
	c.Token = b.signIn("wangming", good, here).Token
	options, flow, err := b.BeginAdd(b.t.Context(), p, "", c)
	if err != nil {
		return err
	}
	_, err = b.Add(b.t.Context(), p, flow, "试用", d.create(b.t, options), c)
	return err
}

func (b *bureau) use(d *device) (*access.Opened, error) {
	b.t.Helper()
	options, flow, err := b.BeginPasskey(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return b.SignInPasskey(b.t.Context(), flow, d.get(b.t, options), here)
}

func rule(err error) string {
	var d *domain.Error
	if errors.As(err, &d) && len(d.Problems) > 0 {
		return d.Problems[0].Rule
	}
	return ""
}

func TestPasskeySignIn(t *testing.T) {
	b, d, p := keyed(t, present|verified)
	o, err := b.use(d)
	if err != nil || o.Person != p || !o.Strong || !b.viewer(o.Token).Strong {
		t.Fatalf("%+v %v", o, err)
	}
	keys, err := b.KeysOf(t.Context(), p)
	if err != nil || len(keys) != 1 || keys[0].Used.IsZero() || !keys[0].Verifies || keys[0].Synced {
		t.Fatalf("%+v %v", keys, err)
	}
	d.flags = present
	if o, err := b.use(d); err != nil || o.Strong {
		t.Errorf("a touch alone: %+v %v", o, err)
	}
	b.grant(p, "bureau_head", "330902", nil)
	if _, err := b.use(d); rule(err) != "user_verification" {
		t.Errorf("UV=0 with a role that decides: %v", err)
	}
	d.flags |= verified
	if o, err := b.use(d); err != nil || !o.Strong {
		t.Errorf("UV=1 with a role that decides: %v", err)
	}
	if err := b.DropKey(t.Context(), p, keys[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.use(d); rule(err) != "failed" {
		t.Errorf("a removed key: %v", err)
	}
}

// TestPasskeyRefusals: everything a device or a page in between can get wrong.
func TestPasskeyRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		registered byte
		change     func(*device)
		want       string
	}{
		"backup eligible now":     {present | verified, func(d *device) { d.flags |= backupEligible }, "backup_eligible"},
		"backup eligible no more": {present | verified | backupEligible, func(d *device) { d.flags &^= backupEligible }, "backup_eligible"},
		"backed up since":         {present | verified | backupEligible, func(d *device) { d.flags |= backedUp }, ""},
		"backed up, not eligible": {present | verified, func(d *device) { d.flags |= backedUp }, "failed"},
		"counter back":            {present | verified, func(d *device) { d.count = 3 }, "counter"},
		"counter still":           {present | verified, func(d *device) { d.count = 9 }, "counter"},
		"nobody there":            {present | verified, func(d *device) { d.flags = verified }, "failed"},
		"another origin":          {present | verified, func(d *device) { d.origin = "https://bureau.example.evil" }, "failed"},
		"plain origin":            {present | verified, func(d *device) { d.origin = "http://bureau.example" }, "failed"},
		"framed elsewhere":        {present | verified, func(d *device) { d.foreign = true }, "failed"},
		"another party":           {present | verified, func(d *device) { d.rpID = "evil.example" }, "failed"},
		"a registration":          {present | verified, func(d *device) { d.typ = "webauthn.create" }, "failed"},
		"another key":             {present | verified, func(d *device) { d.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }, "failed"},
		"another's handle":        {present | verified, func(d *device) { d.handle = "330900-00000000-0000-7000-8000-000000000000" }, "failed"},
		"no handle":               {present | verified, func(d *device) { d.handle = "" }, "failed"},
	} {
		b, d, _ := keyed(t, c.registered)
		d.count = 9
		if _, err := b.use(d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		c.change(d)
		if d.count == 9 {
			d.count-- // get counts up
		}
		_, err := b.use(d)
		if rule(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestPasskeyFlows: an answer works once, for the challenge it was made for.
func TestPasskeyFlows(t *testing.T) {
	b, d, p := keyed(t, present|verified)
	options, flow, err := b.BeginPasskey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	answer := d.get(t, options)
	if _, err := b.SignInPasskey(t.Context(), flow, answer, here); err != nil {
		t.Fatal(err)
	}
	if _, err := b.SignInPasskey(t.Context(), flow, answer, here); rule(err) != "failed" {
		t.Errorf("the same answer again: %v", err)
	}
	_, other, _ := b.BeginPasskey(t.Context())
	if _, err := b.SignInPasskey(t.Context(), other, answer, here); rule(err) != "failed" {
		t.Errorf("the answer to another challenge: %v", err)
	}
	options, flow, _ = b.BeginPasskey(t.Context())
	b.pass(11 * 60e9)
	if _, err := b.SignInPasskey(t.Context(), flow, d.get(t, options), here); rule(err) != "failed" {
		t.Errorf("after its time: %v", err)
	}
	for _, bad := range []string{"", "{}", "null", `{"id":"x"}`, `{"response":{"clientDataJSON":"AA"}}`} {
		_, flow, _ := b.BeginPasskey(t.Context())
		if _, err := b.SignInPasskey(t.Context(), flow, []byte(bad), here); rule(err) != "failed" {
			t.Errorf("%q: %v", bad, err)
		}
	}

	// Registrations are bound to the person who began them, and to a session
	// that just began or the password.
	z := b.enrol("张敏", "0008", "zhangmin")
	b.password(z, good+"二")
	c := here
	c.Token = b.signIn("wangming", good, here).Token
	options, flow, err = b.BeginAdd(t.Context(), p, "", c)
	if err != nil {
		t.Fatal(err)
	}
	fresh := newDevice(t, present|verified)
	if _, err := b.Add(t.Context(), z, flow, "x", fresh.create(t, options), c); rule(err) != "failed" {
		t.Errorf("another's registration: %v", err)
	}
	b.pass(11 * 60e9)
	if _, _, err := b.BeginAdd(t.Context(), p, "", c); rule(err) != "reauth" {
		t.Errorf("an old session without the password: %v", err)
	}
	if _, _, err := b.BeginAdd(t.Context(), p, "guessed", c); rule(err) != "wrong" {
		t.Errorf("a wrong password: %v", err)
	}
	if _, _, err := b.BeginAdd(t.Context(), p, good, c); err != nil {
		t.Errorf("the password: %v", err)
	}
}

// TestDeciderMustRegisterVerified: no key without verification for a role that
// decides.
func TestDeciderMustRegisterVerified(t *testing.T) {
	b := open(t, nil)
	if err := b.UsePasskeys(origin, "市局"); err != nil {
		t.Fatal(err)
	}
	p := b.wang()
	b.grant(p, "case_head", "330902", nil)
	if err := b.register(p, newDevice(t, present)); rule(err) != "failed" {
		t.Errorf("registered without verification: %v", err)
	}
	if err := b.register(p, newDevice(t, present|verified)); err != nil {
		t.Error(err)
	}
}

func TestUsePasskeys(t *testing.T) {
	b := open(t, nil)
	for base, ok := range map[string]bool{"https://bureau.example": true, "https://bureau.example:8443": true, "http://localhost:8080": true, "https://localhost": true,
		"http://bureau.example": false, "https://10.0.0.1": false, "http://127.0.0.1:8080": false, "bureau": false, "": false} {
		if err := b.UsePasskeys(base, "市局"); (err == nil) != ok {
			t.Errorf("%s: %v", base, err)
		}
	}
}
