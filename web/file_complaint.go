package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/mail"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/web/form"
	"github.com/dinghai/dinghai/web/view"
)

// The public road of complaints and reports: who, what happened, who you are.
// Answers travel in the form itself, so that it works without script and keeps
// nothing on the server until it is sent.
const (
	complaintKind = "complaint.complaint"
	reportKind    = "complaint.report"
	lastStep      = 3
	anybody       = "public" // the actor who files over the internet
)

// public is who files over the internet.
func (s *server) public() domain.Actor {
	return domain.Actor{ID: anybody, Grants: []domain.Grant{{Role: "citizen"}}}
}

// complainStart is the first page: what it is for and who it is about.
func (s *server) complainStart(r *request) (templ.Component, error) {
	return s.complainStep(r, 1, url.Values{}, nil)
}

// complainNext takes one step's answers and shows the next step, or the same
// one again with what is wrong.
func (s *server) complainNext(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	sent, err := s.sent(r)
	if err != nil {
		s.fail(w, h, err)
		return
	}
	step := 1
	if n := sent.Get("step"); n == "2" || n == "3" {
		step = int(n[0] - '0')
	}
	show := func(step int, err error) {
		c, e := s.complainStep(r, step, sent, err)
		if e != nil {
			s.fail(w, h, e)
			return
		}
		code := http.StatusOK
		if err != nil {
			code = statuses[domain.ErrorCode(err)]
		}
		s.render(w, r, code, c)
	}
	switch {
	case sent.Get("find") != "":
		show(1, nil)
	case sent.Get("back") != "":
		show(max(1, step-1), nil)
	default:
		if bad := append(s.complainCheck(r, step, sent), r.badFiles...); len(bad) > 0 {
			show(step, &domain.Error{Code: domain.Invalid, Problems: bad})
		} else if step < lastStep {
			show(step+1, nil)
		} else if err := s.complainSend(w, r, sent); err != nil {
			show(step, err)
		}
	}
}

func problem(field, zh, en string) domain.Problem {
	return domain.Problem{Field: field, Rule: "required", Reason: domain.Text{ZH: zh, EN: en}}
}

// complainCheck tells what one step lacks.
func (s *server) complainCheck(r *request, step int, v url.Values) (bad []domain.Problem) {
	empty := func(name string) bool { return strings.TrimSpace(v.Get(name)) == "" }
	switch step {
	case 1:
		if v.Get("want_help") == "" && v.Get("want_report") == "" {
			bad = append(bad, problem("want", "请选择您的诉求，可以都选", "Say what you want; you may choose both"))
		}
		if v.Get("shop") == "" && empty("trader") {
			bad = append(bad, problem("shop", "请选择被投诉的商家；查不到时填写商家名称和地址", "Choose the business; if it is not found, write its name and address"))
		}
		if v.Get("shop") == "" && !empty("trader") && s.resolver(r)(&form.Field{Pick: "/pick/area"}, v.Get("area")) == "" {
			bad = append(bad, problem("area", "请填写商家所在的乡镇或者街道，我们据此确定由谁办理", "Give the township or subdistrict of the business: it decides who handles it"))
		}
	case 2:
		if empty("facts") {
			bad = append(bad, problem("facts", "请写明发生了什么", "Tell what happened"))
		}
		if v.Get("want_help") != "" && len(v["demand"]) == 0 {
			bad = append(bad, problem("demand", "请选择您希望商家怎么做", "Choose what you want the business to do"))
		}
	case lastStep:
		if v.Get("want_help") != "" && empty("name") {
			bad = append(bad, problem("name", "请填写您的姓名；投诉须由本人提出", "Give your name: a complaint is made by the person concerned"))
		}
		if v.Get("want_help") != "" && empty("phone") && empty("email") {
			bad = append(bad, problem("phone", "请填写手机号码或者电子邮箱，调解时需要联系您", "Give a telephone number or an e-mail address: the mediator needs to reach you"))
		}
		if _, err := mail.ParseAddress(v.Get("email")); err != nil && !empty("email") {
			bad = append(bad, problem("email", "电子邮箱不完整，请写成 name@example.com 这样", "The e-mail address is not complete; write it like name@example.com"))
		}
	}
	return bad
}

// complainSend files what was told: a complaint, a report, or one letter with
// both, which is split at once. The answer is a code to follow it with.
func (s *server) complainSend(w http.ResponseWriter, r *request, v url.Values) error {
	if !s.limit.allow(s.remote(r.Request), "file", 20) {
		return domain.Fail(domain.Unavailable, "", "often", "这个网络提交得太频繁，请一小时后再试，或者拨打12315", "too many from this network; try again in an hour, or call 12315")
	}
	code := newReceipt()
	cmd := domain.Command{Actor: s.public(), Kind: complaintKind, Action: "receive", Key: "public/" + clip(v.Get("_key"), maxKey), Input: s.letter(v, code)}
	if v.Get("want_help") == "" {
		cmd.Kind, cmd.Input = reportKind, s.clue(v, code)
	}
	if bad := s.claimFiles(r, []form.Field{{Name: "evidence", Type: "file", Many: true}}, cmd.Input); len(bad) > 0 {
		return &domain.Error{Code: domain.Invalid, Problems: bad}
	}
	var err error
	if cmd.Of, cmd.Area, err = s.whereabouts(r, v); err != nil {
		return err
	}
	rec, err := s.Engine.Do(r.Context(), cmd)
	if err != nil {
		return renameFields(err)
	}
	if rec.Again {
		return domain.Fail(domain.Conflict, "", "key", "这份内容已经提交过，请用上次得到的查询码查看", "this was sent already; use the code you got then")
	}
	if v.Get("want_help") != "" && v.Get("want_report") != "" {
		s.split(r.Context(), rec.Record, v)
	}
	s.remember(w, r, code)
	http.Redirect(w, r.Request, "/follow?new=1", http.StatusSeeOther)
	return nil
}

// letter is the complaint as inputs of its opening action.
func (s *server) letter(v url.Values, code string) map[string]any {
	in := map[string]any{"complainant": v.Get("name"), "phone": v.Get("phone"), "email": strings.TrimSpace(v.Get("email")), "goods": v.Get("goods"), "facts": v.Get("facts"), "channel": "app", "receipt": code,
		"trader": v.Get("trader"), "trader_address": v.Get("address"), "happened_on": v.Get("happened_on"), "publish_consent": v.Get("publish") != "", "entrust_consent": v.Get("entrust") != ""}
	if list := v["demand"]; len(list) > 0 {
		in["demand"] = list
	}
	money, _ := form.Decode(form.Form{Fields: []form.Field{{Name: "amount", Type: "money"}}}, v, nil)
	if n := money["amount"]; n != nil {
		in["amount"] = n
	}
	return withEvidence(filled(in), v, "evidence")
}

// clue is the report as inputs of its opening action.
func (s *server) clue(v url.Values, code string) map[string]any {
	in := map[string]any{"reporter": v.Get("name"), "phone": v.Get("phone"), "clue": v.Get("facts"), "channel": "app", "receipt": code,
		"trader": v.Get("trader"), "trader_address": v.Get("address"), "named": strings.TrimSpace(v.Get("name")) != ""}
	return withEvidence(filled(in), v, "evidence")
}

// filled leaves out what was not answered.
func filled(in map[string]any) map[string]any {
	for k, x := range in {
		if t, ok := x.(string); ok && strings.TrimSpace(t) == "" {
			delete(in, k)
		}
	}
	return in
}

// withEvidence adds what was uploaded, or that evidence is still to come.
func withEvidence(in map[string]any, v url.Values, name string) map[string]any {
	if list := v[name]; len(list) > 0 {
		in[name] = list
	}
	if len(v[name]) > 0 || v.Get("evidence_later") != "" {
		in["has_evidence"] = true
	}
	return in
}

// whereabouts finds the business and the area that decides who handles it.
func (s *server) whereabouts(r *request, v url.Values) (domain.Ref, string, error) {
	if v.Get("shop") != "" {
		ref, err := domain.ParseRef(v.Get("shop"))
		if err != nil {
			return ref, "", err
		}
		rec, err := s.read.Record(r.Context(), ref)
		if err != nil || rec == nil {
			return ref, "", notThere()
		}
		return ref, rec.Area, nil
	}
	return domain.Ref{}, s.resolver(r)(&form.Field{Pick: "/pick/area"}, v.Get("area")), nil
}

// split takes the report out of a letter that holds both.
func (s *server) split(ctx context.Context, rec *domain.Record, v url.Values) {
	in := map[string]any{"clue_summary": first(clip(strings.TrimSpace(v.Get("goods")), 100), rec.Kind) + "：投诉人同时举报，内容见投诉的事实部分"}
	_, err := s.Engine.Do(ctx, domain.Command{Record: rec.Ref, Action: "split", Actor: domain.System("public"), Input: in, Key: "split/" + rec.ID})
	if err != nil {
		s.Log.Error("split", "record", rec.Ref.String(), "error", err)
	}
}

// renameFields turns the record's field names into those of the public form.
func renameFields(err error) error {
	if d, ok := err.(*domain.Error); ok { //nolint:errorlint // the engine's own
		for i := range d.Problems {
			switch d.Problems[i].Field {
			case "complainant", "reporter":
				d.Problems[i].Field = "name"
			case "clue":
				d.Problems[i].Field = "facts"
			}
		}
	}
	return err
}

// newReceipt is a code that cannot be guessed and is easy to read out: ten
// letters and digits without look-alikes, 50 bits.
func newReceipt() string {
	const signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = signs[int(b[i])%len(signs)]
	}
	return string(b)
}

// complainStep shows one step with what was answered so far.
func (s *server) complainStep(r *request, step int, v url.Values, err error) (templ.Component, error) {
	r.Nav, r.Title = "complain", r.T("complain.title")
	p := view.Complain{Step: step, Values: v, Key: first(v.Get("_key"), newKey()), Problems: map[string][]string{}, Help: v.Get("want_help") != "", Report: v.Get("want_report") != ""}
	for _, x := range problemsOf(err) {
		text := sentence(x.Reason, r.lang)
		p.Problems[x.Field] = append(p.Problems[x.Field], text)
		p.Top = append(p.Top, view.Link{Text: text, Href: "#f-" + x.Field})
	}
	if l := s.cat.Lists["demand"]; l != nil {
		for _, it := range l.Items {
			p.Demands = append(p.Demands, view.Option{Value: it.Code, Text: s.cat.Label("demand", it.Code, r.lang), Chosen: form.Values(v).Has("demand", it.Code)})
		}
	}
	if a := s.resolver(r)(&form.Field{Pick: "/pick/area"}, v.Get("area")); a != "" {
		p.AreaText = r.area(a)
	}
	var e error
	if step == 1 && strings.TrimSpace(v.Get("q")) != "" {
		p.Found, p.MoreFound, e = s.shopsLike(r, v.Get("q"))
		p.Searched = true
	}
	if ref := v.Get("shop"); ref != "" {
		p.Shop = s.linkTo(r.Context(), r.words, ref).Text
	}
	return view.ComplainPage(r.Page, p), e
}

// shopsLike finds businesses for the public: names and addresses of the open
// register, and how many more there are.
func (s *server) shopsLike(r *request, text string) ([]view.Option, int, error) {
	if !s.limit.allow(s.remote(r.Request), "find", 600) {
		return nil, 0, domain.Fail(domain.Unavailable, "", "often", "查找得太频繁，请稍后再试", "too many searches; try again in a moment")
	}
	kind := ""
	if k := s.cat.Kinds[complaintKind]; k != nil {
		kind = k.Subject
	}
	page, err := s.read.Search(r.Context(), domain.SearchQuery{Kind: kind, Text: clip(strings.TrimSpace(text), maxQuery), Limit: 8})
	var out []view.Option
	for _, x := range page.Rows {
		out = append(out, view.Option{Value: x.Ref.String(), Text: first(x.Title, x.Number) + " · " + r.area(x.Area)})
	}
	return out, page.Total - len(page.Rows), err
}

func problemsOf(err error) []domain.Problem {
	if d, ok := err.(*domain.Error); ok { //nolint:errorlint // ours
		return d.Problems
	}
	return nil
}
