package app

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/engine/report"
)

// publicKey reads the key a published report was signed with; "" is the one
// that publish left in the data folder.
func (r records) publicKey(path string) (ed25519.PublicKey, error) {
	if path == "" {
		path = filepath.Join(r.Data, "report.pub")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(b); block != nil {
		if k, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			if key, ok := k.(ed25519.PublicKey); ok {
				return key, nil
			}
		}
	}
	return nil, domain.Failf(domain.Invalid, "key", "key", "%s 不是 Ed25519 公钥文件", "%s holds no Ed25519 public key", path)
}

// signedReport reads a published report and refuses one that was altered.
func (r records) signedReport(path, keyFile string) (*report.Frozen, error) {
	key, err := r.publicKey(keyFile)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := report.Verify(b, key)
	if err != nil {
		return nil, domain.Failf(domain.Refused, "report", "signature", "%s 不是该密钥签发的报告，或已被改动", "%s was not signed with this key, or was altered", path)
	}
	return f, nil
}

// before finds the report to compare with: a file, or "last" for the newest
// published from these records.
func (a *App) before(ctx context.Context, r records, which string) (*report.Frozen, error) {
	if which != "last" {
		return r.signedReport(which, "")
	}
	list, err := a.Store.AllFrozen(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, domain.Fail(domain.NotFound, "since", "exists", "尚未发布过报告", "no report was published yet")
	}
	key, err := r.publicKey("")
	if err != nil {
		return nil, err
	}
	return report.Verify([]byte(list[0].Content), key)
}

// changesOf adds the list of what moved since an earlier report to a document.
func changesOf(doc *report.Document, was *report.Frozen, list []report.Change) {
	line := func(kind string, level int, t domain.Text) {
		doc.Blocks = append(doc.Blocks, report.Block{Kind: kind, Level: level, Pieces: []report.Piece{{Text: t.In(doc.Lang)}}})
	}
	day := was.At.Format("2006-01-02")
	line("heading", 2, domain.Text{ZH: "自 " + day + " 发布以来的变动", EN: "Changes since the report published on " + day})
	if len(list) == 0 {
		line("p", 0, domain.Text{ZH: "没有变动。", EN: "None."})
	}
	for _, c := range list {
		line("item", 0, domain.Text{ZH: fmt.Sprintf("%s：%s → %s", c.Label.ZH, orNone(c.Old), orNone(c.New)),
			EN: fmt.Sprintf("%s: %s → %s", c.Label.In("en"), orNone(c.Old), orNone(c.New))})
	}
}

func orNone(a report.Amount) string {
	if !a.Known {
		return "—"
	}
	return a.String()
}
