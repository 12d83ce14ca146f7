package sqlite

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// The few calls of SQLite we need. The driver of database/sql boxes every
// value, copies every text into memory of its own and locks the connection at
// each call; together that was a quarter of the writer's time. A handle belongs
// to one goroutine at a time, so it is opened without SQLite's own mutex.

// handle is an open connection. Only interrupt may be called from elsewhere.
type handle struct {
	tls *libc.TLS
	db  uintptr
	mu  sync.Mutex // between interrupt and close
}

// Error is a result code of SQLite with its message.
type Error struct {
	code int
	text string
}

// Error gives the message.
func (e *Error) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

// Code is the extended result code.
func (e *Error) Code() int { return e.code }

func openHandle(uri string) (*handle, error) {
	h := &handle{tls: libc.NewTLS()}
	name, err := libc.CString(uri)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(h.tls, name)
	out := h.alloc(8)
	defer libc.Xfree(h.tls, out)
	rc := lib.Xsqlite3_open_v2(h.tls, name, out, lib.SQLITE_OPEN_READWRITE|lib.SQLITE_OPEN_CREATE|lib.SQLITE_OPEN_URI|lib.SQLITE_OPEN_NOMUTEX, 0)
	if h.db = *(*uintptr)(at(out)); rc != lib.SQLITE_OK {
		err := h.fail(rc)
		h.close()
		return nil, err
	}
	lib.Xsqlite3_extended_result_codes(h.tls, h.db, 1)
	return h, nil
}

// close gives the connection back. Statements must be finalized before.
func (h *handle) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.tls == nil {
		return nil
	}
	rc := lib.Xsqlite3_close_v2(h.tls, h.db)
	h.tls.Close()
	h.tls = nil
	if rc != lib.SQLITE_OK {
		return &Error{int(rc), "close"}
	}
	return nil
}

// interrupt makes the statement that is running end with an error.
func (h *handle) interrupt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.tls != nil {
		tls := libc.NewTLS() // that of the handle is in use
		lib.Xsqlite3_interrupt(tls, h.db)
		tls.Close()
	}
}

func (h *handle) fail(rc int32) error {
	return &Error{int(rc), libc.GoString(lib.Xsqlite3_errmsg(h.tls, h.db))}
}

// alloc gives n bytes of C memory.
func (h *handle) alloc(n int) uintptr {
	p := libc.Xmalloc(h.tls, libc.Tsize_t(n))
	if p == 0 {
		panic("sqlite: out of memory")
	}
	return p
}

// at is the Go pointer to C memory. The detour tells vet that p is no address
// the garbage collector could move.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

func bytesAt(p uintptr, n int) []byte { return unsafe.Slice((*byte)(at(p)), n) }

// statement is a prepared statement with room for the texts bound to it.
type statement struct {
	h       *handle
	p       uintptr
	columns int
	room    uintptr
	size    int
}

const keptRoom = 1 << 16 // larger rooms are given back after use

func (h *handle) prepare(sql string) (*statement, error) {
	text, err := libc.CString(sql)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(h.tls, text)
	out := h.alloc(16)
	defer libc.Xfree(h.tls, out)
	if rc := lib.Xsqlite3_prepare_v3(h.tls, h.db, text, int32(len(sql)), lib.SQLITE_PREPARE_PERSISTENT, out, out+8); rc != lib.SQLITE_OK {
		return nil, h.fail(rc)
	}
	s := &statement{h: h, p: *(*uintptr)(at(out))}
	if tail := libc.GoString(*(*uintptr)(at(out + 8))); s.p == 0 || strings.Trim(tail, " \n\t;") != "" {
		s.finalize()
		return nil, fmt.Errorf("sqlite: not exactly one statement")
	}
	s.columns = int(lib.Xsqlite3_column_count(h.tls, s.p))
	return s, nil
}

func (s *statement) finalize() {
	lib.Xsqlite3_finalize(s.h.tls, s.p)
	s.grow(0)
}

// grow makes room for n bytes; 0 gives it back.
func (s *statement) grow(n int) {
	if s.room != 0 {
		libc.Xfree(s.h.tls, s.room)
		s.room = 0
	}
	if s.size = n; n > 0 {
		s.room = s.h.alloc(n)
	}
}

// bind sets all parameters. Texts are copied once, side by side, into the
// statement's room, which stays as it is until the next bind.
func (s *statement) bind(args []any) error {
	if need := lengthOf(args); need > s.size {
		s.grow(max(need+need/2, 256))
	}
	used := 0
	for i, a := range args {
		n, rc := int32(i+1), int32(0)
		switch v := a.(type) {
		case string:
			copy(bytesAt(s.room, s.size)[used:], v)
			rc = lib.Xsqlite3_bind_text(s.h.tls, s.p, n, s.room+uintptr(used), int32(len(v)), lib.SQLITE_STATIC)
			used += len(v)
		case int64:
			rc = lib.Xsqlite3_bind_int64(s.h.tls, s.p, n, v)
		case int:
			rc = lib.Xsqlite3_bind_int64(s.h.tls, s.p, n, int64(v))
		case bool:
			rc = lib.Xsqlite3_bind_int64(s.h.tls, s.p, n, bit(v))
		case []byte:
			copy(bytesAt(s.room, s.size)[used:], v)
			rc = lib.Xsqlite3_bind_blob(s.h.tls, s.p, n, s.room+uintptr(used), int32(len(v)), lib.SQLITE_STATIC)
			used += len(v)
		case nil:
			rc = lib.Xsqlite3_bind_null(s.h.tls, s.p, n)
		default:
			return fmt.Errorf("sqlite: argument %d is a %T", n, a)
		}
		if rc != lib.SQLITE_OK {
			return s.h.fail(rc)
		}
	}
	return nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// lengthOf is the room the texts of args need: at least a byte, so that even an
// empty text has an address.
func lengthOf(args []any) int {
	n := 1
	for _, a := range args {
		switch v := a.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	if n > math.MaxInt32 {
		panic("sqlite: arguments of two gigabytes")
	}
	return n
}

// step goes to the next row; false when there is none.
func (s *statement) step() (bool, error) {
	switch rc := lib.Xsqlite3_step(s.h.tls, s.p); rc & 0xff {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, s.h.fail(rc)
	}
}

// reset ends a run, so that locks are let go and the statement can run again.
func (s *statement) reset() {
	lib.Xsqlite3_reset(s.h.tls, s.p)
	if s.size > keptRoom {
		s.grow(0)
		lib.Xsqlite3_clear_bindings(s.h.tls, s.p)
	}
}

func (s *statement) kind(i int) int32 { return lib.Xsqlite3_column_type(s.h.tls, s.p, int32(i)) }
func (s *statement) int(i int) int64  { return lib.Xsqlite3_column_int64(s.h.tls, s.p, int32(i)) }

func (s *statement) text(i int) string {
	p := lib.Xsqlite3_column_text(s.h.tls, s.p, int32(i))
	if n := int(lib.Xsqlite3_column_bytes(s.h.tls, s.p, int32(i))); p != 0 && n > 0 {
		return string(bytesAt(p, n))
	}
	return ""
}
