package wasm

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/dinghai/dinghai/kit/tlog"
)

// hash is a hash of 32 bytes, base64 in JSON.
type hash = []byte

func hashes(list ...hash) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(list))
	for i, h := range list {
		if copy(out[i][:], h) != len(out[i]) || len(h) != len(out[i]) {
			return nil, fmt.Errorf("hash %d: %d bytes, want 32", i, len(h))
		}
	}
	return out, nil
}

// ProofRequest asks whether an entry is in a log: entry as logged, .tlog-proof
// file and policy file (C2SP).
type ProofRequest struct {
	Entry  string `json:"entry"`
	Proof  string `json:"proof"`
	Policy string `json:"policy"`
}

// CheckpointRequest asks whether a checkpoint satisfies a policy, or with Key
// whether it is the log's at all.
type CheckpointRequest struct {
	Checkpoint string `json:"checkpoint"`
	Policy     string `json:"policy"`
	Key        string `json:"key"` // of the log, as in signed notes
}

// CheckpointResult is what a checkpoint proves.
type CheckpointResult struct {
	Origin   string               `json:"origin"`
	Size     number               `json:"size"`
	Root     hash                 `json:"root"`
	Index    *number              `json:"index,omitempty"` // of the entry
	By       *time.Time           `json:"by,omitempty"`    // when witnesses had seen it
	Cosigned map[string]time.Time `json:"cosigned,omitempty"`
}

func verifyProof(r ProofRequest) (any, error) {
	policy, err := tlog.ParsePolicy([]byte(r.Policy))
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ParseProof([]byte(r.Proof))
	if err != nil {
		return nil, err
	}
	evidence, err := proof.Verify(tlog.LeafHash([]byte(r.Entry)), policy)
	if err != nil {
		return nil, err
	}
	out := evidenceResult(evidence)
	index := number(proof.Index)
	out.Index = &index
	return out, nil
}

func evidenceResult(e *tlog.Evidence) CheckpointResult {
	out := checkpointResult(e.Checkpoint)
	out.Cosigned = e.Cosigned
	if !e.By.IsZero() {
		out.By = &e.By
	}
	return out
}

func checkpointResult(c tlog.Checkpoint) CheckpointResult {
	return CheckpointResult{Origin: c.Origin, Size: number(c.Size), Root: c.Root[:]}
}

func verifyCheckpoint(r CheckpointRequest) (any, error) {
	if r.Key != "" {
		key, err := note.NewVerifier(r.Key)
		if err != nil {
			return nil, err
		}
		c, err := tlog.OpenCheckpoint([]byte(r.Checkpoint), key)
		if err != nil {
			return nil, err
		}
		return checkpointResult(c), nil
	}
	policy, err := tlog.ParsePolicy([]byte(r.Policy))
	if err != nil {
		return nil, err
	}
	e, err := policy.Check([]byte(r.Checkpoint))
	if err != nil {
		return nil, err
	}
	return evidenceResult(e), nil
}

// InclusionRequest is RFC 6962 section 2.1.1; with Start and End for a subtree.
type InclusionRequest struct {
	Proof []hash `json:"proof"`
	Index number `json:"index"`
	Start number `json:"start"`
	End   number `json:"end"`
	Size  number `json:"size"`
	Leaf  hash   `json:"leaf"`
	Root  hash   `json:"root"`
}

func verifyInclusion(r InclusionRequest) (any, error) {
	h, err := hashes(append([]hash{r.Leaf, r.Root}, r.Proof...)...)
	if err != nil {
		return nil, err
	}
	return nil, tlog.VerifyInclusion(h[2:], uint64(r.Index), uint64(r.Size), h[0], h[1])
}

func verifySubtree(r InclusionRequest) (any, error) {
	h, err := hashes(append([]hash{r.Leaf, r.Root}, r.Proof...)...)
	if err != nil {
		return nil, err
	}
	return nil, tlog.VerifySubtreeInclusion(h[2:], uint64(r.Index), uint64(r.Start), uint64(r.End), h[0], h[1])
}

// ConsistencyRequest is RFC 6962 section 2.1.2; with Start and End for a
// subtree, whose root is Root1.
type ConsistencyRequest struct {
	Proof []hash `json:"proof"`
	Start number `json:"start"`
	End   number `json:"end"`
	Size1 number `json:"size1"`
	Size2 number `json:"size2"`
	Root1 hash   `json:"root1"`
	Root2 hash   `json:"root2"`
}

func verifyConsistency(r ConsistencyRequest) (any, error) {
	h, err := hashes(append([]hash{r.Root1, r.Root2}, r.Proof...)...)
	if err != nil {
		return nil, err
	}
	return nil, tlog.VerifyConsistency(h[2:], uint64(r.Size1), uint64(r.Size2), h[0], h[1])
}

func verifySubtreeRoots(r ConsistencyRequest) (any, error) {
	h, err := hashes(append([]hash{r.Root1, r.Root2}, r.Proof...)...)
	if err != nil {
		return nil, err
	}
	return nil, tlog.VerifySubtreeConsistency(h[2:], uint64(r.Start), uint64(r.End), uint64(r.Size2), h[0], h[1])
}
