package access

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/clock"
)

// ZZD is the sign-in of 浙政钉, the government edition of DingTalk. The browser
// brings a code; the bureau asks the open platform for an application token and
// with it who the code belongs to. Every call is signed: HMAC-SHA256 under the
// application's secret over method, time, nonce, path and sorted parameters.
type ZZD struct {
	API       string // open platform, e.g. https://openplatform-pro.ding.zj.gov.cn
	Page      string // log-in page, e.g. https://login-pro.ding.zj.gov.cn/oauth2/auth.htm
	AppKey    string
	AppSecret string
	Account   string // field of the user that holds the log-in name; "" = account
	Client    *http.Client
	Now       func() time.Time

	mu    sync.Mutex
	token string
	until time.Time
}

// Key is zzd.
func (z *ZZD) Key() string { return "zzd" }

// Label names it.
func (z *ZZD) Label() domain.Text {
	return domain.Text{ZH: "浙政钉扫码登录", EN: "Sign in with Zhezhengding"}
}

// Begin gives the page with the code to scan.
func (z *ZZD) Begin(_ context.Context, back string, f *Flow) (string, error) {
	u, err := url.Parse(z.Page)
	if err != nil {
		return "", err
	}
	q := u.Query()
	for k, v := range map[string]string{"response_type": "code", "client_id": z.AppKey, "redirect_uri": back, "scope": "get_user_info", "authType": "QRCODE", "state": f.State} {
		q.Set(k, v)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Finish asks who the code belongs to.
func (z *ZZD) Finish(ctx context.Context, _ string, _ *Flow, answer url.Values) (*Profile, error) {
	token, err := z.appToken(ctx)
	if err != nil {
		return nil, err
	}
	var user map[string]any
	if err := z.call(ctx, "/rpc/oauth2/getuserinfo_bycode.json", url.Values{"access_token": {token}, "code": {answer.Get("code")}}, &user); err != nil {
		return nil, err
	}
	field := z.Account
	if field == "" {
		field = "account"
	}
	who := &Profile{Issuer: z.API, Subject: word(user["accountId"]), Login: word(user[field])}
	if who.Subject == "" {
		return nil, errors.New("zzd: the answer names nobody")
	}
	return who, nil
}

// word reads a value that some versions send as a number.
func word(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}

// appToken gets the application's token and keeps it until shortly before its
// end.
func (z *ZZD) appToken(ctx context.Context) (string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	now := z.now()
	if z.token != "" && now.Before(z.until) {
		return z.token, nil
	}
	var t struct {
		AccessToken string `json:"accessToken"`
		ExpiresIn   int    `json:"expiresIn"`
	}
	if err := z.call(ctx, "/gettoken.json", url.Values{"appkey": {z.AppKey}, "appsecret": {z.AppSecret}}, &t); err != nil {
		return "", err
	}
	if t.AccessToken == "" {
		return "", errors.New("zzd: no token")
	}
	z.token, z.until = t.AccessToken, now.Add(time.Duration(t.ExpiresIn)*time.Second*9/10)
	return z.token, nil
}

func (z *ZZD) now() time.Time {
	if z.Now != nil {
		return z.Now()
	}
	return time.Now()
}

// maxAnswer bounds what the platform may answer.
const maxAnswer = 1 << 20

// call posts signed parameters and decodes content.data of the answer.
func (z *ZZD) call(ctx context.Context, path string, params url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(z.API, "/")+path, strings.NewReader(params.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	z.sign(req, path, params)
	client := z.Client
	if client == nil {
		client = &http.Client{Timeout: 10 * time.Second}
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var a struct {
		Success bool   `json:"success"`
		Message string `json:"Message"`
		Content struct {
			Success bool            `json:"success"`
			Message string          `json:"responseMessage"`
			Data    json.RawMessage `json:"data"`
		} `json:"content"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&a); err != nil {
		return fmt.Errorf("zzd: %s: %s: %w", path, res.Status, err)
	}
	if res.StatusCode != http.StatusOK || !a.Success || !a.Content.Success {
		return fmt.Errorf("zzd: %s: %s: %s", path, res.Status, plain(a.Message+a.Content.Message, 200))
	}
	dec := json.NewDecoder(strings.NewReader(string(a.Content.Data)))
	dec.UseNumber()
	return dec.Decode(into)
}

// sign adds the signature of a request to its headers.
func (z *ZZD) sign(req *http.Request, path string, params url.Values) {
	now := z.now()
	n, _ := rand.Int(rand.Reader, big.NewInt(10_000)) // never fails
	at, nonce := now.In(clock.Zone).Format("2006-01-02T15:04:05.000-07:00"), fmt.Sprintf("%d%04d", now.UnixMilli(), n)
	h := req.Header
	h.Set("X-Hmac-Auth-Timestamp", at)
	h.Set("X-Hmac-Auth-Version", "1.0")
	h.Set("X-Hmac-Auth-Nonce", nonce)
	h.Set("apiKey", z.AppKey)
	h.Set("X-Hmac-Auth-Signature", zzdSignature(z.AppSecret, req.Method, at, nonce, path, params))
}

// zzdSignature is base64(HMAC-SHA256(secret, method ⏎ time ⏎ nonce ⏎ path ⏎
// a=1&b=2)), parameters sorted by name and then by value, unescaped.
func zzdSignature(secret, method, at, nonce, path string, params url.Values) string {
	var pairs []string
	for k, list := range params {
		for _, v := range list {
			pairs = append(pairs, k+"="+v)
		}
	}
	slices.Sort(pairs)
	text := strings.Join([]string{method, at, nonce, path}, "\n")
	if len(pairs) > 0 {
		text += "\n" + strings.Join(pairs, "&")
	}
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}
