package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/pprof"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/jobs/importer"
)

// Exit codes of the command line.
const (
	exitOK      = 0
	exitRefused = 1 // refused, or findings
	exitUsage   = 2
)

// errFindings ends a command that worked and found something to mend.
var errFindings = errors.New("findings")

// usageError is a mistake in the call itself.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// globals are the flags every command knows.
type globals struct {
	Catalogue string `help:"folder laid over the shipped catalogue" env:"DINGHAI_CATALOGUE" placeholder:"DIR"`
	Now       string `help:"start the clock at this local time, e.g. 2023-11-18T09:00; it runs on from there" env:"DINGHAI_NOW" placeholder:"TIME"`
	Profile   string `hidden:"" help:"write a CPU profile" placeholder:"FILE"`
	stderr    io.Writer
}

// records are the flags of commands that touch records.
type records struct {
	Data  string `help:"folder of database, keys and files" default:"data" env:"DINGHAI_DATA" placeholder:"DIR"`
	DB    string `help:"PostgreSQL address instead of the SQLite file in --data" env:"DINGHAI_DB" placeholder:"URL"`
	Files string `help:"where files are kept instead of --data/files: a folder, or s3://host/bucket/prefix (?tls=no, &region=R; key and secret in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)" env:"DINGHAI_FILES" placeholder:"PLACE"`
}

func (r records) open(ctx context.Context, g *globals, readOnly bool) (*App, error) {
	now, err := g.clock()
	if err != nil {
		return nil, err
	}
	return Open(ctx, Options{Data: r.Data, DB: r.DB, Files: r.Files, Catalogue: g.Catalogue, ReadOnly: readOnly, Now: now})
}

// openWriter opens for a command that writes facts: with the lease if it is
// free, else reading here and handing the work to the process that has it.
func (r records) openWriter(ctx context.Context, g *globals) (*App, importer.Door, error) {
	a, err := r.open(ctx, g, false)
	if err != nil {
		return nil, nil, err
	}
	held, err := a.hold(ctx, func(error) {})
	if err != nil {
		return nil, nil, errors.Join(err, a.Close())
	}
	if held {
		return a, a.claiming(), nil
	}
	if err := a.Close(); err != nil {
		return nil, nil, err
	}
	if a, err = r.open(ctx, g, true); err != nil {
		return nil, nil, err
	}
	return a, a.holder(), nil
}

// openAlone opens for a command that must have the database for itself.
func (r records) openAlone(ctx context.Context, g *globals) (*App, error) {
	a, err := r.open(ctx, g, false)
	if err != nil {
		return nil, err
	}
	held, err := a.hold(ctx, func(error) {})
	if err == nil && !held {
		err = errHeld
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

type cli struct {
	globals
	Demo    demoCmd      `cmd:"" help:"make and serve a fictitious bureau and its year"`
	Serve   serveCmd     `cmd:"" help:"serve the pages and keep the deadlines"`
	Import  importCmd    `cmd:"" help:"load a table of records"`
	Report  reportCmd    `cmd:"" help:"compute the work report"`
	Figure  figureCmd    `cmd:"" help:"print the rows behind a figure"`
	Publish publishCmd   `cmd:"" help:"freeze and sign the work report"`
	Draft   draftCmd     `cmd:"" name:"check-draft" help:"hold the numbers of a draft against the records"`
	Due     dueCmd       `cmd:"" help:"explain a due date"`
	Rebuild rebuildCmd   `cmd:"" help:"make every projection again from the events"`
	Verify  verifyCmd    `cmd:"" help:"prove that what is stored is what the events say"`
	Export  exportCmd    `cmd:"" help:"write all records as CSV"`
	Erase   eraseCmd     `cmd:"" help:"erase the personal data of a record"`
	Link    linkCmd      `cmd:"" help:"print a link by which a person chooses a new password"`
	Cat     catalogueCmd `cmd:"" name:"catalogue" help:"check or list the catalogue"`
	Backup  backupCmd    `cmd:"" help:"write one archive of all records"`
	Restore restoreCmd   `cmd:"" help:"fill an empty database from an archive"`
	Bench   benchCmd     `cmd:"" help:"measure how many durable actions this machine does"`
}

// Main runs the command line and returns the exit code: 0 ok, 1 refused or
// findings, 2 usage.
func Main(args []string, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	signal.Ignore(syscall.SIGXFSZ) // a file size limit is an error of that write, not the end of the process
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // what lives is small: 20 MB more save a twentieth of the work
	}
	c := &cli{globals: globals{stderr: errOut}}
	exited := -1
	p, err := kong.New(c, kong.Name("dinghai"), kong.Description("定海: the platform a market-supervision bureau runs its year on."),
		kong.Writers(out, errOut), kong.Exit(func(code int) { exited = code }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)), kong.Bind(&c.globals))
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitUsage
	}
	k, err := p.Parse(args)
	if exited >= 0 {
		return exited // --help
	}
	if err != nil {
		fmt.Fprintln(errOut, "dinghai:", err)
		return exitUsage
	}
	if info, err := os.Stat(c.Catalogue); c.Catalogue != "" && (err != nil || !info.IsDir()) {
		fmt.Fprintf(errOut, "dinghai: --catalogue %s is no folder\n", c.Catalogue)
		return exitUsage
	}
	stopProfile, err := profile(c.Profile)
	if err != nil {
		fmt.Fprintln(errOut, "dinghai:", err)
		return exitUsage
	}
	defer stopProfile()
	return code(k.Run(), errOut)
}

// profile samples the CPU into a file, for whoever makes this faster.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

func code(err error, errOut io.Writer) int {
	var u usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitRefused
	case errors.As(err, &u):
		fmt.Fprintln(errOut, "dinghai:", err)
		return exitUsage
	}
	var d *domain.Error
	if errors.As(err, &d) {
		for _, p := range d.Problems {
			fmt.Fprintf(errOut, "dinghai: %s %s %s / %s\n", d.Code, p.Field, p.Reason.ZH, p.Reason.EN)
		}
		if cause := d.Unwrap(); cause != nil && len(d.Problems) > 0 {
			fmt.Fprintln(errOut, "dinghai: cause:", cause)
		}
		if len(d.Problems) > 0 {
			return exitRefused
		}
	}
	fmt.Fprintln(errOut, "dinghai:", err)
	return exitRefused
}
