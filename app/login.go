package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/dinghai/dinghai/access"
	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/domain"
)

// loginFlags say how people reach the bureau and sign in.
type loginFlags struct {
	PublicURL       string        `help:"address people reach the bureau by, e.g. https://bureau.example; passkeys and single sign-on need it" env:"DINGHAI_PUBLIC_URL" placeholder:"URL"`
	TLSCert         string        `name:"tls-cert" help:"certificate for serving TLS" type:"existingfile" env:"DINGHAI_TLS_CERT" placeholder:"FILE"`
	TLSKey          string        `name:"tls-key" help:"its key" type:"existingfile" env:"DINGHAI_TLS_KEY" placeholder:"FILE"`
	Proxy           []string      `help:"reverse proxies in front, as addresses or networks: what they say of the client's address is believed" env:"DINGHAI_PROXY" placeholder:"NET"`
	Idle            time.Duration `help:"an unused session ends after this" default:"30m"`
	PasskeyToDecide bool          `help:"roles that decide count only in sessions opened with a verified passkey" env:"DINGHAI_PASSKEY_TO_DECIDE"`
	OIDCIssuer      string        `name:"oidc-issuer" help:"OpenID Connect provider people may sign in with" env:"DINGHAI_OIDC_ISSUER" placeholder:"URL"`
	OIDCClient      string        `name:"oidc-client" help:"our client id there" env:"DINGHAI_OIDC_CLIENT" placeholder:"ID"`
	OIDCSecret      string        `name:"oidc-secret" help:"and its secret; better given by the environment" env:"DINGHAI_OIDC_SECRET" placeholder:"SECRET"`
	OIDCClaim       string        `name:"oidc-claim" help:"claim that holds the log-in name" default:"preferred_username" env:"DINGHAI_OIDC_CLAIM"`
	OIDCName        string        `name:"oidc-name" help:"what its button says" default:"统一身份认证登录" env:"DINGHAI_OIDC_NAME"`
	ZZDAPI          string        `name:"zzd-api" help:"open platform of Zhezhengding people may sign in with" env:"DINGHAI_ZZD_API" placeholder:"URL"`
	ZZDPage         string        `name:"zzd-page" help:"its log-in page" env:"DINGHAI_ZZD_PAGE" placeholder:"URL"`
	ZZDKey          string        `name:"zzd-key" help:"key of our application there" env:"DINGHAI_ZZD_KEY" placeholder:"KEY"`
	ZZDSecret       string        `name:"zzd-secret" help:"and its secret; better given by the environment" env:"DINGHAI_ZZD_SECRET" placeholder:"SECRET"`
	ZZDAccount      string        `name:"zzd-account" help:"field of its user that holds the log-in name" default:"account" env:"DINGHAI_ZZD_ACCOUNT"`
	NewSetupLink    bool          `help:"print another link for the first administrators"`
}

// newAccess wires log-in over the store.
func (a *App) newAccess() *access.Service {
	h := hmac.New(sha256.New, a.Vault.BlindKey())
	h.Write([]byte("access"))
	return access.New(access.Config{Engine: a.Engine, Store: a.Store, Secret: h.Sum(nil), ScopeOf: a.Engine.ScopeOf})
}

// configure applies the flags to the log-in.
func (f *loginFlags) configure(a *App) error {
	if f.PublicURL != "" {
		if u, err := url.Parse(f.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
			return usage("--public-url: %q is not an address like https://bureau.example", f.PublicURL)
		}
	}
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return usage("--tls-cert and --tls-key go together")
	}
	a.Access.Idle, a.Access.PasskeyToDecide = f.Idle, f.PasskeyToDecide
	return f.providers(a)
}

// providers adds the outside ways to sign in.
func (f *loginFlags) providers(a *App) error {
	if f.OIDCIssuer != "" {
		if f.OIDCClient == "" {
			return usage("--oidc-issuer needs --oidc-client")
		}
		a.Access.AddProvider(&access.OIDC{Issuer: f.OIDCIssuer, ClientID: f.OIDCClient, ClientSecret: f.OIDCSecret, Claim: f.OIDCClaim, Name: domain.Text{ZH: f.OIDCName, EN: "Single sign-on"}})
	}
	if f.ZZDAPI != "" {
		if f.ZZDPage == "" || f.ZZDKey == "" || f.ZZDSecret == "" {
			return usage("--zzd-api needs --zzd-page, --zzd-key and --zzd-secret")
		}
		a.Access.AddProvider(&access.ZZD{API: f.ZZDAPI, Page: f.ZZDPage, AppKey: f.ZZDKey, AppSecret: f.ZZDSecret, Account: f.ZZDAccount})
	}
	return nil
}

// proxies reads the networks of the proxies.
func (f *loginFlags) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, t := range f.Proxy {
		p, err := netip.ParsePrefix(t)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(t); err != nil {
				return nil, usage("--proxy: %q is no address and no network", t)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// base is the address people use: the public one, or this machine's.
func (f *loginFlags) base(l net.Addr) string {
	if f.PublicURL != "" {
		return trimSlash(f.PublicURL)
	}
	_, port, _ := net.SplitHostPort(l.String())
	if f.TLSCert != "" {
		return "https://localhost:" + port
	}
	return "http://localhost:" + port
}

func trimSlash(u string) string {
	if n := len(u); n > 0 && u[n-1] == '/' {
		return u[:n-1]
	}
	return u
}

// welcome prints the link for the first administrators while there are none.
func (f *loginFlags) welcome(ctx context.Context, a *App, base string, out io.Writer) error {
	secret, err := a.Access.SetupLink(ctx, f.NewSetupLink)
	if err != nil || secret == "" {
		return err
	}
	fmt.Fprintf(out, "首次使用：请在24小时内打开此链接设置三名管理员（只显示这一次）\nfirst start: open this link within 24 hours to name the three administrators (shown once)\n%s/setup?key=%s\n", base, secret)
	return nil
}

// passkeys makes them work where a browser offers them; else the pages say why
// they are off.
func (f *loginFlags) passkeys(a *App, base string) {
	if err := a.Access.UsePasskeys(base, a.bureau().ZH); err != nil {
		slog.Warn("passkeys are off", "why", err)
	}
}

type linkCmd struct {
	records
	Login string `arg:"" help:"log-in name of the person"`
	Base  string `name:"public-url" help:"address people reach the bureau by" default:"http://localhost:8080" env:"DINGHAI_PUBLIC_URL" placeholder:"URL"`
}

// Run prints a link by which a person chooses a new password: the only way back
// for an administrator who lost everything. It needs no lease: a link is no
// business fact, and the process that serves finds it.
func (c *linkCmd) Run(ctx context.Context, g *globals, out io.Writer) error {
	a, err := c.open(ctx, g, false)
	if err != nil {
		return err
	}
	defer a.Close()
	secret, err := a.Access.OperatorLink(ctx, c.Login)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s/welcome?key=%s\n", trimSlash(c.Base), secret)
	return nil
}

// told passes what the engine commits to the log-in, which is made after it.
func (a *App) told(events []domain.Event) {
	if a.Access != nil {
		a.Access.Committed(events)
	}
}

// organ finds an authority registered since the catalogue was written.
func (a *App) organ(code string) *catalogue.Organ {
	if a.Access == nil {
		return nil
	}
	return a.Access.Organ(code)
}
