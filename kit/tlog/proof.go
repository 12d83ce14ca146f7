package tlog

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// Proof is a file that proves offline, against a policy, that an entry is in a
// log and that witnesses saw it there. C2SP tlog-proof; its extension is
// .tlog-proof.
type Proof struct {
	Extra      []byte // opaque and unauthenticated; nil if absent
	Index      uint64
	Path       []Hash
	Checkpoint []byte // as signed and cosigned
}

const proofHeader = "c2sp.org/tlog-proof@v1"

// maxExtra bounds the extra data.
const maxExtra = 64 << 10

// Bytes returns the file.
func (p Proof) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString(proofHeader + "\n")
	if p.Extra != nil {
		fmt.Fprintf(&b, "extra %s\n", base64.StdEncoding.EncodeToString(p.Extra))
	}
	fmt.Fprintf(&b, "index %d\n", p.Index)
	for _, h := range p.Path {
		b.WriteString(h.String() + "\n")
	}
	b.WriteByte('\n')
	b.Write(p.Checkpoint)
	return b.Bytes()
}

// ParseProof reads a proof file. It checks the form only; errors tell the line,
// from 0. It takes only what Bytes writes.
func ParseProof(b []byte) (Proof, error) {
	if len(b) > maxNote+2*maxExtra {
		return Proof{}, fail("proof", "length")
	}
	head, checkpoint, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != proofHeader {
		return Proof{}, &Error{"proof", 0, "syntax"}
	}
	p, at := Proof{Checkpoint: checkpoint}, 1
	if e, ok := strings.CutPrefix(field(lines, at), "extra "); ok {
		var err error
		if p.Extra, err = base64.StdEncoding.Strict().DecodeString(e); err != nil || strings.ContainsAny(e, "\r") || len(p.Extra) > maxExtra {
			return Proof{}, &Error{"proof", at, "syntax"}
		}
		at++
	}
	n, ok := strings.CutPrefix(field(lines, at), "index ")
	if p.Index, ok = parseNumberIf(n, ok); !ok {
		return Proof{}, &Error{"proof", at, "syntax"}
	}
	for at++; at < len(lines); at++ {
		h, ok := parseHash(lines[at])
		if !ok || len(p.Path) == maxPath {
			return Proof{}, &Error{"proof", at, "syntax"}
		}
		p.Path = append(p.Path, h)
	}
	return p, nil
}

func field(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func parseNumberIf(s string, ok bool) (uint64, bool) {
	n, good := parseNumber(s)
	return n, ok && good
}

// Verify checks that the entry with this leaf hash is in the log under a
// checkpoint that satisfies the policy.
func (p Proof) Verify(leaf Hash, policy *Policy) (*Evidence, error) {
	e, err := policy.Check(p.Checkpoint)
	if err != nil {
		return nil, err
	}
	if err := VerifyInclusion(p.Path, p.Index, e.Checkpoint.Size, leaf, e.Checkpoint.Root); err != nil {
		return nil, err
	}
	return e, nil
}
