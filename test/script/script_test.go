// Package script runs the whole binary: every command with its exit codes, and
// the ways a bureau really goes (publish and correct, back up and restore,
// import while people work). The scripts are testdata/*.txtar.
package script

import (
	"os"
	"os/exec"
	"sync"
	"testing"
	_ "time/tzdata"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dinghai/dinghai/app"
	"github.com/dinghai/dinghai/kit/need"
	"github.com/dinghai/dinghai/store/pgtest"
)

func TestMain(m *testing.M) {
	testscript.Main(stopping{m}, map[string]func(){
		"dinghai": func() { os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// stopping ends the shared PostgreSQL after the tests.
type stopping struct{ *testing.M }

func (s stopping) Run() int {
	defer pgtest.Stop()
	if made != "" {
		defer os.RemoveAll(made)
	}
	return s.M.Run()
}

func TestScripts(t *testing.T) { scripts(t, "testdata") }

// TestScriptsPostgres runs those that need a PostgreSQL.
func TestScriptsPostgres(t *testing.T) {
	pgtest.Start(t) // skipped or failed by name when there is none
	scripts(t, "testdata/postgres")
}

func scripts(t *testing.T, dir string) {
	need.Tool(t, "jq")
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Values[session{}] = &serving{t: t}
			e.Setenv("BUREAU", targets())
			e.Setenv("TZ", "Europe/Berlin") // due dates must not depend on it
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"bureau": bureau, "act": act, "figure": figure, "serve": serve, "stop": stop, "crash": crash, "get": get,
			"postgres": postgres, "expire": expire, "status": status, "recount": counted, "recomputed": recomputed,
			"gb18030": gb18030, "xlsx": sheet, "firstref": firstRef, "unsealed": unsealed, "found": found, "hold": hold, "letgo": letGo,
			"hand": hand, "disk": disk, "nospace": nospace, "space": space, "cluster": cluster, "lose": lose, "back": back, "cut": cut, "peek": peek,
		},
	})
}

var (
	makeOnce sync.Once
	made     string // a demo bureau, made once by the program itself
	makeErr  string
)

// bureau DIR copies the demo bureau of testdata/bureau.yaml.
func bureau(ts *testscript.TestScript, neg bool, args []string) {
	makeOnce.Do(func() {
		dir, err := os.MkdirTemp("", "bureau")
		ts.Check(err)
		made = dir
		makeErr = run(ts, "demo", "--targets", targets(), "--data", dir, "--no-serve")
	})
	if makeErr != "" {
		ts.Fatalf("the demo was not made: %s", makeErr)
	}
	ts.Check(exec.Command("cp", "-a", made, ts.MkAbs(args[0])).Run()) // with its modes: keys are for their owner only
}
