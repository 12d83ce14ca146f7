package script

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dinghai/dinghai/app"
	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/indicator"
	"github.com/dinghai/dinghai/engine/report"
	"github.com/dinghai/dinghai/store/pgtest"
	"github.com/dinghai/dinghai/test/recount"
)

func here() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}

// targets is the file the demo bureau of the scripts is made from.
func targets() string { return filepath.Join(here(), "testdata", "bureau.yaml") }

// run performs a command of the program and gives what it printed if it failed.
func run(ts *testscript.TestScript, args ...string) string {
	cmd := exec.Command(program(ts), args...)
	cmd.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Sprintf("%v: %s", err, out)
	}
	return ""
}

func program(ts *testscript.TestScript) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if p := filepath.Join(dir, "dinghai"); exists(p) {
			return p
		}
	}
	ts.Fatalf("no dinghai in PATH")
	return ""
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// environment is the script's, as far as the program reads it.
func environment(ts *testscript.TestScript) []string {
	return append(os.Environ(), "TZ="+ts.Getenv("TZ"), "DINGHAI_CATALOGUE="+ts.Getenv("DINGHAI_CATALOGUE"))
}

type session struct{}

// serving is the server of a script.
type serving struct {
	t   *testing.T
	cmd *exec.Cmd
	err *bytes.Buffer
	url string

	held    *app.App
	mounted string // disk of its own
	cluster *pgtest.Cluster
}

func of(ts *testscript.TestScript) *serving { return ts.Value(session{}).(*serving) }

// serve ARGS starts dinghai serve on a free port and waits until it answers.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	s.err = &bytes.Buffer{}
	s.cmd = exec.Command(program(ts), append([]string{"serve", "--listen", "localhost:0"}, args...)...)
	s.cmd.Dir, s.cmd.Env, s.cmd.Stderr = ts.MkAbs("."), environment(ts), s.err
	pipe, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() {
		if s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://") {
			s.url = lines.Text()
			ts.Setenv("URL", s.url)
			return
		}
	}
	_ = s.cmd.Wait()
	ts.Fatalf("serve ended: %s", s.err)
}

// stop asks the server to end; it must end well.
func stop(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	if err := s.cmd.Wait(); err != nil {
		ts.Fatalf("serve ended with %v: %s", err, s.err)
	}
	ts.Logf("%s", s.err)
	s.cmd = nil
}

// crash kills the server.
func crash(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// get PATH prints a page of the server.
func get(ts *testscript.TestScript, neg bool, args []string) {
	res, err := http.Get(of(ts).url + args[0])
	ts.Check(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	ts.Check(err)
	if (res.StatusCode == http.StatusOK) == neg {
		ts.Fatalf("%s answers %d: %.300s", args[0], res.StatusCode, b)
	}
	_, _ = ts.Stdout().Write(b)
}

// status CODE COMMAND… runs the program and demands its exit code. Errors go to
// standard error alone.
func status(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command(program(ts), args[1:]...)
	var out, errOut bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), environment(ts), &out, &errOut
	err := cmd.Run()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		ts.Check(err)
	}
	_, _ = ts.Stdout().Write(out.Bytes())
	_, _ = ts.Stderr().Write(errOut.Bytes())
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("%v ended with %s, want %s\n%s%s", args[1:], got, args[0], out.Bytes(), errOut.Bytes())
	}
	if strings.Contains(out.String(), "dinghai: ") {
		ts.Fatalf("an error on standard output: %s", out.Bytes())
	}
	if args[0] == "2" && (out.Len() > 0 || !strings.HasPrefix(errOut.String(), "dinghai: ")) {
		ts.Fatalf("a wrong call says %q and on standard error %q", out.String(), errOut.String())
	}
}

// act DATA RECORD ACTION name=value… performs an action through the engine, as
// a page would. RECORD may be a kind: its first record. reason= and approver=
// belong to the command, the rest is input.
func act(ts *testscript.TestScript, neg bool, args []string) {
	a := opened(ts, args[0], false)
	defer a.Close()
	ref, err := domain.ParseRef(args[1])
	if err != nil {
		ref = first(ts, a, args[1], false)
	}
	cmd := domain.Command{Record: ref, Action: args[2], Actor: domain.System("script"), Input: map[string]any{}}
	for _, kv := range args[3:] {
		k, v, _ := strings.Cut(kv, "=")
		switch k {
		case "reason":
			cmd.Reason = v
		case "approver":
			cmd.Approver = v
		default:
			cmd.Input[k] = v
		}
	}
	if _, err = a.Engine.Do(of(ts).t.Context(), cmd); (err != nil) != neg {
		ts.Fatalf("%s on %s: %v", args[2], ref, err)
	}
}

func opened(ts *testscript.TestScript, dir string, readOnly bool) *app.App {
	a, err := app.Open(of(ts).t.Context(), app.Options{Data: ts.MkAbs(dir), Catalogue: ts.Getenv("DINGHAI_CATALOGUE"), ReadOnly: readOnly})
	ts.Check(err)
	return a
}

// first finds the first record of a kind, or the first closed one.
func first(ts *testscript.TestScript, a *app.App, kind string, closed bool) domain.Ref {
	ctx := of(ts).t.Context()
	page, err := a.Engine.Reader().List(ctx, domain.ListQuery{Kind: kind, Limit: 1000})
	ts.Check(err)
	for _, row := range page.Rows {
		r, err := a.Engine.Reader().Record(ctx, row.Ref)
		ts.Check(err)
		if !closed || r.Closed != "" {
			return r.Ref
		}
	}
	ts.Fatalf("no such record of kind %s", kind)
	return domain.Ref{}
}

// firstref DATA KIND VAR [closed] names a record by an environment variable.
func firstRef(ts *testscript.TestScript, neg bool, args []string) {
	a := opened(ts, args[0], true)
	defer a.Close()
	ts.Setenv(args[2], first(ts, a, args[1], len(args) > 3).String())
}

// unsealed DATA RECORD FIELD [VALUE] demands that a sealed value can be read.
func unsealed(ts *testscript.TestScript, neg bool, args []string) {
	a := opened(ts, args[0], true)
	defer a.Close()
	ref, err := domain.ParseRef(args[1])
	ts.Check(err)
	r, err := a.Engine.Reader().Record(of(ts).t.Context(), ref)
	ts.Check(err)
	if v, _ := r.Fields[args[2]].(string); !strings.HasPrefix(v, "sealed:") {
		ts.Fatalf("%s holds %q in clear", args[2], v)
	}
	v, ok, err := a.Engine.Unseal(of(ts).t.Context(), ref, args[2], r.Fields[args[2]])
	ts.Check(err)
	if ok == neg || ok && len(args) > 3 && v != args[3] {
		ts.Fatalf("%s reads %v, %v", args[2], v, ok)
	}
}

// found DATA FIELD VALUE looks a sealed value up in the blind index.
func found(ts *testscript.TestScript, neg bool, args []string) {
	a := opened(ts, args[0], true)
	defer a.Close()
	refs, err := a.Engine.Reader().ByBlind(of(ts).t.Context(), args[1], a.Engine.BlindHash(args[1], args[2]))
	ts.Check(err)
	if (len(refs) > 0) == neg {
		ts.Fatalf("found %v", refs)
	}
}

// hold DATA takes the database without serving anybody, until letgo.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	a := opened(ts, args[0], false)
	held, err := a.Store.Acquire(of(ts).t.Context(), "script")
	ts.Check(err)
	if !held {
		ts.Fatalf("somebody else has the database")
	}
	of(ts).held = a
}

func letGo(ts *testscript.TestScript, neg bool, args []string) { ts.Check(of(ts).held.Close()) }

// expire DB lets a dead process's lease run out at once.
func expire(ts *testscript.TestScript, neg bool, args []string) {
	ctx := of(ts).t.Context()
	c, err := pgx.Connect(ctx, args[0])
	ts.Check(err)
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "UPDATE lease SET expires = 0")
	ts.Check(err)
}

// figure FILE ID FIELD WANT looks into a report's JSON; numbers compare as
// numbers.
func figure(ts *testscript.TestScript, neg bool, args []string) {
	var doc struct{ Figures []map[string]any }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	for _, f := range doc.Figures {
		if f["id"] != args[1] {
			continue
		}
		if ok := equal(f[args[2]], args[3]); ok == neg {
			ts.Fatalf("%s of %s is %v, want %s", args[2], args[1], f[args[2]], args[3])
		}
		return
	}
	ts.Fatalf("the report has no figure %s", args[1])
}

func equal(got any, want string) bool {
	if n, ok := got.(float64); ok {
		w, err := strconv.ParseFloat(want, 64)
		return err == nil && math.Abs(n-w) < 1e-6
	}
	return fmt.Sprint(got) == want
}

// recount DIR REPORT counts an export again and compares the figures of a
// report with it.
func counted(ts *testscript.TestScript, neg bool, args []string) {
	var doc struct {
		From, To string
		Figures  []report.Figure
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &doc))
	byPeriod := map[report.Period]map[string]recount.Value{}
	n, wrong := 0, ""
	for _, f := range doc.Figures {
		if byPeriod[f.Period] == nil {
			all, err := recount.Count(ts.MkAbs(args[0]), string(f.Period.From), string(f.Period.To), "")
			ts.Check(err)
			byPeriod[f.Period] = all
		}
		v, ok := byPeriod[f.Period][f.ID]
		if !ok || f.Kind != report.Computed {
			continue
		}
		n++
		if *f.Numerator != v.Num || f.Value.Known && math.Abs(f.Value.Number-v.Value) > 1e-6*max(1, math.Abs(v.Value)) {
			wrong += fmt.Sprintf("%s: the report says %v (%d), the recount %+v\n", f.ID, f.Value, *f.Numerator, v)
		}
	}
	if n < 50 {
		ts.Fatalf("only %d figures were counted", n)
	}
	if (wrong != "") != neg {
		ts.Fatalf("%d figures; differences: %s", n, wrong)
	}
}

// recomputed DATA REPORT computes a published report again at the positions it
// names: every figure must come out as it was published.
func recomputed(ts *testscript.TestScript, neg bool, args []string) {
	var file struct{ Body report.Frozen }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &file))
	a := opened(ts, args[0], true)
	defer a.Close()
	at := map[int]int64{}
	for _, p := range file.Body.Positions {
		at[p.Home] = p.Pos
	}
	for _, f := range file.Body.Figures {
		if f.Kind != report.Computed {
			continue
		}
		x := a.Catalogue.Indicators[f.Indicator]
		v, err := a.Engine.Figures().Value(of(ts).t.Context(), a.Engine.Reader(), x.Indicator, indicator.Query{From: f.Period.From, To: f.Period.To, At: at})
		ts.Check(err)
		if f.Numerator == nil || v.Num != *f.Numerator {
			ts.Fatalf("%s was published as %v and is %d at the same positions", f.ID, *f.Numerator, v.Num)
		}
	}
}

// postgres NAME sets an environment variable to the address of an empty database.
func postgres(ts *testscript.TestScript, neg bool, args []string) {
	ts.Setenv(args[0], pgtest.Start(of(ts).t))
}

// gb18030 FILE rewrites a file in the national encoding.
func gb18030(ts *testscript.TestScript, neg bool, args []string) {
	b, err := simplifiedchinese.GB18030.NewEncoder().String(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b), 0o600))
}

// xlsx CSV XLSX makes a workbook of a comma-separated file.
func sheet(ts *testscript.TestScript, neg bool, args []string) {
	f := excelize.NewFile()
	for y, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
		for x, cell := range strings.Split(line, ",") {
			at, err := excelize.CoordinatesToCellName(x+1, y+1)
			ts.Check(err)
			ts.Check(f.SetCellStr("Sheet1", at, cell))
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
}
