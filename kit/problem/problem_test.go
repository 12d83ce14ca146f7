package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dinghai/dinghai/kit/problem"
)

var credit = problem.Type{URI: "https://example.com/probs/out-of-credit", Title: "You do not have enough credit.", Status: 403}

func TestMarshal(t *testing.T) {
	full := credit.New("Your current balance is 30, but that costs 50.")
	full.Instance = "/account/12345/msgs/abc"
	full.Extensions = map[string]any{"balance": 30, "accounts": []string{"/account/12345"}}
	tests := []struct {
		name string
		p    *problem.Problem
		want string
	}{
		{"RFC 9457 §3, first example", full, `{"type":"https://example.com/probs/out-of-credit","title":"You do not have enough credit.","status":403,` +
			`"detail":"Your current balance is 30, but that costs 50.","instance":"/account/12345/msgs/abc","accounts":["/account/12345"],"balance":30}`},
		{"about:blank has the phrase for a title", problem.Status(404), `{"title":"Not Found","status":404}`},
		{"faults", &problem.Problem{Status: 422, Errors: []problem.Fault{{Detail: "必须为正整数", Pointer: problem.Pointer("age")}}},
			`{"title":"Unprocessable Entity","status":422,"errors":[{"detail":"必须为正整数","pointer":"#/age"}]}`},
		{"empty", &problem.Problem{}, `{}`},
		{"the cause stays here", problem.Status(500).Wrap(errors.New("SELECT secret")), `{"title":"Internal Server Error","status":500}`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(tt.p)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s:\n got %s\nwant %s\n%v", tt.name, got, tt.want, err)
		}
	}
}

func TestExtensionNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"trace_id": true, "abc": true, "A1_": true,
		"ab": false, "1abc": false, "_abc": false, "trace-id": false, "名称名称": false, "status": false, "errors": false, "": false,
	} {
		_, err := json.Marshal(&problem.Problem{Extensions: map[string]any{name: 1}})
		var ne *problem.NameError
		if errors.As(err, &ne) == ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestWrite(t *testing.T) {
	tests := []struct {
		name   string
		p      *problem.Problem
		status int
		body   string
		fails  bool
	}{
		{"as given", problem.Status(404), 404, `{"title":"Not Found","status":404}`, false},
		{"no error status", &problem.Problem{Title: "x", Status: 200}, 500, `{"title":"x","status":500}`, false},
		{"no JSON", &problem.Problem{Status: 400, Extensions: map[string]any{"fun": func() {}}}, 500, `{"status":500}`, true},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		w.Header().Set("ETag", `"1"`)
		err := tt.p.Write(w)
		r := w.Result()
		body, _ := io.ReadAll(r.Body)
		if (err != nil) != tt.fails || r.StatusCode != tt.status || strings.TrimSpace(string(body)) != tt.body ||
			r.Header.Get("Content-Type") != "application/problem+json" || r.Header.Get("ETag") != "" {
			t.Errorf("%s: %d %s %v %v", tt.name, r.StatusCode, body, r.Header, err)
		}
	}
}

func TestError(t *testing.T) {
	p := credit.New("balance 30").Wrap(io.ErrUnexpectedEOF)
	if !errors.Is(p, io.ErrUnexpectedEOF) || p.Error() != "problem: You do not have enough credit.: balance 30: unexpected EOF" {
		t.Error(p)
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, in string
		want     *problem.Problem
	}{
		{"all members", `{"type":"a","title":"b","status":404,"detail":"c","instance":"d","errors":[{"detail":"e","pointer":"#/f","code":"g"}],"balance":30}`,
			&problem.Problem{Type: "a", Title: "b", Status: 404, Detail: "c", Instance: "d",
				Errors: []problem.Fault{{Detail: "e", Pointer: "#/f", Code: "g"}}, Extensions: map[string]any{"balance": json.RawMessage("30")}}},
		{"wrong types are passed over", `{"type":1,"title":[],"status":"404","detail":{},"instance":false}`, &problem.Problem{}},
		{"null", `{"type":null,"status":null}`, &problem.Problem{}},
		{"status out of range", `{"status":99999}`, &problem.Problem{}},
		{"status with a fraction", `{"status":404.5}`, &problem.Problem{}},
		{"a huge number", `{"status":1e400}`, &problem.Problem{}},
		{"errors of another API", `{"errors":"none"}`, &problem.Problem{Extensions: map[string]any{"errors": json.RawMessage(`"none"`)}}},
		{"empty", ` {} `, &problem.Problem{}},
	}
	for _, tt := range tests {
		got, err := problem.Parse([]byte(tt.in))
		if d := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(problem.Problem{})); d != "" || err != nil {
			t.Errorf("%s: %v %s", tt.name, err, d)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name, in string
		want     problem.SyntaxError
	}{
		{"empty", "", problem.SyntaxError{Reason: "object"}},
		{"array", "[]", problem.SyntaxError{Offset: 1, Reason: "object"}},
		{"cut off", `{"title":"x"`, problem.SyntaxError{Offset: 12, Member: "title", Reason: "json"}},
		{"two documents", `{}{}`, problem.SyntaxError{Offset: 3, Reason: "json"}},
		{"duplicate", `{"title":"a","title":"b"}`, problem.SyntaxError{Offset: 20, Member: "title", Reason: "duplicate"}},
		{"duplicate, escaped", `{"title":"a","t\u0069tle":"b"}`, problem.SyntaxError{Offset: 25, Member: "title", Reason: "duplicate"}},
		{"duplicate inside", `{"ext":[{"a":1,"a":2}]}`, problem.SyntaxError{Offset: 18, Member: "ext", Reason: "duplicate"}},
		{"deep", `{"ext":` + strings.Repeat("[", 10_000), problem.SyntaxError{Offset: 39, Member: "ext", Reason: "depth"}},
		{"UTF-8", "{\"title\":\"\xff\"}", problem.SyntaxError{Offset: 10, Reason: "utf8"}},
		{"size", `{"ext":"` + strings.Repeat("x", problem.MaxSize) + `"}`, problem.SyntaxError{Offset: problem.MaxSize, Reason: "size"}},
	}
	for _, tt := range tests {
		_, err := problem.Parse([]byte(tt.in))
		var got *problem.SyntaxError
		if !errors.As(err, &got) || *got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, &tt.want)
		}
	}
}

func TestFromResponse(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/problem":
			_ = credit.New("x").Write(w)
		case "/bare":
			w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
			w.WriteHeader(409)
			_, _ = io.WriteString(w, `{}`)
		}
	}))
	defer server.Close()
	for path, want := range map[string]int{"/problem": 403, "/bare": 409, "/none": 0} {
		r, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := problem.FromResponse(r)
		_ = r.Body.Close()
		if err != nil || (p == nil) != (want == 0) || p != nil && p.Status != want {
			t.Errorf("%s: %v, %v", path, p, err)
		}
	}
}

func TestPointer(t *testing.T) {
	for _, steps := range [][]any{{}, {"a"}, {"lines", 0, "名称"}, {"a/b", "m~n", "~1", "%", " ", "", "x+y", "\"", "#"}} {
		s := problem.Pointer(steps...)
		got, err := problem.ParsePointer(s)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(steps) {
			t.Errorf("%s: %q, want %q, %v", s, got, steps, err)
		}
		if strings.Trim(s, "#/%~-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%s is no URI fragment", s)
		}
	}
	// RFC 6901 §6
	for fragment, plain := range map[string]string{"#/a~1b": "/a~1b", "#/c%25d": "/c%d", "#/e%5Ef": "/e^f", "#/k%22l": `/k"l`, "#/%20": "/ ", "#/m~0n": "/m~0n"} {
		a, err1 := problem.ParsePointer(fragment)
		b, err2 := problem.ParsePointer(plain)
		if fmt.Sprint(a) != fmt.Sprint(b) || err1 != nil || err2 != nil {
			t.Errorf("%s: %q, %s: %q", fragment, a, plain, b)
		}
	}
	for _, s := range []string{"a", "#a", "/~", "/~2", "#/%zz"} {
		if got, err := problem.ParsePointer(s); err == nil {
			t.Errorf("%s: %q", s, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"type":"a","status":404,"errors":[{"detail":"x"}],"ext":{"a":[1,2]}}`, `{"a":1,"a":2}`, `[`, "{\"\xff\":1}", ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := problem.Parse(b)
		if err != nil {
			return
		}
		for name := range p.Extensions { // names of others that we would not write
			if _, err := json.Marshal(&problem.Problem{Extensions: map[string]any{name: 1}}); err != nil {
				delete(p.Extensions, name)
			}
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := problem.Parse(out)
		if err != nil {
			t.Fatalf("%s becomes %s: %v", b, out, err)
		}
		twice, _ := json.Marshal(again)
		if string(twice) != string(out) {
			t.Fatalf("%s becomes %s, then %s", b, out, twice)
		}
	})
}

func BenchmarkMarshal(b *testing.B) {
	p := credit.New("x")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = json.Marshal(p)
	}
}

func BenchmarkParse(b *testing.B) {
	doc, _ := json.Marshal(credit.New("x"))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = problem.Parse(doc)
	}
}

func ExampleType_New() {
	invalid := problem.Type{URI: "https://example.com/problems/invalid", Title: "Not valid", Status: 422}
	p := invalid.New("2 of 3 lines are wrong")
	p.Errors = []problem.Fault{{Detail: "no such code", Pointer: problem.Pointer("lines", 2, "uscc"), Code: "check"}}
	b, _ := json.Marshal(p)
	fmt.Println(string(b))
	// Output: {"type":"https://example.com/problems/invalid","title":"Not valid","status":422,"detail":"2 of 3 lines are wrong","errors":[{"detail":"no such code","pointer":"#/lines/2/uscc","code":"check"}]}
}
