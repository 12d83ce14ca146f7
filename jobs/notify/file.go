package notify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// File writes each message to a file of its own: what happens while no mail
// server and no gateway is configured, so that nothing is lost and everything
// can be looked at. The same message twice is one file.
type File struct{ Dir string }

// Send writes the message.
func (f File) Send(_ context.Context, m Message) error {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return err
	}
	name := m.At.UTC().Format("20060102-150405") + "-" + safeName(m.ID) + ".txt"
	text := fmt.Sprintf("To: %s\nSubject: %s\n\n%s\n", oneLine(m.To), oneLine(m.Subject), m.Text)
	tmp := filepath.Join(f.Dir, "."+name)
	if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(f.Dir, name))
}

// Sweep removes files older than a time: they hold addresses that are sealed
// everywhere else.
func (f File) Sweep(before time.Time) error {
	list, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range list {
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(f.Dir, e.Name())); err != nil {
			return err
		}
	}
	return err
}

func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, s)
}

// oneLine keeps a text from beginning another header.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
