package tlog

import (
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is the head of a log: it stands for all entries below its size.
// C2SP tlog-checkpoint.
type Checkpoint struct {
	Origin     string // identifies the log
	Size       uint64
	Root       Hash
	Extensions []string // opaque lines; no statement of a witness covers them
}

// String returns the text that is signed.
func (c Checkpoint) String() string {
	lines := append([]string{c.Origin, strconv.FormatUint(c.Size, 10), c.Root.String()}, c.Extensions...)
	return strings.Join(lines, "\n") + "\n"
}

// maxNote bounds a signed note. Sixteen signatures of five kilobytes fit.
const maxNote = 256 << 10

// ParseCheckpoint reads the text of a checkpoint, without signatures. It takes
// only what String writes.
func ParseCheckpoint(text string) (Checkpoint, error) {
	body, ok := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	if !ok || len(lines) < 3 || len(text) > maxNote {
		return Checkpoint{}, &Error{"checkpoint", 0, "length"}
	}
	for i, l := range lines {
		if l == "" {
			return Checkpoint{}, &Error{"checkpoint", i, "empty"}
		}
	}
	c := Checkpoint{Origin: lines[0]}
	if len(lines) > 3 {
		c.Extensions = lines[3:]
	}
	if c.Size, ok = parseNumber(lines[1]); !ok {
		return Checkpoint{}, &Error{"checkpoint", 1, "syntax"}
	}
	if c.Root, ok = parseHash(lines[2]); !ok {
		return Checkpoint{}, &Error{"checkpoint", 2, "syntax"}
	}
	if c.Size == 0 && c.Root != EmptyRoot {
		return Checkpoint{}, &Error{"checkpoint", 2, "mismatch"}
	}
	return c, nil
}

// OpenCheckpoint checks a signed checkpoint of one log, whose key has the
// origin's name.
func OpenCheckpoint(signed []byte, log note.Verifier) (Checkpoint, error) {
	c, _, err := open(signed, log)
	return c, err
}

// open verifies a note under known keys, at least one of which has to be that of
// a log with the checkpoint's origin.
func open(signed []byte, keys ...note.Verifier) (Checkpoint, *note.Note, error) {
	if len(signed) > maxNote {
		return Checkpoint{}, nil, fail("note", "length")
	}
	n, err := note.Open(signed, note.VerifierList(keys...))
	switch e := err.(type) {
	case nil:
	case *note.UnverifiedNoteError:
		return Checkpoint{}, nil, fail("signature", "missing")
	case *note.InvalidSignatureError:
		return Checkpoint{}, nil, fail("signature", "mismatch")
	default:
		_ = e
		return Checkpoint{}, nil, fail("note", "syntax")
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, n, nil
		}
	}
	return Checkpoint{}, nil, fail("origin", "mismatch")
}
